import { requireParameter, scienceError } from '../science-error.ts';

/** FITS comes in blocks of this many bytes (FITS standard 4.0, §3.1), a header in cards of 80. */
const FITS_BLOCK = 2880;
const CARD = 80;

export type FitsValue = string | number | boolean;

/** One header line to write: keyword, value, comment; of a COMMENT line the value is its text. */
export type FitsCard = readonly [keyword: string, value: FitsValue, comment?: string];

/** The keywords of one header-and-data unit. Repeated keywords keep their first value; HISTORY lines are kept. */
export interface FitsHeader {
  readonly values: ReadonlyMap<string, FitsValue>;
  readonly history: readonly string[];
}

/** Bytes rounded up to whole blocks. */
export function paddedLength(bytes: number): number {
  return Math.ceil(bytes / FITS_BLOCK) * FITS_BLOCK;
}

/**
 * Reads the header that starts at `offset`, and where its data begin. `name` is for errors:
 * `FITS_NOT_FITS` when the first card is no SIMPLE or XTENSION, `FITS_TRUNCATED` when END never comes.
 */
export function readFitsHeader(
  bytes: Uint8Array,
  offset: number,
  name: string,
): { header: FitsHeader; dataStart: number } {
  const ascii = new TextDecoder('latin1');
  const values = new Map<string, FitsValue>();
  const history: string[] = [];
  const opening = ascii.decode(bytes.subarray(offset, offset + 10));
  if (!/^(SIMPLE  |XTENSION)= /.test(opening)) {
    throw scienceError(
      'FITS_NOT_FITS',
      `${name} is not a FITS file: at byte ${offset} it has ${JSON.stringify(opening)}`,
      'Give a FITS file; if it is compressed, uncompress it first.',
    );
  }
  for (let at = offset; at + CARD <= bytes.length; at += CARD) {
    const card = ascii.decode(bytes.subarray(at, at + CARD));
    const keyword = card.slice(0, 8).trimEnd();
    if (keyword === 'END') {
      const dataStart = offset + paddedLength(at + CARD - offset);
      return { header: { values, history }, dataStart };
    }
    if (keyword === 'HISTORY') history.push(card.slice(8).trim());
    if (card.slice(8, 10) !== '= ' || values.has(keyword)) continue;
    const value = parseValue(card.slice(10));
    if (value !== undefined) values.set(keyword, value);
  }
  throw scienceError(
    'FITS_TRUNCATED',
    `${name} ends after ${bytes.length} bytes, inside a header`,
    'The file is incomplete: copy or download it again.',
  );
}

function parseValue(text: string): FitsValue | undefined {
  const trimmed = text.trimStart();
  if (trimmed.startsWith("'")) {
    const match = /^'((?:[^']|'')*)'/.exec(trimmed);
    return match?.[1]?.replaceAll("''", "'").trimEnd();
  }
  const plain = trimmed.split('/')[0]?.trim() ?? '';
  if (plain === 'T') return true;
  if (plain === 'F') return false;
  if (plain === '') return undefined;
  const value = Number(plain.replace(/[dD]/, 'E'));
  return Number.isNaN(value) ? undefined : value;
}

/** The number under `keyword`, or `fallback`; without a fallback a missing number is `FITS_UNSUPPORTED`. */
export function headerNumber(header: FitsHeader, keyword: string, fallback?: number): number {
  const value = header.values.get(keyword);
  if (typeof value === 'number') return value;
  if (fallback !== undefined) return fallback;
  throw scienceError(
    'FITS_UNSUPPORTED',
    `the FITS header has no number under ${keyword}`,
    'The file is of another kind than expected, or its header is damaged.',
  );
}

/** The text under `keyword`, or `fallback`. */
export function headerText(header: FitsHeader, keyword: string, fallback = ''): string {
  const value = header.values.get(keyword);
  return typeof value === 'string' ? value : fallback;
}

/** Bytes of data that follow a header, unpadded (FITS standard 4.0, eq. 1, and §6 for random groups). */
export function dataLength(header: FitsHeader): number {
  const axes = headerNumber(header, 'NAXIS', 0);
  if (axes === 0) return 0;
  const groups = header.values.get('GROUPS') === true && headerNumber(header, 'NAXIS1') === 0;
  let elements = 1;
  for (let axis = groups ? 2 : 1; axis <= axes; axis++) elements *= headerNumber(header, `NAXIS${axis}`);
  const perGroup = elements + headerNumber(header, 'PCOUNT', 0);
  return (Math.abs(headerNumber(header, 'BITPIX')) / 8) * perGroup * headerNumber(header, 'GCOUNT', 1);
}

/** Header cards as padded blocks, END included. Text that is not printable ASCII becomes `?`. */
export function encodeFitsHeader(cards: readonly FitsCard[], history: readonly string[] = []): Uint8Array {
  const lines = cards.map(formatCard);
  for (const entry of history) {
    for (let at = 0; at < Math.max(1, entry.length); at += 72) {
      lines.push(`HISTORY ${entry.slice(at, at + 72)}`);
    }
  }
  lines.push('END');
  const text = lines.map((line) => line.padEnd(CARD)).join('');
  const bytes = new Uint8Array(paddedLength(text.length)).fill(32);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    bytes[index] = code >= 32 && code < 127 ? code : 63;
  }
  return bytes;
}

function formatCard([keyword, value, comment]: FitsCard): string {
  if (keyword === 'COMMENT') return `COMMENT ${value}`.slice(0, CARD);
  let text: string;
  if (typeof value === 'string') text = quote(value).padEnd(20);
  else if (typeof value === 'boolean') text = (value ? 'T' : 'F').padStart(20);
  else text = formatNumber(keyword, value).padStart(20);
  const card = `${keyword.padEnd(8)}= ${text}`;
  return (comment === undefined ? card : `${card} / ${comment}`).slice(0, CARD);
}

/** A quoted string that fits its card; what does not fit is cut off, never within a doubled quote. */
function quote(value: string): string {
  let text = '';
  for (const character of value) {
    const next = character === "'" ? "''" : character;
    if (text.length + next.length > CARD - 12) break;
    text += next;
  }
  return `'${text.padEnd(8)}'`;
}

function formatNumber(keyword: string, value: number): string {
  requireParameter(
    Number.isFinite(value),
    `${keyword} of a FITS header cannot be ${value}`,
    'Give a finite number, or leave the keyword out.',
  );
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const exponent = value.toExponential(13).toUpperCase();
  return exponent.replace(/E([+-])(\d)$/, 'E$10$2');
}
