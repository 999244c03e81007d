import { expect, test } from 'vitest';
import { Rate } from './rate.ts';

test('the rate is that of the last seconds', () => {
  const rate = new Rate(1_000);
  expect(rate.perSecond()).toBe(0);
  rate.add(0, 0);
  expect(rate.perSecond()).toBe(0);
  rate.add(500, 50);
  expect(rate.perSecond()).toBe(100);
  rate.add(1_000, 60);
  rate.add(1_500, 60);
  expect(rate.perSecond()).toBe(10);
  rate.add(3_000, 60);
  expect(rate.perSecond()).toBe(0);
});
