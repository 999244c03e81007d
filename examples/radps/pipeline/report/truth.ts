import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SkyComponent } from '../../science/index.ts';

const component = z.object({
  name: z.string(),
  l: z.number(),
  m: z.number(),
  fluxJy: z.number(),
  referenceHz: z.number(),
  spectralIndex: z.number(),
  fwhmRad: z.number(),
  line: z.object({ peakJy: z.number(), centreHz: z.number(), fwhmHz: z.number() }).optional(),
});

const truth = z.object({ fields: z.array(z.object({ name: z.string(), sky: z.array(component) })) });

/** The sky that was simulated, by field; nothing if these products are not of a simulation. */
export async function readTruth(
  products: string,
): Promise<ReadonlyMap<string, readonly SkyComponent[]> | undefined> {
  let text: string;
  try {
    text = await readFile(join(products, 'archive', 'truth.json'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const { fields } = truth.parse(JSON.parse(text));
  return new Map(
    fields.map(({ name, sky }) => [
      name,
      sky.map(({ line, ...rest }): SkyComponent => (line === undefined ? rest : { ...rest, line })),
    ]),
  );
}
