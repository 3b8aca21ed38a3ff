import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createClient as create, type Options, type Sunsetter } from './client.js';
import type { Storage } from './storage.js';

/** Keeps state as files that only this account can read, each replaced whole or not at all. */
export function fileStorage(directory: string): Storage {
  const file = (key: string) => join(directory, createHash('sha256').update(key).digest('hex').slice(0, 24) + '.json');
  return {
    get(key) {
      try {
        return readFileSync(file(key), 'utf8');
      } catch (problem) {
        if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw problem;
      }
    },
    set(key, value) {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      const unfinished = `${file(key)}.${process.pid}.tmp`;
      writeFileSync(unfinished, value, { mode: 0o600 });
      renameSync(unfinished, file(key));
    },
  };
}

export interface NodeOptions extends Options {
  /** Folder for the last good snapshot and unsent usage; without one they are kept in memory. */
  directory?: string;
}

/** The client for Node: the same, with files for storage and a readable name for this process. */
export function createClient({ directory, ...options }: NodeOptions): Sunsetter {
  return create({
    ...options,
    storage: options.storage ?? (directory ? fileStorage(directory) : undefined),
    instance: options.instance ?? `${hostname()}/node/${process.pid}`,
  });
}

export * from './index.js';
