// Reads snapshots and deltas. A document that breaks a rule is refused whole: the caller keeps what it has.
import { xxh32 } from './xxh32.js';

export type State = 'open' | 'warned' | 'brownout' | 'closed';

/** Language tag → text. */
export type Text = Record<string, string>;

export interface Alternative { module?: string; name?: Text; url?: string }
export interface Contact { name?: string; url?: string; email?: string }

/** What a module says about itself, whoever asks. */
export interface ModuleInfo { key: string; name: Text; why?: Text; alternative?: Alternative; contact?: Contact; info?: string }

/** From `at` (ms) on, until the next segment, for `limit` of 10000 buckets. */
export interface Segment { at: number; from: string; state: State; reason: string; share?: number; limit: number }

/** Segments in order; `shared` when some hold for a share of the users only. */
export type Timeline = Segment[] & { shared?: boolean };

export interface Module { about: ModuleInfo; seed: number; fallback: string; timelines: Map<string, Timeline>; customers: Map<string, string> }

export interface Snapshot { version: number; issuedAt: string; modules: Map<string, Module> }

type Json = any;

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/;
const states = /^(open|warned|brownout|closed)$/;

export class BadDocument extends Error {}

function need(ok: unknown, what: string): asserts ok {
  if (!ok) throw new BadDocument(what);
}

const isObject = (value: Json): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
const isText = (value: Json, most: number, least = 0): boolean => typeof value === 'string' && value.length >= least && value.length <= most;
const isId = (value: Json, most: number): boolean => isText(value, most, 1) && !/[\0-\x1f\x7f]/.test(value);
const isVersion = (value: Json): boolean => Number.isSafeInteger(value) && value >= 0;
const absent = (value: Json): boolean => value === undefined;

export function time(value: Json): number {
  const at = instant.test(value) ? Date.parse(value) : NaN;
  // Date.parse turns February 30 into March 1; the text must survive the round trip.
  need(new Date(at || 0).toISOString().slice(0, 19) === String(value).slice(0, 19), 'instant');
  return at;
}

