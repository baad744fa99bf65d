import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/shared/errors.ts';

const src = path.join(import.meta.dirname, '../../../src');
interface Entry {
  readonly message: string;
  readonly placeholders?: Readonly<Record<string, { readonly content: string }>>;
}
const catalogue = JSON.parse(
  readFileSync(path.join(src, '_locales/en/messages.json'), 'utf8'),
) as Readonly<Record<string, Entry>>;

test('every error has words and a next step', () => {
  for (const code of errorCodes) {
    expect(catalogue[`error_${code}`]?.message, code).toBeTruthy();
    expect(catalogue[`error_${code}_next`]?.message, code).toBeTruthy();
  }
});

test('placeholders are numbered by the alphabet, and each is used', () => {
  for (const [key, { message, placeholders = {} }] of Object.entries(catalogue)) {
    const names = Object.keys(placeholders);
    expect(names, key).toEqual([...names].sort());
    names.forEach((name, index) => {
      expect(placeholders[name]?.content, key).toBe(`$${index + 1}`);
      expect(message, key).toContain(`$${name.toUpperCase()}$`);
    });
  }
});

test('no key is left over', () => {
  const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(path.join(src, file), 'utf8'))
    .join('\n');
  const manifest = readFileSync(path.join(src, '../manifest.json'), 'utf8');
  // Keys that are put together, such as `error_${code}`.
  const stems = [...sources.matchAll(/`([a-z_]+_)\$\{/g)].map(([, stem]) => stem ?? '');
  const unused = Object.keys(catalogue).filter((key) => {
    const stem = key.replace(/_(one|other)$/, '');
    const isNamed = [key, stem].some((name) => sources.includes(`'${name}'`));
    const isBuilt = stems.some((start) => key.startsWith(start));
    return !isNamed && !isBuilt && !manifest.includes(`__MSG_${key}__`);
  });
  expect(unused).toEqual([]);
});
