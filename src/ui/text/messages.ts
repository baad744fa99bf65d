/**
 * All words of the interface come from `_locales`. Keys and the names of what they take are types
 * derived from the English file, so a missing key or argument is a type error.
 */
import type english from '../../_locales/en/messages.json';
import { browserLanguage, localisedMessage } from '../platform/extension.ts';

type Catalogue = typeof english;
export type MessageKey = keyof Catalogue;

type Placeholders<Key extends MessageKey> = Catalogue[Key] extends {
  readonly placeholders: infer Names;
}
  ? keyof Names
  : never;

/** Nothing for a plain message, one record of texts for a message with placeholders. */
type Substitutions<Key extends MessageKey> = [Placeholders<Key>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<Key>, string>>];

/**
 * The text of `key`. Placeholders are numbered by the alphabetical order of their names (a unit test
 * holds the catalogue to it), which lets calls name them although the platform only knows positions.
 */
export function t<Key extends MessageKey>(key: Key, ...values: Substitutions<Key>): string {
  const named: Readonly<Record<string, string>> = values[0] ?? {};
  const ordered = Object.keys(named)
    .sort()
    .map((name) => named[name] ?? '');
  return localisedMessage(key, ordered);
}

/** A name inside a sentence, which keeps its order whichever way either is written. */
export function isolated(name: string): string {
  return `\u2068${name}\u2069`;
}

type PluralKey = {
  [Key in MessageKey]: Key extends `${infer Stem}_other` ? Stem : never;
}[MessageKey];

/** The text of `stem` in the plural form of `count`, which fills the placeholder `count`. */
export function plural(stem: PluralKey, count: number): string {
  const form = (plurals ??= new Intl.PluralRules(locale())).select(count);
  const formatted = (numbers ??= new Intl.NumberFormat(locale())).format(count);
  // A language without this form, or a key that one lacks, answers nothing: `other` always exists.
  return (
    localisedMessage(`${stem}_${form}`, [formatted]) ||
    localisedMessage(`${stem}_other`, [formatted])
  );
}

let plurals: Intl.PluralRules | undefined;
let numbers: Intl.NumberFormat | undefined;
let chosenLocale: string | undefined;

/**
 * The locale for numbers and dates: the language of the texts, with the browser's region where both
 * speak the same language. A German date inside an English sentence helps nobody.
 */
export function locale(): string {
  chosenLocale ??= matchLocale(t('language'), browserLanguage());
  return chosenLocale;
}

/** `browser` where it is a variety of `texts`, else `texts`. Both are BCP 47 tags. */
export function matchLocale(texts: string, browser: string): string {
  return browser.split('-')[0]?.toLowerCase() === texts.toLowerCase() ? browser : texts;
}

/** Gives a document its language, direction and title. */
export function localiseDocument(title: string): void {
  document.documentElement.lang = locale();
  document.documentElement.dir = t('language_direction');
  document.title = title;
}
