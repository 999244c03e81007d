/** What a check has found. `wrong` has to be mended, `warning` should be looked at, `note` is worth knowing. */
export interface Finding {
  readonly check: string;
  readonly status: 'ok' | 'note' | 'warning' | 'wrong';
  readonly detail: string;
  readonly remedy?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, status: 'ok', detail };
}

/** Says on the way what is being looked at; for people who wait. */
export type Say = (what: string) => void;
