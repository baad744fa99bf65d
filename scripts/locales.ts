/** The catalogues of texts as they ship: descriptions are for translators, and half of each file. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

interface Entry {
  readonly message: string;
  readonly description?: string;
  readonly placeholders?: Readonly<Record<string, { readonly content: string }>>;
}

/** @param catalogue the text of a messages.json. @returns the same without descriptions. */
export function withoutDescriptions(catalogue: string): string {
  const entries = JSON.parse(catalogue) as Readonly<Record<string, Entry>>;
  return JSON.stringify(
    Object.fromEntries(
      Object.entries(entries).map(([key, { description: _, ...entry }]) => [key, entry]),
    ),
  );
}

/** Writes every language of `from` (a `_locales` folder) to `to`. */
export async function copyLocales(from: string, to: string): Promise<void> {
  for (const language of await readdir(from)) {
    await mkdir(path.join(to, language), { recursive: true });
    const catalogue = await readFile(path.join(from, language, 'messages.json'), 'utf8');
    await writeFile(path.join(to, language, 'messages.json'), withoutDescriptions(catalogue));
  }
}
