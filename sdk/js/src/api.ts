// What a host sees: how to set the client up, and what it can be asked.
import type { Answer } from './decide.js';
import type { State } from './snapshot.js';
import type { Storage } from './storage.js';

export interface Options {
  /** The server's address. */
  url: string;
  /** A browser key (`sst_web_…`) in pages, a server key (`sst_srv_…`) in Node. */
  key: string;
  /** For browser keys: the signed context token, made by your back end. Called at each connection. */
  context?: () => string | Promise<string>;
  /** Who is asked about when a call does not say. With a signed context the server knows them; a module that closes for a share of the users needs `user` here too. */
  customer?: string;
  user?: string;
  /** The answer for a module that no snapshot names. Default: open. */
  whenUnknown?: State;
  /** How often counted use is sent, in ms; an hour at most. Default: 60,000. */
  usageInterval?: number;
  /** Default: local storage in a page, memory elsewhere; a folder with `@sunsetter/client/node`. */
  storage?: Storage;
  /** Told of what went wrong. Nothing is ever thrown. */
  onProblem?: (problem: string) => void;
  /** Told when another version begins to decide. */
  onObey?: (version: number) => void;
  /** Chance, 0 to 1; for tests. */
  random?: () => number;
}

/** A friendly word for the signed-in person. Texts by language tag. */
export interface Notice {
  id: string;
  module: string;
  title: Record<string, string>;
  body: Record<string, string>;
  url?: string;
  closesAt?: string;
  acknowledge?: boolean;
}

export type Mark = 'seen' | 'dismissed' | 'acknowledged';

/** The client. No member throws because of the server, the network or the storage. */
export interface Sunsetter {
  /** The version of the snapshot that decides, undefined before the first. */
  readonly version: number | undefined;
  /** The server's time, ms since 1970. */
  now(): number;
  /** Whether the module is open, from memory. Counts nothing. */
  ask(module: string, customer?: string, user?: string): Answer;
  /** The same for somebody who uses the module at this moment: counts the use, or the refusal. */
  use(module: string, customer?: string, user?: string): Answer;
  /** Tells the answer now and whenever it changes, also by the mere passing of time. Returns how to stop. */
  watch(module: string, tell: (answer: Answer) => void, customer?: string, user?: string): () => void;
  /** What the signed-in person should be told inside the application. Empty when the server is out of reach. */
  notices(customer?: string, user?: string): Promise<Notice[]>;
  /** Reports what the person did with a notice. Survives a lost connection. */
  mark(notice: string, mark: Mark, customer?: string, user?: string): void;
  /** Sends a document to the server, once; whether it has arrived. */
  post(path: string, body: unknown): Promise<boolean>;
  /** Sends what was counted. */
  flush(): Promise<void>;
  /** Sends what was counted and stops. */
  close(): Promise<void>;
}
