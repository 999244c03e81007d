import { ambient } from '../../context/ambient.ts';
import type { RemoteJob } from '../remote/remote-job.ts';
import { RemoteScope } from '../remote/remote-scope.ts';

/** The job of this thread in whose async context code executes just now, though it may have ended. */
export function currentJob(): RemoteJob | undefined {
  const scope = ambient.storage.getStore();
  return scope instanceof RemoteScope ? scope.job : undefined;
}
