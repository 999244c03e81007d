import { relative } from 'node:path';
import type { HybridResult } from '../pipeline/hybrid/hybrid-result.ts';
import { formatNumber, jansky } from '../report/index.ts';
import { shown } from './pipeline-summary.ts';
import { textTable } from './text-table.ts';

/** What is printed at the end of a run of hybrid mapping. */
export function hybridSummary(runId: string, seconds: number, result: HybridResult): string {
  const { image, closure, files, out, object, starts } = result;
  const rows = starts.map((start) => [
    start.startDiameterUas.toFixed(0),
    formatNumber(start.closure),
    jansky(start.modelFluxJy),
    start.isRing
      ? `(${start.measured.diameterUas.toFixed(1)} ± ${start.measured.errorUas.toFixed(1)}) µas`
      : 'none',
    start.chosen ? 'chosen' : '',
  ]);
  return `${[
    `run       ${runId} completed in ${seconds.toFixed(1)} s`,
    `image     of ${object}, ${formatNumber(image.frequencyHz / 1e9, 5)} GHz; the model has ${jansky(image.modelFluxJy)}`,
    ...ringLines(result),
    `closure   χ² ${formatNumber(closure.chiSquare)} per degree of freedom, of ${closure.freedom}`,
    '',
    ...textTable(['start [µas]', 'closure χ²', 'model', 'ring', ''], rows, new Set([0, 1, 2])),
    '',
    `products  in ${shown(out)}`,
    ...files.map((file) => `          ${relative(out, file)}`),
    '',
    `look      ${shown(files.find((file) => file.endsWith('.html')) ?? out)} in a browser; it says what was put in from outside`,
    `more      npx sidereal show ${runId}`,
  ].join('\n')}\n`;
}

function ringLines({ isRing, ring }: HybridResult): string[] {
  if (!isRing || ring === null) return ['ring      none was found'];
  const size = (value: number, error: number): string => `(${value.toFixed(1)} ± ${error.toFixed(1)}) µas`;
  return [
    `ring      ${size(ring.diameterUas, ring.errorUas)} across in the image, ${size(ring.fittedDiameterUas, ring.fittedErrorUas)} by a fit to closure quantities`,
    `          its centre has ${ring.centralFraction.toFixed(2)} of the brightness of its crest; it is brightest at ${ring.brightAngleDeg.toFixed(0)}° from north through east`,
  ];
}
