/**
 * The identity of a task run inside its flow run: stable across resumes, whatever the order of completion.
 *
 *     key = digest(parent's key, verb, module and name, inputs, ordinal among calls equal in all of these)
 *
 * Inputs are literals by their canonical text and futures by their own keys. The ordinal counts equal calls
 * of one parent in order of submission. An explicit key replaces the inputs, whatever they hide.
 */
import { delimited } from './canonical-leaf.ts';
import type { CanonicalText } from './canonical.ts';
import type { KeyTable } from './key-table.ts';

export const KEY_BYTES = 16;

/** First 16 bytes of a cryptographic digest of a text; given by the shell. */
export type KeyDigest = (text: string) => Uint8Array;

export interface CallIdentity {
  /** Hexadecimal key of the run that calls. */
  readonly parent: string;
  /** What kind of call it is: task, stage, map, effect …, so that kinds never share keys. */
  readonly verb: string;
  readonly module: string;
  readonly name: string;
  /** What the author says identifies it, instead of the inputs. */
  readonly explicit: string | undefined;
  readonly inputs: CanonicalText;
}

/** A task key and whether it tells the call apart. */
export interface TaskKey {
  readonly key: Uint8Array;
  /** How many calls equal in all of this came before it. */
  readonly ordinal: number;
  /** False if the inputs hide something: calls with different ones may have keys of one base. */
  readonly isComplete: boolean;
}

/** The key of a call. `seen` belongs to the calling run and counts equal calls. */
export function taskKey(identity: CallIdentity, seen: KeyTable, digest: KeyDigest): TaskKey {
  const { parent, verb, module, name, explicit, inputs } = identity;
  let text = `${parent}\n${verb}\n${module.length}:${module}\n${name.length}:${name}\n`;
  text += explicit === undefined ? inputs.text : delimited('key ', explicit);
  const base = digest(text);
  const ordinal = seen.count(base);
  const key = ordinal === 0 ? base : digest(`${keyText(base)}\n${ordinal}`);
  return { key, ordinal, isComplete: explicit !== undefined || inputs.isComplete };
}

const DIGITS = '0123456789abcdef';

/** A key as 32 hexadecimal digits; one flat string, because a run keeps many. */
export function keyText(key: Uint8Array, offset = 0): string {
  for (let i = 0; i < KEY_BYTES; i += 1) {
    const byte = key[offset + i] ?? 0;
    digits[2 * i] = DIGITS.charCodeAt(byte >> 4);
    digits[2 * i + 1] = DIGITS.charCodeAt(byte & 15);
  }
  return String.fromCharCode(...digits);
}

/** Reused: key texts are made for every task. */
const digits: number[] = Array.from({ length: 2 * KEY_BYTES }, () => 0);

/** The 16 bytes of a key written as hexadecimal digits, into `key` at `offset` (a new array unless given). */
export function keyBytes(text: string, key: Uint8Array = new Uint8Array(KEY_BYTES), offset = 0): Uint8Array {
  for (let i = 0; i < KEY_BYTES; i += 1) {
    key[offset + i] = (nibble(text.charCodeAt(2 * i)) << 4) | nibble(text.charCodeAt(2 * i + 1));
  }
  return key;
}

/** Value of a lower-case hexadecimal digit by its character code. */
function nibble(code: number): number {
  return code < 0x60 ? code - 0x30 : code - 0x57;
}
