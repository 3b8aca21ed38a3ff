import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Options, Sunsetter } from './api.js';
import { createClient as create } from './client.js';
import type { Bounds } from './outbox.js';
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
  /** Name of this process in the proof of closure, 1 to 100 characters. Default: machine and process id. */
  instance?: string;
}

const signOfLife = 60_000, spread = 2000;

/** A back end counts many people, and nothing closes on it: it keeps and sends more at once. */
const ofBackEnd: Bounds = [16 * 2 ** 20, 500];

/** The client for Node: the same, with files for storage, and a receipt for each version it obeys. */
export function createClient({ directory, instance = `${hostname()}/node/${process.pid}`, ...options }: NodeOptions): Sunsetter {
  let obeyedAt: number | undefined;
  let soon: NodeJS.Timeout | undefined;
  let aliveOn: number | undefined, triedIn: number | undefined;

  /** Nothing to count is something to say: an empty batch tells use that nobody made from use that nobody reported. Tried by the hour until the server has today's. */
  const alive = async () => {
    const hour = Math.floor(client.now() / 36e5), day = Math.floor(hour / 24);
    if (day === aliveOn || hour === triedIn) return;
    triedIn = hour;
    if (await client.post('usage', { batch: randomUUID(), events: [] })) aliveOn = day;
  };

  const receipt = () => {
    void alive();
    if (client.version === undefined) return;
    void client.post('receipts', {
      instance: instance.slice(0, 100), version: client.version, obeyedAt: new Date(obeyedAt!).toISOString(),
      client: 'js/0.1.0', clockOffsetMs: Math.round(client.now() - Date.now()),
    });
  };
  /** Spreads the receipts of many clients for one change; only the newest version is told. */
  const obeys = () => {
    obeyedAt = client.now();
    clearTimeout(soon);
    if (isServerKey) soon = setTimeout(receipt, (options.random ?? Math.random)() * spread).unref();
  };
  const isServerKey = options.key.startsWith('sst_srv_');
  const client = create({
    ...options,
    storage: options.storage ?? (directory ? fileStorage(directory) : { get: () => null, set() {} }),
    onObey(version) {
      obeys();
      options.onObey?.(version);
    },
  }, ofBackEnd);
  // A stored snapshot decides from the start, and the server may have none that is newer.
  if (client.version !== undefined) obeys();
  const regularly = isServerKey ? setInterval(receipt, signOfLife).unref() : undefined;
  const close = client.close;
  client.close = async () => {
    clearTimeout(soon);
    clearInterval(regularly);
    await close();
  };
  return client;
}

export * from './index.js';
