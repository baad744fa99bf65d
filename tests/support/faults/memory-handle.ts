/** A FileSystemSyncAccessHandle in memory, which fails where it is told to. */
import type { SyncHandle } from '../../../src/engine/opfs/coalesced-file.ts';

export type RawOperation = 'read' | 'write' | 'truncate' | 'flush' | 'getSize' | 'close';

export interface Recorded {
  readonly operation: RawOperation;
  readonly at: number;
  readonly length: number;
}

/** `short`: only half of the bytes are taken, and the count says so. */
export type Fault = 'throw' | 'short';

export class MemoryHandle implements SyncHandle {
  bytes = new Uint8Array(0);
  readonly calls: Recorded[] = [];
  /** The call, counted from now, that fails; and how. */
  fault: { readonly after: number; readonly kind: Fault } | null = null;
  #count = 0;

  read(into: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    const wanted = Math.max(0, Math.min(into.length, this.bytes.length - at));
    const count = this.#begin('read', at, into.length) ? Math.floor(wanted / 2) : wanted;
    into.set(this.bytes.subarray(at, at + count));
    return count;
  }

  write(bytes: Uint8Array<ArrayBuffer>, { at }: { readonly at: number }): number {
    const count = this.#begin('write', at, bytes.length)
      ? Math.floor(bytes.length / 2)
      : bytes.length;
    // As with POSIX, writing nothing extends nothing.
    if (count === 0) return 0;
    if (at + count > this.bytes.length) this.#resize(at + count);
    this.bytes.set(bytes.subarray(0, count), at);
    return count;
  }

  getSize(): number {
    this.#begin('getSize', 0, 0);
    return this.bytes.length;
  }

  truncate(size: number): void {
    this.#begin('truncate', size, 0);
    this.#resize(size);
  }

  flush(): void {
    this.#begin('flush', 0, 0);
  }

  close(): void {
    this.#begin('close', 0, 0);
  }

  /** Answers whether the call is to fall short. */
  #begin(operation: RawOperation, at: number, length: number): boolean {
    const failing = this.fault !== null && this.#count++ >= this.fault.after;
    if (failing && this.fault?.kind === 'throw') throw new Error(`injected: ${operation}`);
    this.calls.push({ operation, at, length });
    return failing;
  }

  #resize(size: number): void {
    const resized = new Uint8Array(size);
    resized.set(this.bytes.subarray(0, size));
    this.bytes = resized;
  }
}
