/** Imported first and built on its own: what runs before the first row is painted runs after this. */
performance.mark('lockstep:script-start');
