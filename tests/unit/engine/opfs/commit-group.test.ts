/**
 * Transactions in SQLite's order over disks in memory, a kill at any raw call, and the recovery
 * that the engine runs at its start: the database is as it was after one of the transactions, and never
 * before one that somebody was told of.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoalescedFile } from '../../../../src/engine/opfs/coalesced-file.ts';
import { CommitGroup } from '../../../../src/engine/opfs/commit-group.ts';
import { pathIn } from '../../../../src/engine/opfs/layout.ts';
import { rollBackJournals } from '../../../../src/engine/opfs/roll-back.ts';
import { writeRollbackJournal } from '../../../../src/engine/opfs/rollback-journal.ts';
import { StorageHealth } from '../../../../src/engine/opfs/storage-health.ts';
import { MemoryHandle } from '../../../support/faults/memory-handle.ts';

const pageLength = 4096;
const path = 'inbox.db3';
const firstPages = 6;

class Killed extends Error {}

/** Raw calls of all disks in one order; the one that is due does half of its work, and no other any. */
class Life {
  left = Infinity;
  /** Whether the call may happen whole. */
  spend(): boolean {
    if (this.left < 0) throw new Killed();
    return this.left-- > 0;
  }
}

class Disk extends MemoryHandle {
  readonly #life: Life;

  constructor(life: Life) {
    super();
    this.#life = life;
  }

  override write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number {
    if (this.#life.spend()) return super.write(bytes, options);
    super.write(bytes.subarray(0, Math.floor(bytes.length / 2)), options);
    throw new Killed();
  }

  override truncate(size: number): void {
    if (!this.#life.spend()) throw new Killed();
    super.truncate(size);
  }

  override flush(): void {
    if (!this.#life.spend()) throw new Killed();
    super.flush();
  }
}

interface Transaction {
  /** Page numbers from 1; beyond the end they append. */
  readonly pages: readonly number[];
  /** Pages that are cut off at the end. */
  readonly shrinkBy: number;
  /** Milliseconds that pass before it. */
  readonly pause: number;
  readonly then: 'nothing' | 'checkpoint' | 'release' | 'hold';
  /** Which of the free files is its journal. */
  readonly journal: number;
}

const transaction: fc.Arbitrary<Transaction> = fc.record({
  pages: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
  shrinkBy: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 5 })),
  pause: fc.oneof(fc.constant(0), fc.nat(300)),
  then: fc.oneof(
    { weight: 6, arbitrary: fc.constant('nothing' as const) },
    fc.constantFrom('checkpoint' as const, 'release' as const, 'hold' as const),
  ),
  journal: fc.nat(1),
});

function headerOf(name: string): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(pageLength);
  header.set(new TextEncoder().encode(name === '' ? '' : `/${name}`));
  header[600] = name.length; // stands for the digest
  return header;
}

class Machine {
  readonly life = new Life();
  readonly disks = [new Disk(this.life), new Disk(this.life), new Disk(this.life)] as const;
  readonly group: CommitGroup;
  readonly files: readonly CoalescedFile[];
  /** The database after each transaction. */
  readonly states: string[] = [];
  /** The state that nothing may take back any more. */
  told = 0;
  #now = 0;
  #isHolding = true;
  #value = 0;

