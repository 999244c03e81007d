import { hash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SiderealError } from '@sidereal/core';
import { isNpyArray, npyHeader, parseNpy } from './npy.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

/**
 * Large results as content-addressed files: `results/ab/cdef….npy` for arrays, `.bin` for anything else that
 * the value codec carries. A file appears whole or not at all, and is verified against its address when read.
 */
export class ResultFiles {
  readonly #folder: string;
  #serial = 0;

  /** `dataFolder` is the store's folder for result files. */
  constructor(dataFolder: string) {
    this.#folder = dataFolder;
  }

  /** Keeps a value; returns its address. Two equal values share a file. */
  async write(value: unknown, sync: boolean): Promise<{ readonly address: string; readonly bytes: number }> {
    const [parts, suffix] = isNpyArray(value)
      ? [[npyHeader(value), new Uint8Array(value.buffer, value.byteOffset, value.byteLength)], '.npy']
      : [[encodeValue(value)], '.bin'];
    const content = parts.length === 1 ? (parts[0] ?? new Uint8Array()) : Buffer.concat(parts);
    const digest = hash('sha256', content, 'hex');
    const address = `${digest}${suffix}`;
    const path = this.pathOf(address);
    if (!(await this.#isIntact(path, digest))) await this.#publish(path, content, sync);
    return { address, bytes: content.byteLength };
  }

  /** The value at an address. Throws `RESULT_MISSING` or `RESULT_DAMAGED`, naming the file; never a wrong value. */
  async read(address: string): Promise<unknown> {
    const path = this.pathOf(address);
    let content: Buffer;
    try {
      content = await readFile(path);
    } catch (cause) {
      throw new SiderealError('RESULT_MISSING', `the result file ${path} cannot be read`, {
        cause,
        remedy: REMEDY,
      });
    }
    if (hash('sha256', content, 'hex') !== address.slice(0, 64)) {
      throw new SiderealError('RESULT_DAMAGED', `the result file ${path} is not what was written`, {
        remedy: REMEDY,
      });
    }
    return address.endsWith('.npy') ? parseNpy(content) : decodeValue(content);
  }

  /** Where an address lies on disk. */
  pathOf(address: string): string {
    return join(this.#folder, address.slice(0, 2), address.slice(2));
  }

  async #isIntact(path: string, digest: string): Promise<boolean> {
    try {
      return hash('sha256', await readFile(path), 'hex') === digest;
    } catch {
      return false;
    }
  }

  async #publish(path: string, content: Uint8Array, sync: boolean): Promise<void> {
    await mkdir(join(path, '..'), { recursive: true });
    this.#serial += 1;
    const temporary = `${path}.${process.pid}.${this.#serial}.tmp`;
    try {
      const file = await open(temporary, 'wx');
      try {
        await file.writeFile(content);
        if (sync) await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

const REMEDY =
  'Sidereal computes it again if the task that made it can be repeated; otherwise restore the file from a backup.';
