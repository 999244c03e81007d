import inspector from 'node:inspector';
import { expect, it } from 'vitest';
import { asksForDebugger, isDebugged } from './debugger.ts';

it.each(['--inspect', '--inspect=0', '-r x --inspect-brk --no-warnings', '--inspect-wait=127.0.0.1:9229'])(
  'is asked for by %s',
  (argv) => expect(asksForDebugger(argv)).toBe(true),
);

it.each(['', '--inspect-port=9229', '--inspector', '--no-warnings a--inspect'])('is not by %s', (argv) =>
  expect(asksForDebugger(argv)).toBe(false),
);

it('is there while the inspector is open', () => {
  expect(isDebugged()).toBe(false);
  inspector.open(0);
  try {
    expect(isDebugged()).toBe(true);
  } finally {
    inspector.close();
  }
  expect(isDebugged()).toBe(false);
});
