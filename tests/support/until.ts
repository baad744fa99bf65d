/** Waiting for conditions, never for time. */

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Asks until the answer is neither null, undefined nor false, and gives it back.
 * Throws after `patience` milliseconds, naming what was waited for and the last answer or error.
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer> | Answer,
  patience = 30_000,
): Promise<Exclude<Answer, null | undefined | false>> {
  const deadline = Date.now() + patience;
  let last: unknown;
  for (let wait = 15; ; wait = Math.min(wait * 1.5, 250)) {
    try {
      const answer = await ask();
      last = answer;
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as Exclude<Answer, null | undefined | false>;
      }
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`Waited ${patience} ms for ${what}; last: ${String(last)}`, { cause: last });
    }
    await pause(wait);
  }
}
