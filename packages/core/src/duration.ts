import { SiderealError } from './errors.ts';

const MS_PER = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof MS_PER;

/** A length of time: milliseconds as a number, or text such as `'250ms'`, `'2s'`, `'5m'`, `'1.5h'`, `'1d'`. */
export type Duration = number | `${number}${Unit}`;

/** Milliseconds of a duration. Throws `INVALID_DURATION` for anything negative, not finite or not a duration. */
export function durationMs(duration: Duration): number {
  const ms = read(duration);
  if (isLength(ms)) return ms;
  throw new SiderealError(
    'INVALID_DURATION',
    `${typeof duration === 'string' ? JSON.stringify(duration) : String(duration)} is not a duration`,
    {
      remedy: "Give milliseconds as a number, or a number and a unit: '250ms', '2s', '5m', '1.5h', '1d'.",
    },
  );
}

/** Is it a length of time that {@link durationMs} can read? */
export function isDuration(value: unknown): value is Duration {
  return isLength(read(value));
}

function read(value: unknown): number {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value) : null;
  return match === null ? Number.NaN : Number(match[1]) * MS_PER[match[2] as Unit];
}

function isLength(ms: number): boolean {
  return Number.isFinite(ms) && ms >= 0;
}
