import { SiderealError } from './errors.ts';

const BYTES_PER = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
type Unit = keyof typeof BYTES_PER;

/** An amount of memory: bytes as a number, or text such as `'200MiB'`, `'1.5GiB'`, `'64KB'`. */
export type ByteSize = number | `${number}${Unit}`;

/** Bytes of a size. Throws `INVALID_SIZE` for anything negative, not finite or not a size. */
export function byteSize(size: ByteSize): number {
  const bytes = read(size);
  if (isAmount(bytes)) return Math.round(bytes);
  throw new SiderealError(
    'INVALID_SIZE',
    `${typeof size === 'string' ? JSON.stringify(size) : String(size)} is not a size`,
    {
      remedy: "Give bytes as a number, or a number and a unit: '64KB', '200MiB', '1.5GiB'.",
    },
  );
}

/** Is it an amount of memory that {@link byteSize} can read? */
export function isByteSize(value: unknown): value is ByteSize {
  return isAmount(read(value));
}

/** A size as people read it: `61.5 MiB`. */
export function byteText(bytes: number): string {
  if (bytes < BYTES_PER.KiB) return `${Math.round(bytes)} B`;
  const unit = bytes >= BYTES_PER.GiB ? 'GiB' : bytes >= BYTES_PER.MiB ? 'MiB' : 'KiB';
  return `${Number((bytes / BYTES_PER[unit]).toFixed(1))} ${unit}`;
}

function read(value: unknown): number {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(B|[KMG]i?B)$/.exec(value) : null;
  return match === null ? Number.NaN : Number(match[1]) * BYTES_PER[match[2] as Unit];
}

function isAmount(bytes: number): boolean {
  return Number.isFinite(bytes) && bytes >= 0;
}
