import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { defineLater, identities } from '../../test-fixtures/identity/definitions.ts';

const MODULE = '@sidereal/engine/test-fixtures/identity/definitions.ts';
const IN_FUNCTION = 'it is defined inside a function';
const TWICE = 'its line was evaluated 2 times, as in a loop or a factory';

const expected = {
  'top level': stable('top-level'),
  flow: stable('stage'),
  'callback, once': stable('once'),
  'callback, twice': unstable('mapped-1', TWICE),
  loop: unstable('turn-1', TWICE),
  'arrow factory': unstable('arrow', IN_FUNCTION),
  factory: unstable('made', IN_FUNCTION),
  'static field': unstable('field', IN_FUNCTION),
  'static block': unstable('block', IN_FUNCTION),
  method: unstable('method', IN_FUNCTION),
  'called on the spot': stable('spot'),
  'after an await': stable('later'),
  timer: unstable('timer', IN_FUNCTION),
  'awaited callback': stable('awaited'),
  'floating callback': unstable('floating', IN_FUNCTION),
  'function with an identity': { id: 'identity:fit/2', isStable: true },
};

function stable(name: string): object {
  return { id: `${MODULE}#${name}`, isStable: true };
}

function unstable(name: string, why: string): object {
  return { id: `${MODULE}#${name}`, isStable: false, why };
}

it('a definition is stable if loading its module makes it, and once', async () => {
  const { pathname } = new URL('../../test-fixtures/identity/definitions.ts', import.meta.url);
  const { stdout } = await promisify(execFile)(process.execPath, [pathname]);
  expect(JSON.parse(stdout)).toEqual(expected);
});

it('so it is under a test runner, which loads modules in its own way', () => {
  expect(identities()).toEqual(expected);
});

it('a definition made in a function that is called later is not stable', () => {
  expect(defineLater()).toMatchObject({ isStable: false, why: IN_FUNCTION });
});
