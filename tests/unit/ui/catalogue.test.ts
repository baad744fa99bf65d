/** The catalogue of texts against the sources that use it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/shared/errors.ts';

const root = path.join(import.meta.dirname, '../../..');
interface Entry {
  readonly message: string;
  readonly description?: string;
  readonly placeholders?: Readonly<Record<string, { readonly content: string }>>;
}
const catalogue = JSON.parse(
  readFileSync(path.join(root, 'src/_locales/en/messages.json'), 'utf8'),
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

test('every key tells translators where its text appears, and what fills each placeholder', () => {
  for (const [key, { description = '', placeholders = {} }] of Object.entries(catalogue)) {
    expect(key).toMatch(/^[a-z]+(_[a-z0-9]+)*$/);
    expect(description.length, `description of ${key}`).toBeGreaterThan(12);
    for (const name of Object.keys(placeholders)) {
      expect(description, key).toContain(`$${name.toUpperCase()}$`);
    }
  }
});

test('every key is used, and every key that is used exists', () => {
  const used = usedKeys();
  expect(Object.keys(catalogue).filter((key) => !used.has(key))).toEqual([]);
  expect([...used].filter((key) => !(key in catalogue))).toEqual([]);
}, 60_000);

/**
 * Keys that the sources name: in the manifest, and in calls of `t` and `plural`, where the compiler knows
 * which texts an argument can be. Where it is any key (a table's label), what counts is what is written
 * where a key is expected.
 */
function usedKeys(): ReadonlySet<string> {
  const used = new Set<string>();
  const manifest = readFileSync(path.join(root, 'manifest.json'), 'utf8');
  for (const [, key = ''] of manifest.matchAll(/__MSG_(\w+)__/g)) used.add(key);
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile) as {
    config: unknown;
  };
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const pages = fileNames.filter((file) => /\/src\/(ui|popup|pages)\//.test(file));
  const program = ts.createProgram(pages, options);
  const checker = program.getTypeChecker();
  const all = Object.keys(catalogue).length;

  const textsOf = (type: ts.Type): readonly string[] => {
    if (type.isUnion()) return type.types.flatMap(textsOf);
    return type.isStringLiteral() ? [type.value] : [];
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const [argument] = node.arguments;
      const called = node.expression.text;
      if (argument !== undefined && (called === 't' || called === 'plural')) {
        const texts = textsOf(checker.getTypeAtLocation(argument));
        const forms = called === 't' ? [''] : ['_one', '_other'];
        if (texts.length < all) {
          for (const text of texts) for (const form of forms) used.add(text + form);
        }
      }
    }
    if (ts.isStringLiteral(node) || ts.isTemplateExpression(node)) {
      const expected = checker.getContextualType(node);
      if (expected !== undefined && textsOf(expected).length === all) {
        for (const text of textsOf(checker.getTypeAtLocation(node))) used.add(text);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (pages.includes(file.fileName)) visit(file);
  return used;
}