function isUrl(value: Json): boolean {
  return absent(value) || (isText(value, 2000) && /^https?:\/\/[^\s/?#]/i.test(value));
}

function isWords(value: Json): boolean {
  if (!isObject(value)) return false;
  const words = Object.entries(value);
  return words.length > 0 && words.length <= 20 && words.every(([tag, word]) => isText(tag, 35, 1) && isText(word, 4000));
}

function checkAbout(about: Json) {
  need(isId(about.key, 100), 'key');
  need(isWords(about.name), 'name');
  need(absent(about.why) || isWords(about.why), 'why');
  need(isUrl(about.info), 'info');
  const { alternative, contact } = about;
  if (!absent(alternative)) {
    need(isObject(alternative) && (alternative.module ?? alternative.name ?? alternative.url) !== undefined, 'alternative');
    need((absent(alternative.module) || isId(alternative.module, 100)) && (absent(alternative.name) || isWords(alternative.name)) && isUrl(alternative.url), 'alternative');
  }
  if (!absent(contact)) {
    need(isObject(contact) && (contact.name ?? contact.url ?? contact.email) !== undefined, 'contact');
    need((absent(contact.name) || isText(contact.name, 200)) && (absent(contact.email) || isText(contact.email, 320)) && isUrl(contact.url), 'contact');
  }
}

function readTimeline(json: Json): Timeline {
  need(Array.isArray(json) && json.length <= 10000, 'timeline');
  let before = -Infinity;
  const line: Timeline = json.map(({ from, state, reason, share }: Json) => {
    const at = time(from);
    need(states.test(state), 'state');
    need(typeof reason === 'string' && /^[a-z0-9-]{1,64}$/.test(reason), 'reason');
    const limit = absent(share) ? 10001 : Math.round(share * 100);
    need(absent(share) || (typeof share === 'number' && share > 0 && share < 100 && Math.abs(share * 100 - limit) < 1e-6), 'share');
    need(at > before || (at === before && !absent(share)), 'order');
    before = at;
    return { at, from, state, reason, share, limit };
  });
  line.shared = line.some(({ share }) => !absent(share));
  return line;
}

function addTimelines(to: Map<string, Timeline>, json: Json) {
  need(isObject(json), 'timelines');
  for (const [id, line] of Object.entries(json)) {
    need(isText(id, 40, 1), 'timeline id');
    const read = readTimeline(line);
    if (!to.has(id)) to.set(id, read);
  }
}

/** Drops what nobody refers to and checks that every reference holds. */
function finish(module: Module): Module {
  const used = new Set(module.customers.values()).add(module.fallback);
  for (const id of used) need(module.timelines.has(id), 'reference');
  for (const id of module.timelines.keys()) if (!used.has(id)) module.timelines.delete(id);
  checkAbout(module.about);
  return module;
}

function setCustomers(to: Map<string, string>, json: Json, mayRemove: boolean) {
  need(isObject(json), 'customers');
  for (const [customer, line] of Object.entries(json)) {
    need(isId(customer, 200), 'customer');
    if (mayRemove && line === null) to.delete(customer);
    else {
      need(typeof line === 'string', 'customer');
      to.set(customer, line);
    }
  }
}

const aboutMembers = ['key', 'name', 'why', 'alternative', 'contact', 'info'] as const;

function readModule(json: Json): Module {
  need(isObject(json), 'module');
  const about: Json = {};
  for (const member of aboutMembers) if (!absent(json[member])) about[member] = json[member];
  checkAbout(about);
  const module: Module = { about, seed: xxh32(json.key, 0), fallback: json.default, timelines: new Map(), customers: new Map() };
  need(typeof json.default === 'string', 'default');
  addTimelines(module.timelines, json.timelines);
  if (!absent(json.customers)) setCustomers(module.customers, json.customers, false);
  return finish(module);
}

function patchModule(old: Module, patch: Json): Module {
  const about: Json = { ...old.about };
  for (const member of aboutMembers) {
    if (patch[member] === null) delete about[member];
    else if (!absent(patch[member])) about[member] = patch[member];
  }
  need(absent(patch.default) || typeof patch.default === 'string', 'default');
  const module: Module = { ...old, about, fallback: patch.default ?? old.fallback, timelines: new Map(old.timelines), customers: new Map(old.customers) };
  if (!absent(patch.timelines)) addTimelines(module.timelines, patch.timelines);
  if (!absent(patch.customers)) setCustomers(module.customers, patch.customers, true);
  return finish(module);
}

/** Reads a whole snapshot or throws. */
export function readSnapshot(json: Json): Snapshot {
  need(isObject(json) && json.format === 1, 'format');
  need(isVersion(json.version), 'version');
  time(json.issuedAt);
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
  need(isObject(json) && json.format === 1, 'format');
  need(isVersion(json.version) && isVersion(json.base) && json.version > json.base, 'version');
  time(json.issuedAt);
  if (held && json.version <= held.version) return held;
  need(held && json.base === held.version, 'gap');
  const patches = json.modules ?? [], removed = json.removed ?? [];
  need(Array.isArray(patches) && Array.isArray(removed), 'modules');
  const modules = new Map(held.modules), seen = new Set<string>(removed);
  for (const key of removed) need(isId(key, 100), 'removed') , modules.delete(key);
  for (const patch of patches) {
    need(isObject(patch) && !seen.has(patch.key), 'twice');
    seen.add(patch.key);
    const old = modules.get(patch.key);
    modules.set(patch.key, old ? patchModule(old, patch) : readModule(patch));
  }
  return { version: json.version, issuedAt: json.issuedAt, modules };
}

/** The snapshot as a document again, for keeping. */
export function writeSnapshot({ version, issuedAt, modules }: Snapshot): Json {
  return {
    format: 1, version, issuedAt,
    modules: [...modules.values()].map(({ about, fallback, timelines, customers }) => ({
      ...about,
      timelines: Object.fromEntries([...timelines].map(([id, line]) => [id, line.map(({ from, state, reason, share }) => ({ from, state, reason, share }))])),
      default: fallback,
      customers: Object.fromEntries(customers),
    })),
  };
}
