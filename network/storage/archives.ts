/** Encrypted archives by id, in memory or as files. They cannot be read here, which is their point. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const idForm = /^[0-9a-f-]{36}$/;
const unfinished = '.unfinished';

export interface Archives {
  /** Once this returns, a killed process does not lose it. */
  put(id: string, bytes: Buffer): void;
  get(id: string): Buffer | null;
}

/** @param directory null keeps archives in memory. */
export function openArchives(directory: string | null): Archives {
  if (directory === null) {
    const archives = new Map<string, Buffer>();
    return { put: (id, bytes) => archives.set(id, bytes), get: (id) => archives.get(id) ?? null };
  }
  mkdirSync(directory, { recursive: true });
  for (const name of readdirSync(directory)) {
    if (name.endsWith(unfinished)) rmSync(path.join(directory, name), { force: true });
  }
  return {
    put(id, bytes) {
      // Under its own name a file is always whole.
      const file = path.join(directory, id);
      writeFileSync(file + unfinished, bytes);
      renameSync(file + unfinished, file);
    },
    get(id) {
      // Ids come from outside and become file names.
      if (!idForm.test(id)) return null;
      try {
        return readFileSync(path.join(directory, id));
      } catch {
        return null;
      }
    },
  };
}
