import path from 'node:path';

const projectRoot = path.join(import.meta.dirname, '..');
const output = path.join(projectRoot, 'output/bench');

export const paths = {
  root: projectRoot,
  bench: path.join(projectRoot, 'bench'),
  dist: path.join(projectRoot, 'dist'),
  /** The contestants' pages, as the collector serves them. */
  pages: path.join(output, 'pages'),
  /** The built extension with one page more. */
  extension: path.join(output, 'extension'),
  /** Inboxes made once; deleted by hand when they are in the way. */
  cache: path.join(output, 'cache'),
  /** What a running measurement may change. */
  work: path.join(output, 'work'),
};
