import type { Op } from './plan.ts';

/** Steps with which a flow does not give yet what it must, each with the reason; to be taken off once it does. */
export const NOT_YET: Readonly<Partial<Record<Op, string>>> = {
  map: 'maps in branches are taken for each other, and with them what consumes them',
  call: 'arguments go by reference',
  twins: 'arguments go by reference',
  'in-map': 'futures in Maps are not found',
  refilled: 'arguments go by reference',
  grown: 'consumers share a value',
  factory: 'tasks of one factory are taken for each other',
  closure: 'functions as arguments are taken for each other',
  private: 'instances with private state are taken for each other',
  keyed: 'a key given twice in one scope is not refused',
};
