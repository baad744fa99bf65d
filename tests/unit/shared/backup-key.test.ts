import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  generateBackupKey,
  readBackupKey,
  writeBackupKey,
} from '../../../src/shared/backup-key.ts';

test('a key that was written down is read back, in small letters and with other separators', async () => {
  const keys = fc.uint8Array({ minLength: 16, maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(keys, async (bytes) => {
      const key = new Uint8Array(bytes);
      const text = await writeBackupKey(key);
      expect(text).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/);
      expect(await readBackupKey(text)).toEqual(key);
      const typed = text.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
      expect(await readBackupKey(typed)).toEqual(key);
    }),
  );
});

test('a digit that is wrong or missing is noticed', async () => {
  const text = await generateBackupKey();
  let noticed = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '-') continue;
    const wrong = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    noticed += await readBackupKey(wrong).then(
      () => 0,
      () => 1,
    );
    await expect(readBackupKey(text.slice(0, at) + text.slice(at + 1))).rejects.toThrow(
      'bad_backup_key',
    );
  }
  // A check of 12 bits lets one mistake in 4,096 pass.
  expect(noticed).toBeGreaterThanOrEqual(27);
});
