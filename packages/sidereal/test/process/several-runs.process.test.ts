import { expect, test } from 'vitest';
import { Bench } from './program.ts';

test('a program may have several runs at once: a flow that is called outside any run starts one', async () => {
  using bench = new Bench();
  const { exitCode, stdout, stderr } = await bench.start('node flow.ts', 'several.ts').ended;
  expect([exitCode, stdout, stderr]).toEqual([0, '[ 3, 5 ]\n', '']);
});
