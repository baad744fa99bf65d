import { changed } from './changed.ts';
import { firstLoad } from './first-load.ts';
import { firstSync } from './first-sync.ts';
import { history } from './history.ts';
import { network } from './network.ts';
import { nothingNew } from './nothing-new.ts';
import { popup } from './popup.ts';
import type { Suite } from './suite.ts';

/** In the order in which they run: the quick ones first. */
export const suites: readonly Suite[] = [
  firstLoad,
  network,
  popup,
  nothingNew,
  changed,
  history,
  firstSync,
];
