import { loop, run } from 'sidereal';
import type { TaskFuture } from 'sidereal';
import type { ImagingSetup } from '../../science/index.ts';
import type { FieldWindow } from '../visibilities.ts';
import { checkConvergence, updateDirection, updateModel } from './channel-clean.ts';
import type { ChannelState } from './channel-clean.ts';
import { NO_COMPONENTS } from './clean-components.ts';
import type { ImagingSettings } from './imaging-settings.ts';
import { scanParts } from './scan-part.ts';
import { gather } from './update-direction.ts';

/** What CLEANing the channels of a cube came to. */
export interface SolvedCube {
  readonly channels: readonly ChannelState[];
  /** Channels imaged in each cycle, and the highest residual that they began with, Jy/beam. */
  readonly cycles: readonly { readonly active: number; readonly peakJy: number }[];
  readonly reason: string;
}

/**
 * CLEANs the channels of one field in one spectral window, each by itself, all in one loop. A cycle is: update the
 * direction of each channel not converged from the parts of its scans, gather one, update its model, check its
 * convergence; then all wait for all, and the next cycle has only those that have not converged.
 *
 * Images live within a cycle only: it makes them anew from visibilities and components. What is between cycles is a
 * few hundred bytes a channel, so the number of channels does not matter.
 */
export async function solveCube(
  window: TaskFuture<FieldWindow>,
  setup: TaskFuture<ImagingSetup>,
  count: number,
  { cycles: max, iterations, combine }: ImagingSettings,
): Promise<SolvedCube> {
  const parts = scanParts(combine);
  const states = new Map<number, ChannelState>();
  const cycles: { active: number; peakJy: number }[] = [];
  let active = Array.from({ length: count }, (_, channel) => channel);
  const solved = await loop('clean', { max }, async (cycle) => {
    const models = active.map((channel) => ({
      channel,
      components: states.get(channel)?.components ?? NO_COMPONENTS,
    }));
    const planes = gather.map(models, (model) =>
      parts.map((part) => updateDirection(window, model, part, setup)),
    );
    const updated = updateModel.map(planes, (plane, index) => {
      const model = models[index] ?? { channel: index, components: NO_COMPONENTS };
      return [plane, model, states.get(model.channel), iterations];
    });
    const checked = checkConvergence.map(updated, (state) => [state, iterations]);
    // The barrier: the next cycle begins when all channels have ended this one.
    const [after, reasons] = await Promise.all([updated, checked]);

    for (const state of after) states.set(state.channel, state);
    const peakJy = after.reduce((highest, state) => Math.max(highest, state.peakJy), 0);
    cycles.push({ active: active.length, peakJy });
    cycle.metric('channels', active.length);
    cycle.metric('peak residual', peakJy, 'Jy/beam');
    active = active.filter((_, index) => reasons[index] === null);
    cycle.metric('not converged', active.length);
    if (active.length === 0) cycle.exit('converged');
  });
  run.log('CLEAN ended', { cycles: solved.cycles, reason: solved.reason, notConverged: active.length });
  const channels = [...states.values()].toSorted((a, b) => a.channel - b.channel);
  return { channels, cycles, reason: solved.reason };
}
