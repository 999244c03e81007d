/**
 * The figures of the RADPS overhead tests, for a workload of `leaves` sleeping tasks on `slots` slots.
 * T is the workflow's wall time, S the sum of the times measured inside the tasks; all seconds.
 */
export interface Timing {
  /** T */
  readonly tWorkflow: number;
  /** S */
  readonly tSumTaskTimes: number;
  readonly slots: number;
  readonly leaves: number;
}

/** 100 · (T − S/P) / (S/P): how much longer the workflow took than its tasks, shared out evenly, would have. */
export function overheadPercent({ tWorkflow, tSumTaskTimes, slots }: Timing): number {
  const ideal = tSumTaskTimes / slots;
  return (100 * (tWorkflow - ideal)) / ideal;
}

/** (T − S/P) / (n/P): seconds that one slot stands idle for each leaf it runs. */
export function slotIdlePerLeaf({ tWorkflow, tSumTaskTimes, slots, leaves }: Timing): number {
  return (tWorkflow - tSumTaskTimes / slots) / (leaves / slots);
}
