import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withoutDescriptions } from '../../../scripts/locales.ts';

const english = path.join(import.meta.dirname, '../../../src/_locales/en/messages.json');

test('what ships has every text and placeholder, and no description', () => {
  const source = readFileSync(english, 'utf8');
  const shipped = JSON.parse(withoutDescriptions(source)) as Record<string, object>;
  const expected = JSON.parse(source) as Record<string, Record<string, unknown>>;
  for (const entry of Object.values(expected)) delete entry['description'];
  expect(shipped).toEqual(expected);
});
