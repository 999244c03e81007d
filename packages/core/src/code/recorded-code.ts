import type { CodeFingerprint, FileDigest } from './code-fingerprint.ts';
import { compareFingerprints } from './compare-fingerprints.ts';

/** A fingerprint in the record: an entry of the kind `code`, of the flow run. */
export interface RecordedCode extends CodeFingerprint {
  /**
   * When the process that ran this code began to, as all times of the journal. It is in force until the next one of its
   * module.
   */
  readonly sinceUs: number;
}

/** The body of the entry. Files are written as `digest path`, one text each. */
export function codeEntry({ files, ...rest }: RecordedCode): Readonly<Record<string, unknown>> {
  return { ...rest, files: files.map(({ path, digest }) => `${digest} ${path}`) };
}

/** Reads the body of an entry again; undefined for one that a later version has written in another shape. */
export function readCodeEntry(body: string): RecordedCode | undefined {
  const entry: unknown = JSON.parse(body);
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { module, digest, sinceUs, files, packages } = entry as Readonly<Record<string, unknown>>;
  if (typeof module !== 'string' || typeof digest !== 'string' || typeof sinceUs !== 'number')
    return undefined;
  return areTexts(files) && areTexts(packages)
    ? { module, digest, sinceUs, files: files.map(fileDigest), packages }
    : undefined;
}

/**
 * What has changed in the code of a module since a node of it ended, in words; undefined if nothing has, or if nothing
 * is known. `recorded` holds what was recorded of this module; for a node whose end is not known (NaN), any of it counts.
 */
export function codeChange(
  recorded: readonly RecordedCode[],
  endedUs: number,
  current: CodeFingerprint,
): string | undefined {
  const [first, ...others] = recorded.toSorted((one, other) => one.sinceUs - other.sinceUs);
  if (first === undefined) return undefined;
  if (Number.isNaN(endedUs)) {
    const old = recorded.find(({ digest }) => digest !== current.digest);
    return old === undefined ? undefined : compareFingerprints(old, current);
  }
  const inForce = others.findLast(({ sinceUs }) => sinceUs <= endedUs) ?? first;
  return compareFingerprints(inForce, current);
}

function fileDigest(text: string): FileDigest {
  const space = text.indexOf(' ');
  return { path: text.slice(space + 1), digest: text.slice(0, space) };
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
