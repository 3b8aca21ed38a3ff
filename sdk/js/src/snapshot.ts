// Reads snapshots and deltas. A document that breaks a rule is refused whole: the caller keeps what it has.
import { xxh32 } from './xxh32.js';

export type State = 'open' | 'warned' | 'brownout' | 'closed';

/** Language tag → text. */
export type Text = Record<string, string>;

export interface Alternative { module?: string; name?: Text; url?: string }
export interface Contact { name?: string; url?: string; email?: string }

/** What a module says about itself, whoever asks. */
export interface ModuleInfo { key: string; name: Text; why?: Text; alternative?: Alternative; contact?: Contact; info?: string }

/** From `at` (ms) on, until the next segment, for the users whose bucket is below `limit`. */
export interface Segment { at: number; state: State; reason: string; limit: number }

/** Above every bucket, also that of nobody in particular. */
const everyone = 10001;

/** Segments in order; `shared` when some hold for a share of the users only; `announced`: a closing that is not certain yet. */
export type Timeline = Segment[] & { shared?: boolean; announced?: number };

export interface Module { about: ModuleInfo; seed: number; fallback: string; timelines: Map<string, Timeline>; customers: Map<string, string>; json: any }

export interface Snapshot { version: number; issuedAt: string; modules: Map<string, Module> }

type Json = any;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;

function need(ok: unknown, what = 'refused'): asserts ok {
  if (!ok) throw Error(what);
}

const isObject = (value: Json): boolean => value instanceof Object && !Array.isArray(value);
const isText = (value: Json, most: number, least = 0): boolean => typeof value === 'string' && value.length >= least && value.length <= most;
const isId = (value: Json, most: number): boolean => isText(value, most, 1) && !/[\0-\x1f\x7f]/.test(value);
const isVersion = (value: Json): boolean => Number.isSafeInteger(value) && value >= 0;
const absent = (value: Json): boolean => value === undefined;

export function time(value: Json): number {
  const at = Date.parse(value);
  // Date.parse turns February 30 into March 1; the text must survive the round trip.
  need(instant.test(value) && new Date(at).toISOString().slice(0, 19) === value.slice(0, 19), 'instant');
  return at;
}

const isUrl = (value: Json): boolean => isText(value, 2000) && /^https?:\/\/[^\s/?#]/i.test(value);

function isWords(value: Json): boolean {
  if (!isObject(value)) return false;
  const words = Object.entries(value);
  if (new Set(words.map(([tag]) => tag.toLowerCase())).size < words.length) return false; // Node only
  return words.length > 0 && words.length <= 20 && words.every(([tag, word]) => isId(tag, 35) && isText(word, 4000));
}

/** Each member absent or of the right kind, and at least one there. */
function checkOneOf(json: Json, rules: Record<string, (value: Json) => boolean>, what?: string) {
  if (absent(json)) return;
  const members = isObject(json) ? Object.entries(rules).filter(([member]) => !absent(json[member])) : [];
  need(members.length && members.every(([member, rule]) => rule(json[member])), what);
}

function readTimeline(json: Json): Timeline {
  need(Array.isArray(json) && json.length <= 10000, 'timeline');
  let before = -Infinity, announced: number | undefined;
  const line: Timeline = json.map(({ from, state, reason, share, closes }: Json) => {
    const at = time(from);
    need(/^(open|warned|brownout|closed)$/.test(state), 'state');
    need(isText(reason, 64) && /^[a-z0-9-]+$/.test(reason), 'reason');
    const limit = absent(share) ? everyone : Math.round(share * 100);
    need(absent(share) || (typeof share === 'number' && limit > 0 && limit < 10000 && Math.abs(share * 100 - limit) < 1e-6), 'share');
    need(at > before || (at === before && limit < everyone), 'order');
    before = at;
    if (!absent(closes)) announced = time(closes);
    return { at, state, reason, limit };
  });
  line.announced = announced;
  line.shared = line.some(({ limit }) => limit < everyone);
  return line;
}

function readModule(json: Json): Module {
  need(isObject(json), 'module');
  const { key, name, why, alternative, contact, info, timelines, customers = {}, default: fallback } = json;
  need(isId(key, 100), 'key');
  need(isWords(name), 'name');
  need(absent(why) || isWords(why), 'why');
  need(absent(info) || isUrl(info), 'info');
  checkOneOf(alternative, { module: (value) => isId(value, 100), name: isWords, url: isUrl }, 'alternative');
  checkOneOf(contact, { name: (value) => isId(value, 200), email: (value) => isId(value, 320), url: isUrl }, 'contact');
  need(isObject(timelines) && isObject(customers), 'timelines');
  const lines = new Map<string, Timeline>(), byCustomer = new Map<string, string>(), used = new Set([fallback]);
  for (const [id, line] of Object.entries(timelines)) {
    need(isId(id, 40), 'timeline');
    lines.set(id, readTimeline(line));
  }
  for (const [customer, line] of Object.entries(customers) as [string, string][]) {
    need(isId(customer, 200), 'customer');
    byCustomer.set(customer, line);
    used.add(line);
  }
  need(lines.size <= 1e5 && byCustomer.size <= 1e6, 'limit'); // Node only
  for (const id of used) need(lines.has(id), 'reference');
  return { about: { key, name, why, alternative, contact, info }, seed: xxh32(key, 0), fallback, timelines: lines, customers: byCustomer, json };
}

const withoutNulls = (json: object) => Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null));

