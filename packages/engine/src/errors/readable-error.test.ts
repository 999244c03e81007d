import { expect, it } from 'vitest';
import { readableThrown } from './readable-error.ts';

const refuse = (): never => {
  throw new Error('no');
};

/** An error of which one property cannot be read. */
function without(name: string): Error {
  const error = Object.assign(new Error('words'), { code: 'CODE' });
  return Object.defineProperty(error, name, { get: refuse });
}

it('is what was thrown, if that can be looked at', () => {
  const frozen = Object.freeze(new Error('frozen'));
  const round: Error & { errors?: unknown } = new Error('round');
  round.cause = round;
  round.errors = [round];
  for (const thrown of ['text', undefined, null, 5n, Symbol('s'), { status: 404 }, frozen, round])
    expect(readableThrown(thrown)).toBe(thrown);
});

it('else says what can be read of it', () => {
  for (const name of ['stack', 'cause', 'errors']) {
    expect(readableThrown(without(name))).toMatchObject({ message: 'words', code: 'CODE' });
  }
  expect(readableThrown(without('message'))).toMatchObject({ message: 'something that cannot be shown' });
  const noError = {
    code: 'CODE',
    get message() {
      return refuse();
    },
    toString: refuse,
  };
  expect(readableThrown(noError)).toBeInstanceOf(Error);
  expect(readableThrown(noError)).toMatchObject({ code: 'CODE' });
});

it('and is an error even of what lets nothing be read', () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile = new Proxy(new Error('inside'), { get: refuse, getPrototypeOf: refuse, ownKeys: refuse });
  for (const thrown of [proxy, hostile]) {
    const error = readableThrown(thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'Error', message: 'something that cannot be shown' });
  }
});
