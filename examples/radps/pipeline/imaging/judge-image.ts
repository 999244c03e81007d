import type { ImageFile } from '../products/stage-outputs.ts';
import type { StageQuality } from '../stage-quality.ts';

/** The QA scores of one continuum image: how far its peak stands out, and how near its noise is to what is possible. */
export async function judgeImage(quality: StageQuality, image: ImageFile): Promise<void> {
  const { field, spw, snr, noiseJy, thermalNoiseJy, reason } = image;
  const scope = spw === null ? { field } : { field, spw };
  const what = spw === null ? field : `${field} in window ${spw}`;
  await quality.judge({
    name: 'image snr',
    metric: { name: 'peak over noise', unit: '' },
    value: () => snr,
    worst: 5,
    best: 30,
    message: (value) =>
      `the peak of ${what} stands ${value.toFixed(0)} times above the noise (CLEAN: ${reason})`,
    scope,
  });
  await quality.judge({
    name: 'image noise',
    metric: { name: 'noise over thermal noise', unit: '' },
    value: () => noiseJy / thermalNoiseJy,
    worst: 20,
    best: 1.5,
    message: (value) => `the noise of ${what} is ${value.toFixed(2)} times what the weights promise`,
    scope,
  });
}
