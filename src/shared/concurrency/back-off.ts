export interface BackOff {
  /** Milliseconds after the first failure. */
  readonly first: number;
  readonly longest: number;
}

/**
 * Milliseconds to wait after so many failures in a row (1 for the first): twice as long each time, up to the
 * longest, and shortened by up to half at random so that many clients do not come back at once.
 * @param random 0 up to, but not including, 1.
 */
export function backOff({ first, longest }: BackOff, failures: number, random: number): number {
  const doublings = Math.min(Math.max(failures, 1) - 1, 30);
  return Math.min(longest, first * 2 ** doublings) * (0.5 + random / 2);
}
