import { formatNumber, isLow, scoreText, scoreTone } from '../../report/index.ts';
import type { Tile } from '../../report/index.ts';
import { STAGES, STAGE_TITLES } from '../products/stage-name.ts';
import { representativeScore } from '../stage-quality.ts';
import type { ReportFacts } from './report-facts.ts';
import type { ReportSource } from './report-source.ts';

/** The few numbers that matter most. */
export function overviewTiles({ stages }: ReportSource, facts: ReportFacts): Tile[] {
  const target = stages['import-target']?.outputs;
  const imported = target ?? stages['import-calibrators']?.outputs;
  const targets = new Set(target?.visibilities.map(({ field }) => field)).size;
  const windows = new Set(imported?.visibilities.map(({ spw }) => spw)).size;
  const channels = stages['calibrate-target']?.outputs.continuum[0]?.statistic.length;
  const done = facts.stages.filter(({ state }) => state === 'completed' || state === 'cached').length;
  return [
    ['stages completed', `${done} of ${STAGES.length}`],
    ['antennas', imported === undefined ? '–' : String(imported.antennas.length)],
    [targets === 1 ? 'target' : 'targets', target === undefined ? '–' : String(targets)],
    channels === undefined
      ? ['spectral windows', windows === 0 ? '–' : String(windows)]
      : ['spectral windows × channels', `${windows} × ${channels}`],
    selfCalTile(stages),
    lineTile(stages),
    worstTile(stages),
  ];
}

/** Of the target whose best image is the poorest. */
function selfCalTile(stages: ReportSource['stages']): Tile {
  const told = (stages['continuum-selfcal']?.outputs.selfCal ?? [])
    .filter(({ cycles }) => cycles.length > 0)
    .map(({ field, cycles }) => ({
      field,
      before: cycles[0]?.snr ?? 0,
      best: Math.max(...cycles.map(({ snr }) => snr)),
    }))
    .toSorted((a, b) => a.best - b.best);
  const [poorest] = told;
  if (poorest === undefined) {
    const snr = stages['continuum-selfcal']?.outputs.images.map((image) => image.snr) ?? [];
    return ['signal-to-noise of the continuum', snr.length === 0 ? '–' : formatNumber(Math.min(...snr))];
  }
  const whose = told.length > 1 ? `, ${poorest.field}, the lowest` : '';
  return [
    `signal-to-noise before → after self-calibration${whose}`,
    `${formatNumber(poorest.before)} → ${formatNumber(poorest.best)}`,
  ];
}

function lineTile(stages: ReportSource['stages']): Tile {
  const searches = stages['calibrate-target']?.outputs.continuum;
  if (searches === undefined) return ['spectral line', '–'];
  const withLine = searches.filter(({ hasLine }) => hasLine);
  const cubes = stages.cube?.outputs.cubes.toSorted((a, b) => b.snr - a.snr) ?? [];
  const best = cubes.find(({ field, spw }) =>
    withLine.some((search) => search.field === field && search.spw === spw),
  );
  const where = `${withLine.length} of ${searches.length} windows`;
  if (withLine.length === 0) return ['spectral line', 'none found'];
  if (best === undefined) return ['with a spectral line', where];
  const hz = best.frequencyHz[best.peak.channel] ?? 0;
  return [`line found in ${where}`, `${formatNumber(hz / 1e9, 6)} GHz`];
}

function worstTile(stages: ReportSource['stages']): Tile {
  const all = STAGES.flatMap((stage) => (stages[stage]?.qa ?? []).map((record) => ({ ...record, stage })));
  const worst = representativeScore(all);
  if (worst === undefined) return ['worst QA score', '–'];
  const stage = all.find((record) => record === worst)?.stage;
  const name = stage === undefined ? '' : `: ${STAGE_TITLES[stage]}`;
  const low = isLow(worst.score) ? ', low' : '';
  return [
    `worst QA score${low}${name}`,
    scoreText(worst.score).replace(' · low', ''),
    scoreTone(worst.score),
  ];
}
