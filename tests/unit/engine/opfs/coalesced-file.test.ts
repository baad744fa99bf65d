/** Against a raw handle in memory: the same answers, the same bytes, and nothing after a failure. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoalescedFile, type SyncHandle } from '../../../../src/engine/opfs/coalesced-file.ts';
import { StorageHealth } from '../../../../src/engine/opfs/storage-health.ts';
import { MemoryHandle, type Fault } from '../../../support/faults/memory-handle.ts';

const healthy = () =>
  new StorageHealth((detail) => {
    throw new Error(`unexpected failure: ${detail}`);
  });

type Step =
  | {
      readonly kind: 'write';
      readonly at: number;
      readonly length: number;
      readonly value: number;
    }
  | { readonly kind: 'read'; readonly at: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly size: number }
  | { readonly kind: 'size' }
  | { readonly kind: 'flush' };

/** Around the edges of pages (4,096) and blocks (65,536), where mistakes are. */
const position = fc.oneof(
  fc.nat(200_000),
  fc
    .tuple(fc.nat(48), fc.integer({ min: -3, max: 3 }))
    .map(([page, by]) => Math.max(0, page * 4096 + by)),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      at: position,
      length: fc.oneof(fc.constant(4096), fc.nat(70_000)),
      value: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      at: position,
      length: fc.nat(140_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('truncate' as const), size: position }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'size' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'flush' as const }) },
);

/** Values differ from byte to byte, so that shifted ones are seen. */
function pattern(length: number, value: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length }, (_, index) => (value + index) % 256);
}

function take(handle: SyncHandle, one: Step): unknown {
  switch (one.kind) {
    case 'write':
      return handle.write(pattern(one.length, one.value), { at: one.at });
    case 'read': {
      const into = new Uint8Array(one.length);
      const count = handle.read(into, { at: one.at });
      return [count, Buffer.from(into).toString('base64')];
    }
    case 'truncate':
      return handle.truncate(one.size);
    case 'size':
      return handle.getSize();
    case 'flush':
      return handle.flush();
  }
}

test.each([1, 2, 1024])(
  'any sequence answers as the raw handle does, and a flush makes the disk the same (%i blocks)',
  (limit) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const plain = new MemoryHandle();
        const disk = new MemoryHandle();
        const file = new CoalescedFile(disk, healthy(), undefined, limit);
        for (const one of steps) {
          expect(take(file, one)).toEqual(take(plain, one));
          if (one.kind === 'truncate') expect(disk.bytes.length).toBe(one.size);
          if (one.kind === 'flush') expect(Buffer.compare(disk.bytes, plain.bytes)).toBe(0);
        }
        file.flush();
        expect(Buffer.compare(disk.bytes, plain.bytes)).toBe(0);
      }),
      { numRuns: 60 },
    );
  },
);

test('a file that was there is read as it is', () => {
  const disk = new MemoryHandle();
  disk.bytes = pattern(150_001, 7);
  const file = new CoalescedFile(disk, healthy());
  const into = new Uint8Array(200_000);
  expect(file.read(into, { at: 0 })).toBe(150_001);
  expect(Buffer.compare(into.subarray(0, 150_001), disk.bytes)).toBe(0);
});

test('at whatever raw call a failure strikes, nothing passes any more and no other file is touched', () => {
  const fault = fc.record({ after: fc.nat(30), kind: fc.constantFrom<Fault>('throw', 'short') });
  let struck = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 40 }), fault, (steps, injected) => {
      const failures: string[] = [];
      const health = new StorageHealth((detail) => failures.push(detail));
      const disk = new MemoryHandle();
      const file = new CoalescedFile(disk, health);
      const journalDisk = new MemoryHandle();
      const journal = new CoalescedFile(journalDisk, health);
      journal.write(pattern(100, 1), { at: 5000 });
      disk.fault = injected;
      try {
        for (const one of steps) take(file, one);
      } catch {
        struck++;
        expect(failures).toHaveLength(1);
        const calls = disk.calls.length;
        const journalCalls = journalDisk.calls.length;
        disk.fault = null; // the disk is well again; what is in memory is not
        for (const one of steps) expect(() => take(file, one)).toThrow();
        for (const one of steps) expect(() => take(journal, one)).toThrow();
        expect(disk.calls).toHaveLength(calls);
        expect(journalDisk.calls).toHaveLength(journalCalls);
        expect(failures).toHaveLength(1);
        return;
      }
      expect(failures).toEqual([]);
    }),
    { numRuns: 200 },
  );
  expect(struck).toBeGreaterThan(25);
});

test('a short write never marks a page clean: whoever could still flush would write it again', () => {
  // A health that forgets, which the real one never does: only so can a second flush be seen.
  class Forgetful extends StorageHealth {
    override check(): void {}
  }
  const disk = new MemoryHandle();
  const file = new CoalescedFile(disk, new Forgetful(() => undefined));
  const bytes = pattern(3 * 4096, 9);
  file.write(bytes, { at: 4096 });
  disk.fault = { after: 0, kind: 'short' };
  expect(() => file.flush()).toThrow();
  disk.fault = null;
  file.flush();
  expect(Buffer.compare(disk.bytes.subarray(4096), bytes)).toBe(0);
});

test('writes wait for the flush, neighbours go together, and every flush is passed on', () => {
  const disk = new MemoryHandle();
  const file = new CoalescedFile(disk, healthy());
  disk.calls.length = 0;
  for (const page of [3, 1, 2]) file.write(pattern(4096, page), { at: page * 4096 });
  file.getSize();
  expect(disk.calls).toEqual([]);
  file.flush();
  file.flush();
  expect(disk.calls).toEqual([
    { operation: 'write', at: 4096, length: 3 * 4096 },
    { operation: 'flush', at: 0, length: 0 },
    { operation: 'flush', at: 0, length: 0 },
  ]);
});

test('the header goes through at once, a truncation too, and closing writes nothing', () => {
  const disk = new MemoryHandle();
  const file = new CoalescedFile(disk, healthy());
  disk.calls.length = 0;
  file.write(pattern(512, 1), { at: 0 });
  file.write(pattern(8192, 2), { at: 4096 });
  file.truncate(4096);
  file.write(pattern(4096, 3), { at: 4096 });
  file.close();
  expect(disk.calls.filter(({ operation }) => operation !== 'read')).toEqual([
    { operation: 'write', at: 0, length: 512 },
    { operation: 'truncate', at: 4096, length: 0 },
    { operation: 'close', at: 0, length: 0 },
  ]);
});
