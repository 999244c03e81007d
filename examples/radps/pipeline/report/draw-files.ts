import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatNumber } from '../../report/index.ts';
import type { Section } from '../../report/index.ts';
import { LIMITS } from './report-limits.ts';
import type { ReportSource } from './report-source.ts';

/** One product: a file, or a folder of visibilities. */
interface ProductFile {
  /** Relative to the products folder, with `/`. */
  readonly path: string;
  readonly bytes: number;
}

/** Columns of visibilities are many; their folder stands for them, by its header. */
const VISIBILITY_HEADER = 'observation.json';

/** Names of things under way: of a write that is not finished. */
const UNFINISHED = /\.(partial|replaced)-/;

/** Files of the stages, with links that hold wherever the products folder is moved to. */
export async function drawFiles({ products }: ReportSource): Promise<Section | undefined> {
  const files: ProductFile[] = [];
  await list(products, 'stages', files);
  if (files.length === 0) return undefined;
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const shown = files.slice(0, LIMITS.files);
  const left = files.length - shown.length;
  return {
    title: 'Files',
    note: 'Links are relative to this page: the products folder may be moved or copied as a whole.',
    blocks: [
      {
        kind: 'details',
        summary: `${files.length} product files`,
        blocks: [
          {
            kind: 'table',
            columns: ['file', 'size'],
            rows: [
              ...shown.map(({ path, bytes }) => [{ file: path }, { number: sizeText(bytes) }]),
              ...(left > 0 ? [[`and ${left} more`, { number: '' }]] : []),
            ],
          },
        ],
      },
    ],
  };
}

async function list(root: string, folder: string, files: ProductFile[]): Promise<void> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries.some(({ name }) => name === VISIBILITY_HEADER)) {
    files.push({
      path: `${folder}/${VISIBILITY_HEADER}`,
      bytes: await bytesOf(join(root, folder, VISIBILITY_HEADER)),
    });
    return;
  }
  for (const entry of entries) {
    const path = `${folder}/${entry.name}`;
    if (UNFINISHED.test(entry.name)) continue;
    if (entry.isDirectory()) await list(root, path, files);
    else if (entry.isFile()) files.push({ path, bytes: await bytesOf(join(root, path)) });
  }
}

async function bytesOf(path: string): Promise<number> {
  return (await stat(path)).size;
}

function sizeText(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  return bytes < 1e6 ? `${formatNumber(bytes / 1e3)} kB` : `${formatNumber(bytes / 1e6)} MB`;
}
