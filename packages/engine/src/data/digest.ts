import { hash } from 'node:crypto';
import { KEY_BYTES } from '@sidereal/core';

/** First 16 bytes of the SHA-256 of a text: the digest that task keys are made with. */
export function keyDigest(text: string): Uint8Array {
  const digest = hash('sha256', text, 'binary');
  // Every call has a key; a Buffer made of the string would cost as much as the digest.
  const key = new Uint8Array(KEY_BYTES);
  for (let i = 0; i < KEY_BYTES; i += 1) key[i] = digest.charCodeAt(i);
  return key;
}

/** SHA-256 of bytes as 32 hexadecimal digits, for arrays among the inputs of a task key. */
export function bytesDigest(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex').slice(0, 2 * KEY_BYTES);
}

/** SHA-256 of a text as 32 hexadecimal digits, for long parts of canonical texts. */
export function textDigest(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 2 * KEY_BYTES);
}
