/** One network at a time owns a data directory: two of them would write over each other. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export class DataInUse extends Error {
  override readonly name = 'DataInUse';
  constructor(directory: string, owner: number, file: string) {
    super(
      `${directory} is in use by another local network (process ${owner}). Stop it, or choose ` +
        `another directory. If there is none, delete ${file}.`,
    );
  }
}

const heldHere = new Set<string>();

/** Answers a function that releases the directory. What a killed process held is taken over. */
export function lockData(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const file = path.resolve(directory, 'lock');
  const owner = ownerOf(file);
  // After a kill, a container may well give the next process the same number.
  if (owner !== null && (owner === process.pid ? heldHere.has(file) : isAlive(owner))) {
    throw new DataInUse(directory, owner, file);
  }
  writeFileSync(file, String(process.pid));
  heldHere.add(file);
  return () => {
    heldHere.delete(file);
    rmSync(file, { force: true });
  };
}

function ownerOf(file: string): number | null {
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(owner) && owner > 0 ? owner : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Whose process it is does not matter, only that it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
