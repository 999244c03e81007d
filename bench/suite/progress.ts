import type { WriteStream } from 'node:tty';
import { countText, secondsText } from '../report/number-text.ts';
import { durationText, estimateSeconds } from './estimate.ts';
import type { Measurement, Planned } from './measurement.ts';
import type { SuiteWatch } from './suite-flow.ts';

/** How often the line on a terminal is renewed, ms. */
const RENEWAL_MS = 1000;

export interface Progress extends Pick<SuiteWatch, 'onBegin' | 'onMeasurement'> {
  close(): void;
}

/**
 * Says how far the suite is: on a terminal one line that is renewed while a case runs; elsewhere a line when
 * it has ended. What was recorded before it was interrupted is summed up in one line.
 */
export function showProgress(
  planned: readonly Planned[],
  budgetSeconds: number,
  stream: Pick<WriteStream, 'write' | 'isTTY' | 'columns'>,
): Progress {
  const estimates = planned.map((one) => estimateSeconds(one, budgetSeconds));
  let at = 0;
  let kept = 0;
  let current: { readonly planned: Planned; readonly began: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  const erase = (): void => void (stream.isTTY && stream.write('\r\u001B[2K'));
  const position = (): string => `[${at + 1}/${planned.length}]`;
  const renew = (): void => {
    if (current === undefined) return;
    const elapsed = (performance.now() - current.began) / 1000;
    const left = estimates.slice(at).reduce((sum, seconds) => sum + seconds, 0) - elapsed;
    const about = `${durationText(elapsed)} of about ${durationText(estimates[at] ?? 0)}`;
    const line = `${position()} ${caseText(current.planned)}: ${about}; suite ${durationText(Math.max(0, left))} more`;
    erase();
    stream.write(line.slice(0, (stream.columns ?? 100) - 1));
  };
  const tellKept = (): void => {
    const are = kept === 1 ? 'measurement is' : 'measurements are';
    if (kept > 0) stream.write(`${kept} ${are} recorded already and kept\n`);
    kept = 0;
  };

  return {
    onBegin: (one) => {
      tellKept();
      current = { planned: one, began: performance.now() };
      if (!stream.isTTY) return;
      renew();
      timer = setInterval(renew, RENEWAL_MS);
    },
    onMeasurement: (measurement) => {
      clearInterval(timer);
      const isNow = current !== undefined || measurement.date === '';
      if (isNow) {
        tellKept();
        erase();
        stream.write(`${position()} ${caseText(measurement)}: ${resultText(measurement)}\n`);
      } else kept += 1;
      current = undefined;
      at += 1;
    },
    close: () => {
      clearInterval(timer);
      if (current !== undefined) erase();
      tellKept();
    },
  };
}

function caseText({ series, system, repetition, asked }: Planned): string {
  return `${series}, n = ${countText(asked.n)}, ${system}/${asked.variant} #${repetition}`;
}

/** The first line of what came of it. */
function resultText({ result }: Measurement): string {
  if (result.kind === 'measured') return secondsText(result.outcome.tWorkflow);
  return `${result.kind}: ${result.words.split('\n')[0] ?? ''}`;
}
