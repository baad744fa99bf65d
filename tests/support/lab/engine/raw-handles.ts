/** Records the raw operations on every file that this worker opens, and injects faults. */
import {
  labChannel,
  type DiskFault,
  type DiskStep,
  type LabAnswer,
  type LabRequest,
} from '../protocol.ts';

const headerLength = 4096;
const channel = new BroadcastChannel(labChannel);
let steps: DiskStep[] = [];
let isRecording = false;
let injected: { fault: DiskFault; after: number } | null = null;

channel.onmessage = ({ data }: MessageEvent<LabRequest | LabAnswer>) => {
  if (!('ask' in data)) return;
  switch (data.ask) {
    case 'record':
      steps = [];
      isRecording = true;
      break;
    case 'spoil':
      injected = { fault: data.fault, after: data.after };
      break;
    case 'recording':
      break;
  }
  channel.postMessage({ steps } satisfies LabAnswer);
};

/** The fault to inject into this operation; null for none. */
function faultFor(operation: 'write' | 'flush'): DiskFault | null {
  if (injected === null || (injected.fault === 'flush') !== (operation === 'flush')) return null;
  if (injected.after-- > 0) return null;
  const { fault } = injected;
  injected = null;
  return fault;
}

class LabHandle {
  readonly #raw: FileSystemSyncAccessHandle;
  #path = '';

  constructor(raw: FileSystemSyncAccessHandle) {
    this.#raw = raw;
    if (raw.getSize() < headerLength) return;
    const header = new Uint8Array(512);
    raw.read(header, { at: 0 });
    this.#path = pathIn(header);
  }

  read(into: Uint8Array<ArrayBuffer>, options: { at: number }): number {
    return this.#raw.read(into, options);
  }

  write(bytes: Uint8Array<ArrayBuffer>, { at }: { at: number }): number {
    if (at === 0) this.#path = pathIn(bytes) || this.#path;
    this.#record('write', at, bytes.length);
    if (at === 0) this.#path = pathIn(bytes);
    const fault = faultFor('write');
    if (fault === null) return this.#raw.write(bytes, { at });
    if (fault === 'refused') throw new DOMException('injected', 'QuotaExceededError');
    const count = this.#raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), { at });
    this.#raw.flush();
    if (fault === 'torn') throw new DOMException('injected', 'InvalidStateError');
    return count;
  }

  getSize(): number {
    return this.#raw.getSize();
  }

  truncate(size: number): void {
    this.#record('truncate', size, 0);
    this.#raw.truncate(size);
  }

  flush(): void {
    this.#record('flush', 0, 0);
    if (faultFor('flush') !== null) throw new DOMException('injected', 'InvalidStateError');
    this.#raw.flush();
  }

  close(): void {
    this.#raw.close();
  }

  #record(operation: DiskStep['operation'], at: number, length: number): void {
    if (isRecording) steps.push({ path: this.#path, operation, at, length });
  }
}

function pathIn(header: Uint8Array): string {
  const bytes = header.slice(0, 512);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}

const { prototype } = FileSystemFileHandle;
const open = prototype.createSyncAccessHandle;
prototype.createSyncAccessHandle = async function (this: FileSystemFileHandle) {
  return new LabHandle(await open.call(this));
};
