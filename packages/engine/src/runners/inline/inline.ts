import type { RunnerChoice } from '../../definitions/runner-choice.ts';
import { registerRunner } from '../runner-kinds.ts';
import { InlineRunner } from './inline-runner.ts';

const NAME = 'inline';

registerRunner({
  name: NAME,
  defaultChoice: () => inline(),
  make: (host, { size }) => new InlineRunner(host, size),
});

/** Task code executes on the flow's own thread; good for I/O. `size` async tasks at once, default 64. */
export function inline(size?: number): RunnerChoice {
  return { runner: NAME, size };
}
