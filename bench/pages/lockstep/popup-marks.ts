/** What the popup notes in its performance timeline, and where its markup is kept for the still page. */
export const startMark = 'lockstep:script-start';
export const readyMark = 'lockstep:rows-ready';
export const paintMark = 'lockstep:rows-painted';

/** A key of `localStorage`. */
export const stillMarkup = 'bench:still';
