import { expect, it } from 'vitest';
import type { Definition } from './definition.ts';
import { identityOf } from './definition-identity.ts';
import { ModuleNames } from './module-names.ts';
import { UsedDefinitions } from './used-definitions.ts';

const modules = new ModuleNames('');

function definition(
  site: string,
  options: Definition['options'] = {},
  kind: Definition['kind'] = 'task',
): Definition {
  const origin = { site, unstableBecause: undefined };
  return { kind, name: 'load', module: '', at: 'cube.ts:3:1', atModuleLevel: true, origin, options };
}

function clash(one: Definition, other: Definition): Definition | undefined {
  const used = new UsedDefinitions();
  expect(used.use(one, identityOf(one, modules).id)).toBeUndefined();
  expect(used.use(one, identityOf(one, modules).id)).toBeUndefined();
  return used.use(other, identityOf(other, modules).id);
}

it('definitions of one name at two places clash, though people see one line', () => {
  const one = definition('a:1:1');
  expect(clash(one, definition('a:1:30'))).toBe(one);
});

it('one place, evaluated again, does not clash with itself', () => {
  expect(clash(definition('a:1:1'), definition('a:1:1'))).toBeUndefined();
});

it('a task and a flow of one name clash', () => {
  const one = definition('a:1:1');
  expect(clash(one, definition('a:1:1', {}, 'flow'))).toBe(one);
});

it('identities tell definitions apart, and make them one', () => {
  const fit = definition('a:1:1', { identity: 'fit' });
  expect(clash(fit, definition('a:2:1', { identity: 'apply' }))).toBeUndefined();
  expect(clash(fit, definition('a:2:1'))).toBeUndefined();
  expect(clash(fit, definition('a:2:1', { identity: 'fit' }))).toBe(fit);
});

it('a clash is said each time', () => {
  const used = new UsedDefinitions();
  const [one, other] = [definition('a:1:1'), definition('a:2:1')];
  used.use(one, 'x');
  expect([used.use(other, 'x'), used.use(other, 'x')]).toEqual([one, one]);
});