  constructor() {
    const [database, ...free] = this.disks;
    database.bytes = new Uint8Array((1 + firstPages) * pageLength);
    database.bytes.set(headerOf(path));
    for (const disk of free) disk.bytes = headerOf('');
    const health = new StorageHealth(() => undefined);
    this.group = new CommitGroup(health, () => this.#now);
    this.files = this.disks.map((disk) => new CoalescedFile(disk, health, this.group));
    for (const file of this.files) this.group.add(file);
    this.states.push(contentOf(database.bytes));
    this.group.hold(path);
  }

  run(one: Transaction): void {
    this.#now += one.pause;
    const [database] = this.files as [CoalescedFile];
    const journal = this.files[1 + one.journal]!;
    const before = database.getSize() / pageLength - 1;
    const after = Math.max(2, Math.max(before, ...one.pages) - one.shrinkBy);
    journal.write(headerOf(`${path}-journal`), { at: 0 });
    const touched = [...new Set([...one.pages, ...range(after + 1, before)])];
    const pages = touched
      .filter((number) => number <= before)
      .map((number) => ({ number, bytes: pageOf(database, number) }));
    const bytes = writeRollbackJournal({ pageSize: pageLength, initialPages: before, pages }, 7);
    journal.write(bytes, { at: pageLength });
    journal.flush();
    // SQLite writes what lies between the old end and the new one, too.
    for (const number of new Set([...one.pages, ...range(before + 1, after)])) {
      if (number > after) continue;
      const page = new Uint8Array(pageLength).fill(++this.#value % 256);
      page[0] = number;
      database.write(page, { at: number * pageLength });
    }
    if (after < before) database.truncate((1 + after) * pageLength);
    database.flush();
    this.states.push(this.#inMemory());
    const end = this.states.length - 1;
    journal.truncate(pageLength);
    if (!this.#isHolding) this.told = end;
    journal.write(headerOf(''), { at: 0 });
    if (one.then === 'checkpoint') this.group.checkpoint();
    if (one.then === 'release') {
      this.group.release();
      this.#isHolding = false;
    }
    if (one.then === 'hold') {
      this.group.hold(path);
      this.#isHolding = true;
    }
    if (one.then === 'checkpoint' || one.then === 'release') this.told = end;
  }

  /** What the next worker finds after its recovery. */
  restart(): string {
    this.life.left = Infinity;
    const files = this.disks.map((handle, index) => ({
      path: pathIn(handle.bytes.subarray(0, 512)),
      handle,
      name: String(index),
    }));
    rollBackJournals(files);
    return contentOf(this.disks[0].bytes);
  }

  #inMemory(): string {
    const [database] = this.files as [CoalescedFile];
    const bytes = new Uint8Array(database.getSize());
    database.read(bytes, { at: 0 });
    return contentOf(bytes);
  }
}

const contentOf = (bytes: Uint8Array) => Buffer.from(bytes.subarray(pageLength)).toString('base64');
const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);

function pageOf(file: CoalescedFile, number: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pageLength);
  file.read(bytes, { at: number * pageLength });
  return bytes;
}

test('wherever it is killed, the database is as after one of its transactions, and nothing told is lost', () => {
  let cut = 0;
  let rolledForward = 0;
  const input = fc.array(transaction, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(input, fc.nat(60), (transactions, after) => {
      const machine = new Machine();
      machine.life.left = after;
      try {
        for (const one of transactions) machine.run(one);
        machine.life.left = Infinity;
        machine.group.checkpoint();
        machine.told = machine.states.length - 1;
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        cut++;
      }
      const found = machine.states.lastIndexOf(machine.restart());
      expect(found).toBeGreaterThanOrEqual(machine.told);
      if (found > machine.told) rolledForward++;
    }),
    { numRuns: 2000 },
  );
  expect(cut).toBeGreaterThan(500);
  expect(rolledForward).toBeGreaterThan(50);
});

const plain = (pages: readonly number[], more: Partial<Transaction> = {}): Transaction => ({
  pages,
  shrinkBy: 0,
  pause: 0,
  then: 'nothing',
  journal: 0,
  ...more,
});

test('transactions reach the disk at a checkpoint, together and in SQLite’s order', () => {
  const machine = new Machine();
  for (const disk of machine.disks) disk.calls.length = 0;
  for (let i = 0; i < 20; i++) machine.run(plain([1, 2]));
  const changes = () =>
    machine.disks.map(({ calls }) =>
      calls.map(({ operation }) => operation).filter((one) => one !== 'read' && one !== 'getSize'),
    );
  expect(changes()).toEqual([[], [], []]);
  machine.group.checkpoint();
  expect(changes()).toEqual([
    ['write', 'flush'],
    ['write', 'write', 'flush', 'truncate', 'write'],
    [],
  ]);
  machine.group.checkpoint();
  expect(changes()[0]).toEqual(['write', 'flush']);
});

test('what was committed does not wait for longer than a moment', () => {
  const machine = new Machine();
  machine.run(plain([1]));
  expect(machine.restart()).toBe(machine.states[0]);
  machine.run(plain([2], { pause: 400 }));
  expect(machine.restart()).toBe(machine.states[2]);
});

test('after its release every commit goes to the disk by itself', () => {
  const machine = new Machine();
  machine.run(plain([1], { then: 'release' }));
  machine.run(plain([2, 9]));
  expect(machine.restart()).toBe(machine.states[2]);
});

test('a checkpoint in the middle of a transaction is refused, and nothing is written any more', () => {
  const machine = new Machine();
  machine.run(plain([1]));
  const journal = machine.files[1]!;
  journal.write(headerOf(`${path}-journal`), { at: 0 });
  journal.write(new Uint8Array(100).fill(1), { at: pageLength });
  expect(() => machine.group.checkpoint()).toThrow('in the middle of a transaction');
  expect(() => machine.files[0]!.flush()).toThrow();
  expect(machine.restart()).toBe(machine.states[0]);
});

test('a file that stops being the journal goes its own way', () => {
  const machine = new Machine();
  machine.run(plain([1]));
  const file = machine.files[1]!;
  file.write(headerOf('other.db3'), { at: 0 });
  file.write(new Uint8Array(pageLength).fill(5), { at: pageLength });
  file.flush();
  expect(pathIn(machine.disks[1].bytes)).toBe('other.db3');
  expect(machine.disks[1].bytes[pageLength]).toBe(5);
  // What had been committed went to the disk with it.
  expect(machine.restart()).toBe(machine.states[1]);
  machine.run(plain([3], { journal: 1, then: 'checkpoint' }));
  expect(machine.restart()).toBe(machine.states[2]);
});
