import { Buffer } from 'node:buffer';
import { resolve } from 'node:path';
import { SiderealError } from '@sidereal/core';
import { userCallSite } from '../identity/call-site.ts';
import { entryText } from '../run/record/entry-text.ts';
import { currentScope } from './current-scope.ts';

const FILE = 'artifact.file(name, path).';

/** What is larger than this belongs into files: the journal keeps records, not bulk, bytes. */
const MAX_BYTES = 512 * 1024;

function make(name: string, body: Readonly<Record<string, unknown>>): void {
  currentScope('artifact').say('artifact', { name, ...body }, `artifact ${name}`);
}

function assertSmall(kind: string, name: string, bytes: number, remedy: string): void {
  if (bytes <= MAX_BYTES) return;
  throw new SiderealError(
    'ARTIFACT_TOO_LARGE',
    `the ${kind} '${name}' has ${bytes} bytes; the record takes ${MAX_BYTES}`,
    { at: userCallSite()?.at, remedy },
  );
}

/** Things made to be looked at, kept with the run and shown by name; the same name again replaces the picture. */
export const artifact = {
  /** Text with Markdown. */
  async markdown(name: string, text: string): Promise<void> {
    assertSmall('text', name, Buffer.byteLength(text), `Write it to a file: ${FILE}`);
    make(name, { type: 'markdown', text });
  },
  /** Rows with the same fields; fields are the columns in order of first appearance. */
  async table(name: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const bytes = Buffer.byteLength(entryText({ rows }));
    assertSmall('table', name, bytes, `Show fewer rows, or write them to a file: ${FILE}`);
    make(name, { type: 'table', rows });
  },
  /** A picture: the bytes of a small PNG, JPEG or SVG, or the path of a file of any size. */
  async image(name: string, image: Uint8Array | string, mediaType = 'image/png'): Promise<void> {
    if (typeof image === 'string') {
      make(name, { type: 'image', path: resolve(image), mediaType });
      return;
    }
    const remedy = 'Write it to a file and give its path: artifact.image(name, path).';
    assertSmall('image', name, image.byteLength, remedy);
    make(name, { type: 'image', mediaType, base64: Buffer.from(image).toString('base64') });
  },
  /** A file on disk, by path. */
  async file(name: string, path: string, description?: string): Promise<void> {
    make(name, { type: 'file', path: resolve(path), ...(description === undefined ? {} : { description }) });
  },
} as const;