/** A module's document after a patch: timelines are added, nulls remove, what nobody refers to is dropped. */
function patchModule({ json }: Module, patch: Json): Module {
  need(absent(patch.timelines) || isObject(patch.timelines), 'timelines');
  need(absent(patch.customers) || isObject(patch.customers), 'customers');
  for (const line of Object.values(patch.timelines ?? {})) readTimeline(line);
  const merged: Json = withoutNulls({ ...json, ...patch });
  merged.customers = withoutNulls({ ...json.customers, ...patch.customers });
  const used = new Set([merged.default, ...Object.values(merged.customers)]);
  merged.timelines = Object.fromEntries(Object.entries({ ...patch.timelines, ...json.timelines }).filter(([id]) => used.has(id)));
  return readModule(merged);
}

/** Nested too deep is refused before anything walks it: writing such a document again would overflow the stack of the host. */
function checkDepth(json: Json, levels: number) {
  if (!(json instanceof Object)) return;
  need(levels, 'depth');
  for (const one of Object.values(json)) checkDepth(one, levels - 1);
}

const membersOf = (json: Json): number => (json instanceof Object ? Object.values(json).reduce((sum: number, one) => sum + membersOf(one), Array.isArray(json) ? 0 : Object.keys(json).length) : 0);

/** Every string in turn; those before a colon are members. */
function membersIn(text: string): number {
  let members = 0;
  for (const [, colon] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g)) if (colon) members++;
  return members;
}

/** JSON as every client reads it. Of a member that is there twice a browser takes the last, as it always does; in Node such a document is refused. */
export function parse(text: string): Json {
  const json = JSON.parse(text);
  need(membersIn(text) === membersOf(json), 'twice'); // Node only
  return json;
}

function checkHead(json: Json) {
  checkDepth(json, 16);
  need(isObject(json) && json.format === 1, 'format');
  need(isVersion(json.version), 'version');
  time(json.issuedAt);
}

/** Reads a whole snapshot or throws. */
export function readSnapshot(json: Json): Snapshot {
  checkHead(json);
  need(Array.isArray(json.modules) && json.modules.length <= 10000, 'modules');
  const modules = new Map<string, Module>();
  for (const module of json.modules) {
    need(!modules.has(module?.key), 'twice');
    modules.set(module?.key, readModule(module));
  }
  return { version: json.version, issuedAt: json.issuedAt, modules };
}

/** The snapshot after a delta; the same one when the delta is already known; throws when a re-sync is needed. */
export function applyDelta(held: Snapshot | undefined, json: Json): Snapshot {
  checkHead(json);
  need(isVersion(json.base) && json.version > json.base, 'version');
  if (held && json.version <= held.version) return held;
  need(held && json.base === held.version, 'gap');
  const patches = json.modules ?? [], removed = json.removed ?? [];
  need(Array.isArray(patches) && Array.isArray(removed), 'modules');
  const modules = new Map(held.modules), seen = new Set<string>();
  for (const key of removed) {
    need(isId(key, 100) && !seen.has(key), 'twice');
    seen.add(key);
    modules.delete(key);
  }
  for (const patch of patches) {
    need(isObject(patch) && !seen.has(patch.key), 'twice');
    seen.add(patch.key);
    const old = modules.get(patch.key);
    modules.set(patch.key, old ? patchModule(old, patch) : readModule(patch));
  }
  return { version: json.version, issuedAt: json.issuedAt, modules };
}

/** The snapshot as a document again, for keeping. */
export const writeSnapshot = ({ version, issuedAt, modules }: Snapshot): Json => ({ format: 1, version, issuedAt, modules: [...modules.values()].map(({ json }) => json) });
