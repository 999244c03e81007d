import { Scheduler } from '@sidereal/core';
import { expect, test } from 'vitest';
import { AttemptTable } from '../attempts/attempt-table.ts';
import { OpenCalls } from '../futures/open-calls.ts';
import { RunLoop } from '../loop/run-loop.ts';
import { RunNodes } from '../nodes/run-nodes.ts';
import { ItemSource } from './item-source.ts';
import { Pacing } from './pacing.ts';

function* endless(): Generator<number> {
  for (let item = 0; ; item += 1) yield item;
}

function pacingOf(window: number): { readonly pacing: Pacing; readonly taken: number[] } {
  const scheduler = new Scheduler({ memoryBudget: 1e9 });
  const loop = new RunLoop({ scheduler, nodes: new RunNodes(0), onDefect: () => undefined });
  const pacing = new Pacing({ loop, attempts: new AttemptTable(), openCalls: new OpenCalls() });
  const taken: number[] = [];
  const source = new ItemSource(endless(), 'stage.map', window, {
    outstanding: () => taken.length,
    item: (item) => void taken.push(Number(item)),
    complete: () => undefined,
    failed: (error) => {
      throw error;
    },
    at: () => undefined,
    within: (step) => step(),
  });
  pacing.begin(source);
  return { pacing, taken };
}

test('what nothing else can move takes twice as many each time, up to a limit', () => {
  const { pacing, taken } = pacingOf(256);
  const counts: number[] = [];
  while (pacing.open()) counts.push(taken.length);
  expect(counts).toEqual([512, 1024, 2048, 4096, 8192, 16_384]);
});

test('what stands still for long takes as many more as at first, and is named', () => {
  const { pacing, taken } = pacingOf(256);
  expect(pacing.openALittle()).toEqual(['stage.map']);
  expect(pacing.openALittle()).toEqual(['stage.map']);
  expect(taken).toHaveLength(768);
});
