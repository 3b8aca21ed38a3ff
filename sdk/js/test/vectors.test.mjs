import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applyDelta, decide, readSnapshot } from '../dist/index.js';
import { parse } from '../dist/snapshot.js';
import { bucketOf, xxh32 } from '../dist/xxh32.js';

const vectors = (name) => JSON.parse(readFileSync(new URL(`../../../test/vectors/${name}.json`, import.meta.url), 'utf8'));
const text = (at) => (at === undefined ? null : new Date(at).toISOString());

test('Every client gives the agreed answers', () => {
  const { snapshot, cases } = vectors('decisions');
  const read = readSnapshot(snapshot);
  assert.ok(cases.length > 500);
  for (const { module, customer, user, at, answer } of cases) {
    const given = decide(read, module, customer ?? undefined, user ?? undefined, Date.parse(at));
    assert.deepEqual({
      state: given.state, reason: given.reason, validUntil: text(given.validUntil), until: text(given.until),
      closesAt: text(given.closesAt), announcedAt: text(given.announcedAt),
    }, answer, JSON.stringify({ module, customer, user, at }));
  }
});

test('Every client refuses the same documents', () => {
  const { wholesome, spoiled } = vectors('refused');
  readSnapshot(wholesome);
  for (const { at, value } of spoiled) {
    const document = structuredClone(wholesome), steps = at.split('/'), last = steps.pop();
    const parent = steps.reduce((node, step) => node[step], document);
    if (value === '(absent)') delete parent[last];
    else parent[last] = value;
    assert.throws(() => readSnapshot(document), `${at} = ${JSON.stringify(value)} was taken`);
  }
});

test('A member that is there twice is found in Node, however it is written', () => {
  const text = JSON.stringify({ ...vectors('refused').wholesome, 'a "quoted": word': 'and, "this": \\' });
  assert.deepEqual(parse(text), JSON.parse(text));
  for (const twice of [text.replace('"version":', '"version":7,"version":'), text.replace('"version":', String.raw`"versio\u006e" : 7,"version":`), text.replace('"customers":{', '"customers":{"huaxin":"a",')]) {
    assert.notEqual(twice, text);
    assert.throws(() => parse(twice), /twice/);
  }
});

test('Users fall into the published buckets', () => {
  for (const [module, user, hash, bucket] of [
    ['rooms-legacy', 'user-1', 0x037c5913, 136], ['rooms-legacy', 'user-2', 0x9a40a247, 6025], ['rooms-legacy', 'u', 0x4dc841d6, 3038],
    ['rooms-legacy', '0190b8a4-7c1e-7d2a-9f00-3b5c6d7e8f90', 0x5c622a2a, 3608], ['spaces', 'user-1', 0x9ed49c0d, 6204],
    ['旧版群聊室', '张伟', 0xba2b2aa9, 7272], ['voice', '😀@example.com', 0x4cb2a24e, 2996],
  ]) {
    const seed = xxh32(module, 0);
    assert.equal(xxh32(user, seed), hash);
    assert.equal(bucketOf(user, seed), bucket);
  }
});

test('Deltas in any order, lost or repeated, lead to the whole snapshot', () => {
  const line = (state) => [{ from: '2020-01-01T00:00:00Z', state, reason: 'retired' }];
  const version = (number, customers) => ({
    format: 1, version: number, issuedAt: '2026-11-22T16:00:00Z',
    modules: [{ key: 'm', name: { en: 'M' }, timelines: { o: line('open'), c: line('closed'), w: line('warned') }, default: 'o', customers }],
  });
  const wholes = [version(1, { a: 'c' }), version(2, { a: 'c', b: 'w' }), version(3, { b: 'c' }), version(4, { a: 'w', __proto__x: 'c' })];
  const changes = [{ b: 'w' }, { a: null, b: 'c' }, { a: 'w', b: null, __proto__x: 'c' }];
  const deltas = changes.map((customers, i) => ({
    format: 1, base: i + 1, version: i + 2, issuedAt: '2026-11-22T16:00:00Z',
    modules: [{ key: 'm', timelines: { c: line('closed'), w: line('warned') }, customers }],
  }));
  const states = (snapshot) => ['a', 'b', 'c', '__proto__x'].map((customer) => decide(snapshot, 'm', customer, 'u', Date.now()).state);
  for (let seed = 0; seed < 300; seed++) {
    let held = readSnapshot(wholes[0]), chance = seed;
    for (let step = 0; step < 8; step++) {
      chance = (chance * 1103515245 + 12345) % 2147483648;
      const i = Math.floor(chance / 65536) % deltas.length;
      try {
        held = applyDelta(held, deltas[i]);
      } catch {
        held = readSnapshot(wholes[i + 1]);
      }
      assert.deepEqual(states(held), states(readSnapshot(wholes[held.version - 1])));
    }
  }
});

test('A delta that breaks a rule changes nothing', () => {
  const held = readSnapshot(vectors('refused').wholesome);
  const delta = (change) => ({ format: 1, base: 42, version: 43, issuedAt: '2026-11-22T16:00:00Z', modules: [{ key: 'rooms-legacy', ...change }] });
  for (const change of [{ name: null }, { default: null }, { default: 'c' }, { customers: { huaxin: 'c' } }, { timelines: { c: [{ from: 'soon' }] } }, { timelines: null }, { customers: [] }, { key: 'new' }]) {
    assert.throws(() => applyDelta(held, delta(change)), JSON.stringify(change));
  }
  assert.throws(() => applyDelta(held, { ...delta({}), removed: ['rooms-legacy'] }));
  assert.throws(() => applyDelta(held, { ...delta({}), removed: ['gone', 'gone'] }));
  assert.equal(applyDelta(held, { ...delta({}), base: 41, version: 42 }), held);
  assert.equal(applyDelta(held, delta({ why: null, contact: null })).modules.get('rooms-legacy').about.why, undefined);
});
