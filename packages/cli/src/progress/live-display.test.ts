import { describe, expect, test } from 'vitest';
import { seededRandom } from '../testing/seeded-random.ts';
import { VirtualTerminal } from '../testing/virtual-terminal.ts';
import { LiveDisplay } from './live-display.ts';

function setUp(columns = 20, rows = 6) {
  const terminal = new VirtualTerminal(columns, rows);
  const frame = { lines: [] as string[] };
  const display = new LiveDisplay(
    (text) => terminal.write(text),
    () => ({ columns: terminal.columns, rows: terminal.rows }),
    () => frame.lines,
  );
  return { terminal, frame, display };
}

describe('lines drawn in place', () => {
  test('replace each other, whether there are more or fewer of them', () => {
    const { terminal, frame, display } = setUp();
    frame.lines = ['a long line', 'second'];
    display.draw();
    frame.lines = ['short', 'second', 'third'];
    display.draw();
    expect(terminal.text()).toEqual(['short', 'second', 'third']);
    frame.lines = ['one'];
    display.draw();
    expect(terminal.text()).toEqual(['one']);
  });

  test('have what is printed above them', () => {
    const { terminal, frame, display } = setUp();
    frame.lines = ['progress'];
    display.draw();
    display.above('first log\nsecond log\n');
    frame.lines = ['progress!'];
    display.draw();
    display.above('third log\n');
    expect(terminal.text()).toEqual(['first log', 'second log', 'third log', 'progress!']);
  });

  test('leave nothing behind when they are taken away', () => {
    const { terminal, frame, display } = setUp();
    display.above('log\n');
    frame.lines = ['one', 'two'];
    display.draw();
    display.clear();
    terminal.write('done\n');
    expect(terminal.text()).toEqual(['log', 'done']);
  });

  test('are not drawn again if nothing has changed', () => {
    const { terminal, frame, display } = setUp();
    frame.lines = ['same'];
    display.draw();
    const before = terminal.written;
    display.draw();
    expect(terminal.written).toBe(before);
    terminal.resize(30);
    display.draw();
    expect(terminal.written).toBeGreaterThan(before);
  });

  test('survive a terminal that becomes narrower and wraps them', () => {
    const { terminal, frame, display } = setUp(20, 10);
    display.above('log\n');
    frame.lines = ['x'.repeat(19), 'y'.repeat(19)];
    display.draw();
    terminal.resize(8);
    expect(terminal.text()).toEqual(['log', 'xxxxxxxx', 'xxxxxxxx', 'xxx', 'yyyyyyyy', 'yyyyyyyy', 'yyy']);
    frame.lines = ['x'.repeat(7), 'y'.repeat(7)];
    display.draw();
    expect(terminal.text()).toEqual(['log', 'xxxxxxx', 'yyyyyyy']);
  });

  test('whatever happens: the frame stands below, and every line printed above it once and in order', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const random = seededRandom(seed);
      const pick = (limit: number): number => Math.floor(random() * limit);
      const { terminal, frame, display } = setUp(30, 8);
      const logs: string[] = [];
      for (let step = 0; step < 60; step += 1) {
        if (random() < 0.4) {
          const lines = Array.from({ length: 1 + pick(4) }, (_, at) => `log ${logs.length + at}`);
          logs.push(...lines);
          display.above(`${lines.join('\n')}\n`);
        } else {
          frame.lines = Array.from({ length: pick(7) }, (_, at) =>
            `${'frame '.repeat(pick(5))}${at}`.slice(0, 29),
          );
          display.draw();
        }
        if (frame.lines.length > 0) display.draw();
      }
      display.draw();
      expect(terminal.text()).toEqual([...logs, ...frame.lines]);
    }
  });
});
