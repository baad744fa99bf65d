import * as v from 'valibot';
import { expect, test } from 'vitest';
import { consentFilterSchema } from '../../../src/shared/consent.ts';
import { networkChoiceSchema } from '../../../src/shared/network-choice.ts';
import { settingsPatchSchema } from '../../../src/shared/settings.ts';

test('a consent filter is never empty, and equal wishes are equal', () => {
  expect(v.safeParse(consentFilterSchema, []).success).toBe(false);
  expect(v.safeParse(consentFilterSchema, ['everything']).success).toBe(false);
  expect(v.parse(consentFilterSchema, ['denied', 'allowed', 'denied'])).toEqual([
    'allowed',
    'denied',
  ]);
});

test('own hosts are plain http(s) addresses', () => {
  const custom = (nodeUrl: string) =>
    v.safeParse(networkChoiceSchema, { kind: 'custom', nodeUrl, historyUrl: 'https://h.test' });
  expect(custom('https://node.test:5558/').output).toMatchObject({
    nodeUrl: 'https://node.test:5558',
  });
  for (const bad of [
    '',
    'node.test',
    'ftp://node.test',
    'https://a:b@node.test',
    'https://n.test?x=1',
  ]) {
    expect(custom(bad).success, bad).toBe(false);
  }
});

test('settings keep to what the browsers can do', () => {
  expect(v.safeParse(settingsPatchSchema, { syncInterval: 29 }).success).toBe(false);
  expect(v.safeParse(settingsPatchSchema, { syncInterval: 86_401 }).success).toBe(false);
  expect(v.safeParse(settingsPatchSchema, { syncInterval: null }).success).toBe(true);
  expect(v.safeParse(settingsPatchSchema, { unknown: 1 }).success).toBe(false);
});
