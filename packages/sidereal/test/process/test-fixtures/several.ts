import { flow, task } from 'sidereal';
import { z } from 'zod';

const lengthOf = task({ name: 'length-of' }, async (text: string) => text.length);

export const perTarget = flow({ name: 'per-target', input: z.string() }, async (target) => lengthOf(target));

if (import.meta.main) console.log(await Promise.all([perTarget('M87'), perTarget('3C279')]));
