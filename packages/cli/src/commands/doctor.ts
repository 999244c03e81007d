import { isSiderealError } from '@sidereal/core';
import { openStoreReader, type StoreReader } from '@sidereal/store';
import type { Execute } from '../command-line/command.ts';
import { writeJson, writeLines, type Context } from '../context.ts';
import { checkFolder } from '../doctor/folder.ts';
import { ok, type Finding, type Say } from '../doctor/finding.ts';
import { checkMachine } from '../doctor/machine.ts';
import { checkLeases, checkRecords } from '../doctor/records.ts';
import { checkResultFiles } from '../doctor/result-files.ts';
import { EXIT } from '../errors/exit-code.ts';
import { storeFolder } from '../running/run-settings.ts';
import type { Colour, Style } from '../terminal/style.ts';
import { fit, padEnd } from '../terminal/text-width.ts';
import { wrap } from '../terminal/wrap.ts';

/** `sidereal doctor`: checks the store and this machine, and changes nothing. */
export const doctor: Execute = async (args, context) => {
  const folder = storeFolder(args, context);
  const say = saying(context);
  const findings = [
    ...checkMachine(),
    ...(await checkFolder(folder)),
    ...(await checkStore(folder, args.has('quick'), say)),
  ];
  say('');
  const isWell = findings.every(({ status }) => status !== 'wrong');
  if (args.has('json')) {
    const checks = findings.map(({ remedy, ...finding }) => ({ ...finding, remedy: remedy ?? null }));
    writeJson(context, { schema: 'sidereal.doctor/1', store: folder, ok: isWell, checks });
  } else writeLines(context, findingLines(findings, context));
  return isWell ? EXIT.ok : EXIT.store;
};

async function checkStore(folder: string, isQuick: boolean, say: Say): Promise<Finding[]> {
  let reader: StoreReader;
  try {
    reader = openStoreReader(folder);
  } catch (error) {
    if (!isSiderealError(error)) throw error;
    const { code, message, remedy } = error;
    return [
      {
        check: 'store',
        status: code === 'STORE_NOT_FOUND' ? 'note' : 'wrong',
        detail: `${code}: ${message}`,
        remedy,
      },
    ];
  }
  using _closed = reader;
  const findings = [ok('store', `schema version ${reader.schemaVersion}`), ...checkLeases(reader)];
  if (isQuick) return findings;
  return [...findings, ...checkRecords(reader, say), ...(await checkResultFiles(reader, say))];
}

/** Shows what is being looked at on a line that is overwritten, where somebody sees it. */
function saying({ err, env }: Context): Say {
  if (!err.isTerminal || env['TERM'] === 'dumb') return () => undefined;
  let last = 0;
  return (what) => {
    const now = performance.now();
    if (what !== '' && now - last < 100) return;
    last = now;
    err.write(what === '' ? '\r\u001B[K' : `\r\u001B[K${fit(`checking ${what}`, err.columns - 1)}`);
  };
}

function findingLines(findings: readonly Finding[], { outStyle: style, out }: Context): string[] {
  const room = Math.max(...findings.map(({ check }) => check.length));
  return findings.flatMap(({ check, status, detail, remedy }) => {
    const { symbol, colour } = mark(status, style);
    const head = `${style.paint(colour, symbol)} ${padEnd(check, room)}  `;
    const body = wrap(detail, Math.max(30, out.columns - room - 4));
    const advice =
      remedy === undefined
        ? []
        : wrap(remedy, Math.max(30, out.columns - room - 12)).map(
            (line, at) => `${at === 0 ? 'remedy' : '      '}  ${line}`,
          );
    return [...body, ...advice].map((line, at) =>
      at === 0 ? `${head}${line}` : `${' '.repeat(room + 4)}${line}`,
    );
  });
}

function mark(status: Finding['status'], style: Style): { readonly symbol: string; readonly colour: Colour } {
  switch (status) {
    case 'ok':
      return { symbol: style.hasUnicode ? '✓' : '+', colour: 'done' };
    case 'note':
      return { symbol: style.hasUnicode ? '·' : '.', colour: 'dim' };
    case 'warning':
      return { symbol: '!', colour: 'active' };
    case 'wrong':
      return { symbol: style.hasUnicode ? '✗' : 'x', colour: 'failed' };
  }
}
