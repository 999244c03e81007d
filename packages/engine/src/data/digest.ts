import { hash } from 'node:crypto';
import { KEY_BYTES } from '@sidereal/core';

/** First 16 bytes of the SHA-256 of a text: the digest that task keys are made with. */
export function keyDigest(text: string): Uint8Array {
  return Buffer.from(hash('sha256', text, 'binary').slice(0, KEY_BYTES), 'latin1');
}

/** SHA-256 of bytes as 32 hexadecimal digits, for arrays among the inputs of a task key. */
export function bytesDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 2 * KEY_BYTES);
}

/** SHA-256 of a text as 32 hexadecimal digits, for long parts of canonical texts. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 2 * KEY_BYTES);
}
