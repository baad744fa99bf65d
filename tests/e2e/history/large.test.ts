/** Many conversations at once. A thousand of them take minutes: `npm run history`. */
import { expect, test } from 'vitest';
import { browserName } from '../../support/world.ts';
import { loadHistory } from '../../support/history-load.ts';

test('a large history comes whole, and what has come so far is said meanwhile', async () => {
  const { there, here, said } = await loadHistory({
    browser: browserName,
    conversations: 120,
    messages: 5,
  });
  expect(there.size).toBe(120);
  expect(new Map(here)).toEqual(new Map(there));
  expect(said.length).toBeGreaterThan(0);
});
