/**
 * Finds what documents and comments refer to and is not there: headings, files, commands and their
 * options. The test that uses it (tests/unit/scripts/references.test.ts) keeps the documents true.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SourceText {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
}

export interface Repository {
  readonly exists: (file: string) => boolean;
  /** Throws where there is no such file. */
  readonly read: (file: string) => string;
  /** `package.json`'s scripts. */
  readonly scripts: Readonly<Record<string, string>>;
}

export function repositoryAt(root: string): Repository {
  const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
  const { scripts } = JSON.parse(read('package.json')) as Pick<Repository, 'scripts'>;
  return { read, scripts, exists: (file) => existsSync(path.join(root, file)) };
}

/** Names of documents that only the project's founders have. */
const foreign = /\.\.\/shared\/[a-z-]+\.md|\bfacts\.md\b|\bxmtp-wire\b|\b[Tt]raps? [A-E]\b/g;
const citation = /\bdocs\/[\w/-]+\.md(?:#[\w-]+)?/g;
const link = /\]\((?!https?:)([^)\s]+)\)/g;
/** A path in code quotes that begins with one of our folders; `*`, `<id>` and `…` stand for several. */
const quotedPath = /`((?:src|network|tests|bench|scripts|docs|dist|\.ci)\/[\w./-]+)`/g;
const command =
  /\bnpm (?:run ([\w:-]+)|(start|test))((?: --)?(?:[ \t]+[^\s`#]+)*)|\bnpx tsx ([\w./-]+)((?:[ \t]+[^\s`#]+)*)/g;

/** What is wrong with a text's references, each as `file: what`. Markdown is read for links and commands as well. */
export function brokenReferences({ file, text }: SourceText, repository: Repository): string[] {
  const isMarkdown = file.endsWith('.md');
  const problems = [
    ...[...text.matchAll(foreign)].map(([found]) => `${found} is not in this repository`),
    ...[...text.matchAll(citation)].flatMap(([found]) => brokenTarget(found, repository)),
  ];
  if (isMarkdown) {
    const folder = path.posix.dirname(file);
    const resolve = (target: string) =>
      target.startsWith('#') ? file + target : path.posix.join(folder, target);
    problems.push(
      ...[...text.matchAll(link)].flatMap(([, target = '']) =>
        brokenTarget(resolve(target), repository),
      ),
      ...[...text.matchAll(quotedPath)].flatMap(([, found = '']) =>
        found.startsWith('dist/') || repository.exists(found) ? [] : [`no file ${found}`],
      ),
      ...[...text.matchAll(command)].flatMap((match) => brokenCommand(match, repository)),
    );
  }
  return [...new Set(problems)].map((problem) => `${file}: ${problem}`);
}

function brokenTarget(target: string, { exists, read }: Repository): string[] {
  const [file = '', heading] = target.split('#');
  if (!exists(file)) return [`no file ${file}`];
  if (heading === undefined || headingsOf(read(file)).has(heading)) return [];
  return [`no heading #${heading} in ${file}`];
}

/** The anchors of a Markdown text's headings, as GitHub makes them. */
export function headingsOf(markdown: string): ReadonlySet<string> {
  const withoutCode = markdown.replaceAll(/^```[\s\S]*?^```/gm, '');
  const titles = [...withoutCode.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, title = '']) => title);
  return new Set(titles.map(anchorOf));
}

function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}

function brokenCommand(match: RegExpMatchArray, repository: Repository): string[] {
  const [, run, own, npmRest = '', file, tsxRest = ''] = match;
  if (file !== undefined) return programProblems(file, tsxRest, repository);
  const name = run ?? own ?? '';
  const script = repository.scripts[name];
  if (script === undefined) return [`no command npm run ${name}`];
  const entry = /[\w./-]+\.(?:ts|mjs)$/.exec(script)?.[0];
  return entry === undefined ? [] : programProblems(entry, npmRest, repository);
}

function programProblems(file: string, rest: string, repository: Repository): string[] {
  if (!repository.exists(file)) return [`no program ${file}`];
  const options = [...rest.matchAll(/(?:^|[\s[])--([a-z][\w-]*)/g)].map(([, name = '']) => name);
  if (options.length === 0) return [];
  const sources = withImports(file, repository);
  return options
    .filter((name) => !sources.some((source) => declares(source, name)))
    .map((name) => `${file} has no option --${name}`);
}

/** The program and the files of ours that it names: one more step, where launchers and option tables lie. */
function withImports(file: string, { exists, read }: Repository): readonly string[] {
  const text = read(file);
  const folder = path.posix.dirname(file);
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, name = '']) =>
    path.posix.join(folder, name),
  );
  const launched = [...text.matchAll(/'((?:scripts|tests|bench|network)\/[\w./-]+\.ts)'/g)].map(
    ([, name = '']) => name,
  );
  return [text, ...[...imported, ...launched].filter(exists).map(read)];
}

function declares(source: string, option: string): boolean {
  return new RegExp(`(?:^|[\\s{])'?${option}'?: \\{ type: '`, 'm').test(source);
}
