/** Memory of a process and all that it started. Linux only. */
import { readdir, readFile } from 'node:fs/promises';

interface Process {
  readonly parent: number;
  /** Proportional share where the system knows it: shared pages count once. */
  readonly bytes: number;
}

export async function memoryOf(root: number | undefined): Promise<number | null> {
  if (process.platform !== 'linux' || root === undefined) return null;
  const processes = new Map<number, Process>();
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid)) continue;
    const found = await describe(pid).catch(() => null); // it has ended meanwhile
    if (found !== null) processes.set(pid, found);
  }
  const belongs = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = processes.get(pid)?.parent ?? 0;
    return parent > 0 && belongs(parent);
  };
  let sum = 0;
  for (const [pid, { bytes }] of processes) if (belongs(pid)) sum += bytes;
  return sum;
}

async function describe(pid: number): Promise<Process> {
  const [stat, memory] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/smaps_rollup`, 'utf8'),
  ]);
  // The name in brackets may hold spaces; after it come state and parent.
  const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const pss = /^Pss:\s+(\d+) kB/m.exec(memory)?.[1];
  return { parent: Number(parent), bytes: Number(pss ?? 0) * 1024 };
}
