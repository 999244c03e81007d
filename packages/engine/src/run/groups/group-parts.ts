import type { AttemptTable } from '../attempts/attempt-table.ts';
import type { Outcomes } from '../attempts/outcomes.ts';
import type { Intake } from '../calls/given.ts';
import type { Submissions } from '../calls/submissions.ts';
import type { Futures } from '../futures/futures.ts';
import type { OpenCalls } from '../futures/open-calls.ts';
import type { Waiting } from '../futures/waiting.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { CodeScope } from '../nodes/code-scope.ts';
import type { RunNode } from '../nodes/run-node.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Eviction } from '../values/eviction.ts';
import type { Values } from '../values/values.ts';
import type { Contents } from './contents.ts';
import type { Pacing } from './pacing.ts';

/** What groups (maps, reduces, loops …) are made with. Each says which of it it needs. */
export interface GroupParts {
  readonly loop: RunLoop;
  readonly record: RunRecord;
  readonly values: Values;
  readonly eviction: Eviction;
  readonly futures: Futures;
  readonly waiting: Waiting;
  readonly openCalls: OpenCalls;
  readonly attempts: AttemptTable;
  readonly outcomes: Outcomes;
  readonly intake: Intake;
  readonly submissions: Submissions;
  readonly contents: Contents;
  readonly pacing: Pacing;
  readonly newScope: (node: RunNode) => CodeScope;
}
