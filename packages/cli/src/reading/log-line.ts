import { formatTimeOfDay } from '../terminal/format.ts';
import { printable } from '../terminal/printable.ts';
import type { Colour, Style } from '../terminal/style.ts';
import type { LogEntry } from './log-reader.ts';

const COLOUR: Readonly<Record<LogEntry['level'], Colour>> = {
  debug: 'dim',
  info: 'plain',
  warn: 'active',
  error: 'failed',
};

/** `03:14:02.123 warn  grid-channel[17] few visibilities  { channel: 3 }` */
export function logLine(entry: LogEntry, style: Style): string {
  const { task, level, fields } = entry;
  const who = task.kind === 'flow' ? task.name : `${task.name}[${task.idx}]`;
  const [first = '', ...rest] = printable(entry.message).split('\n');
  const data = fields === undefined ? '' : `  ${style.paint('dim', fieldsText(fields))}`;
  const head = `${style.paint('dim', formatTimeOfDay(entry.timeMs, true))} ${style.paint(COLOUR[level], level.padEnd(5))} ${style.paint('code', printable(who))} ${first}${data}`;
  return [head, ...rest.map((line) => `             ${line}`)].join('\n');
}

function fieldsText(fields: Readonly<Record<string, unknown>>): string {
  return Object.entries(fields)
    .map(
      ([key, value]) =>
        `${printable(key)}=${printable(typeof value === 'string' ? value : JSON.stringify(value))}`,
    )
    .join(' ');
}
