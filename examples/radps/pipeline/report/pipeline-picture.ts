import type { GraphBox, GraphEdge } from '../../report/index.ts';
import { INPUTS_OF } from '../plan.ts';
import { STAGES } from '../products/stage-name.ts';
import type { StageName } from '../products/stage-name.ts';

/** Where each stage stands in the picture. */
export const PLACES: Readonly<Record<StageName, Pick<GraphBox, 'column' | 'lane'>>> = {
  'import-calibrators': { column: 0, lane: 0 },
  bandpass: { column: 1, lane: 0 },
  'time-gain': { column: 2, lane: 0 },
  'image-calibrators': { column: 3, lane: 0 },
  'import-target': { column: 0, lane: 1 },
  'calibrate-target': { column: 3, lane: 1 },
  cube: { column: 4, lane: 0 },
  'continuum-selfcal': { column: 4, lane: 1 },
  'continuum-spw': { column: 5, lane: 2 },
};

interface StageEdge extends GraphEdge {
  readonly from: StageName;
  readonly to: StageName;
}

/** The arrows between stages, without those that follow from others. */
export function pipelineEdges(): StageEdge[] {
  const all = STAGES.flatMap((to): StageEdge[] => [
    ...INPUTS_OF[to].needs.map((from) => ({ from, to, optional: false })),
    ...INPUTS_OF[to].uses.map((from) => ({ from, to, optional: true })),
  ]);
  return all.filter((edge) => {
    // What is needed follows only from what is needed.
    const others = all.filter((other) => other !== edge && (edge.optional || !other.optional));
    return !isReached(edge.from, edge.to, others);
  });
}

function isReached(from: StageName, to: StageName, edges: readonly StageEdge[]): boolean {
  return edges.some((edge) => edge.from === from && (edge.to === to || isReached(edge.to, to, edges)));
}
