import { join } from 'node:path';
import { loop, run, task } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import {
  findContinuum,
  gridChannel,
  lineStatistic,
  selectChannel,
  subtractContinuum,
  writeFitsImage,
} from '../../science/index.ts';
import type { ChannelRange, ContinuumRanges, ImagingSetup } from '../../science/index.ts';
import { RETRIES } from '../retries.ts';
import { shareDoubles, shareObservation } from '../shared-observation.ts';
import type { FieldWindow } from '../visibilities.ts';

/** Takes the continuum off, as far as it is known which channels have it. In shared memory, not kept. */
const removeContinuum = task(
  { name: 'remove-continuum', on: 'threads' },
  ({ set, header, file }: FieldWindow, ranges: readonly ChannelRange[]): FieldWindow => {
    const rest = subtractContinuum(set, ranges).set;
    return { file, header, set: shareObservation({ ...header, sets: [rest] }).sets[0] ?? rest };
  },
);

/** The dirty image of one channel, Jy/beam, in shared memory; zero where there is no data. */
const imageChannel = task(
  { name: 'image-channel', on: 'threads' },
  ({ set, file }: FieldWindow, channel: number, setup: ImagingSetup): Float64Array => {
    const plane = gridChannel(selectChannel(set, channel, { field: file.fieldIndex }), setup);
    const scale = plane.weightSum > 0 ? 1 / plane.weightSum : 0;
    return shareDoubles(plane.dirty.map((value) => value * scale));
  },
);

/** Which channels are free of lines, by the channels' images. */
const findRanges = task(
  { name: 'find-ranges', on: 'threads', persist: true },
  (planes: readonly Float64Array[]): ContinuumRanges => findContinuum(lineStatistic(planes)),
);

/** Writes the channels' images as a FITS cube; gives its path in the folder. */
const writeDirtyCube = task(
  { name: 'write-dirty-cube', on: 'threads', retries: RETRIES },
  async (
    folder: string,
    name: string,
    { set, header, file }: FieldWindow,
    planes: readonly Float64Array[],
    setup: ImagingSetup,
  ): Promise<string> => {
    const centre = header.fields[file.fieldIndex];
    if (centre === undefined) throw new RangeError(`there is no field ${file.fieldIndex}`);
    const [first = 0, second] = set.frequencyHz;
    await writeFitsImage(join(folder, name), {
      size: setup.size,
      cellRad: setup.cellRad,
      centre,
      planes,
      frequencyHz: first,
      frequencyStepHz:
        second === undefined ? (header.spectralWindows[0]?.channelWidthHz ?? 1) : second - first,
      unit: 'JY/BEAM',
      object: centre.name,
      telescope: header.telescope,
      observer: header.observer,
      timeS: set.timeS.reduce((least, time) => Math.min(least, time), Infinity),
      history: ['dirty cube, continuum subtracted in the u, v plane'],
    });
    return name;
  },
);

const haveSameRanges = (a: readonly ChannelRange[], b: readonly ChannelRange[]): boolean =>
  a.length === b.length && a.every(({ from, to }, index) => b[index]?.from === from && b[index]?.to === to);

export interface LineFree {
  readonly found: ContinuumRanges;
  /** Path of the dirty cube in the folder. */
  readonly cube: string;
  readonly cycles: number;
  readonly reason: string;
}

/**
 * Finds the channels without lines, iteratively: the continuum that is known so far is taken off, every channel is
 * imaged (fan-out), channels that stand out are lines (gather), and again with what is left as continuum, until the
 * ranges stay. Subtracting first takes away sidelobes of the continuum, which change with frequency.
 */
export async function findLineFree(
  window: TaskFuture<FieldWindow>,
  options: Readonly<{
    channels: number;
    setup: ImagingSetup;
    folder: string;
    cubeName: string;
    maxCycles: number;
  }>,
): Promise<LineFree> {
  const channels = Array.from({ length: options.channels }, (_, channel) => channel);
  let ranges: readonly ChannelRange[] = [{ from: 0, to: options.channels - 1 }];
  const { value, cycles, reason } = await loop(
    'find-continuum',
    { max: options.maxCycles },
    async (cycle) => {
      const rest = removeContinuum(window, ranges);
      const planes = imageChannel.map(channels, (channel) => [rest, channel, options.setup]);
      const found = await findRanges(planes);
      cycle.metric('continuum', 100 * found.continuumFraction, '%');
      const isSame = haveSameRanges(found.ranges, ranges);
      const isLast = isSame || cycle.index === options.maxCycles - 1 || found.ranges.length === 0;
      const cube = isLast
        ? await writeDirtyCube(options.folder, options.cubeName, window, planes, options.setup)
        : '';
      if (isSame) cycle.exit('ranges stay');
      else if (isLast) cycle.exit(found.ranges.length === 0 ? 'no continuum' : 'max');
      if (found.ranges.length > 0) ({ ranges } = found);
      return { found, cube };
    },
  );
  run.log('continuum found', { cycles, reason, ranges });
  return { ...value, found: { ...value.found, ranges }, cycles, reason };
}
