import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { getEventListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient as createBrowserClient } from '../dist/client.js';
import { ServerClock } from '../dist/clock.js';
import { sender, silent } from '../dist/connection.js';
import { createClient } from '../dist/node.js';
import { ofPage, Outbox } from '../dist/outbox.js';
import { WireServer, until } from './wire-server.mjs';

const hour = 36e5;
const at = (ms) => new Date(Date.now() + ms).toISOString();
const segment = (from, state, reason = 'retired', share) => ({ from: at(from), state, reason, share });
const closed = [segment(-hour, 'closed')];
const snapshot = (version, line, customers) => ({
  format: 1, version, issuedAt: at(0),
  modules: [{ key: 'rooms-legacy', name: { en: 'Legacy rooms' }, timelines: { a: line, o: [] }, default: 'a', customers }],
});
const directory = () => mkdtempSync(join(tmpdir(), 'sunsetter-'));

async function withServer(act, first = snapshot(1, closed)) {
  const server = new WireServer();
  server.current = first;
  await server.start();
  const clients = [];
  const connect = (options = {}) => {
    const client = createClient({ url: server.url, key: 'sst_srv_k1_s', instance: 'test', random: () => 0.1, ...options });
    clients.push(client);
    return client;
  };
  try {
    await act(server, connect);
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await server.kill();
  }
}

test('A change reaches a connected client', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  assert.equal(client.ask('rooms-legacy').state, 'closed');
  server.send('delta', { format: 1, base: 1, version: 2, issuedAt: at(0), modules: [{ key: 'rooms-legacy', timelines: { r: [] }, customers: { huaxin: 'r' } }] }, 2);
  await until(() => client.version === 2, 'version 2');
  assert.equal(client.ask('rooms-legacy', 'huaxin').state, 'open');
  assert.equal(client.ask('rooms-legacy', 'other').state, 'closed');
  assert.equal(server.polls, 0);
}));

test('Without a server the stored snapshot answers at once', () => withServer(async (server, connect) => {
  const kept = directory();
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  await server.kill();
  assert.equal(connect({ directory: kept }).ask('rooms-legacy').state, 'closed');
}));

test('A stored snapshot is resumed and not sent again', () => withServer(async (server, connect) => {
  const kept = directory();
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  connect({ directory: kept });
  await until(() => server.connections === 2, 'the second client connected');
  assert.equal(server.lastEventId, '1 ' + server.current.issuedAt);
}));

test('A damaged store is no snapshot and is said so', () => withServer(async (server, connect) => {
  const kept = directory();
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  await server.kill();
  for (const file of readdirSync(kept)) writeFileSync(join(kept, file), '{"snapshot":{"format":1');
  const problems = [];
  const second = connect({ directory: kept, whenUnknown: 'closed', onProblem: (problem) => problems.push(problem) });
  assert.deepEqual([second.ask('rooms-legacy').state, second.ask('rooms-legacy').reason], ['closed', 'no-snapshot']);
  assert.match(problems[0], /^storage: /);
}));

test('A killed server changes no answer and a restarted one is found again', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  await server.kill();
  assert.equal(client.ask('rooms-legacy').state, 'closed');
  server.current = snapshot(2, []);
  await server.start();
  await until(() => client.version === 2, 'the restarted server');
  assert.equal(client.ask('rooms-legacy').state, 'open');
}));

test('Without a stream the client polls', () => withServer(async (server, connect) => {
  server.noStream = true;
  const client = connect();
  await until(() => client.version === 1, 'the poll');
  assert.ok(server.polls >= 1);
}));

for (const rubbish of ['not json', '{}', '{"format":1,"version":9,"issuedAt":"2026-11-22T16:00:00Z","modules":[{"key":"rooms-legacy"}]}', '{"format":2,"version":9,"issuedAt":"2026-11-22T16:00:00Z","modules":[]}']) {
  test('Rubbish is refused whole and the last good snapshot still decides: ' + rubbish.slice(0, 30), () => withServer(async (server, connect) => {
    const problems = [];
    const client = connect({ onProblem: (problem) => problems.push(problem) });
    await until(() => client.version === 1, 'version 1');
    server.rubbish = rubbish;
    server.send('snapshot', rubbish, 9);
    await until(() => problems.length, 'the refusal was reported');
    assert.deepEqual([client.version, client.ask('rooms-legacy').state], [1, 'closed']);
    server.rubbish = undefined;
    server.current = snapshot(10, []);
    await until(() => client.version === 10, 'good sense was obeyed again');
  }));
}

test('A delta with a gap makes the client fetch the whole', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  server.current = snapshot(3, []);
  server.send('delta', { format: 1, base: 2, version: 3, issuedAt: at(0) }, 3);
  await until(() => client.version === 3, 'the whole');
  assert.equal(server.polls, 1);
}));

for (const error of [-hour, hour]) {
  test(`A clock that is wrong by ${error / hour} h is corrected by the server's`, () => withServer(async (server, connect) => {
    server.clockError = error;
    // Closed from half an hour after the server's time on: a client with its own clock would be an hour off.
    server.current = snapshot(1, [segment(error + 1500, 'closed')]);
    const client = connect();
    await until(() => client.version === 1, 'version 1');
    assert.ok(Math.abs(client.now() - server.now()) < 100, 'within 100 ms of the server');
    assert.equal(client.ask('rooms-legacy').state, 'open');
    await until(() => client.ask('rooms-legacy').state === 'closed', 'the closing');
    assert.ok(server.now() - Date.parse(server.current.modules[0].timelines.a[0].from) >= -50, 'not before its time');
  }));
}

test('The last known clock error outlives a restart without the server', () => withServer(async (server, connect) => {
  server.clockError = hour;
  const kept = directory();
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  await server.kill();
  assert.ok(Math.abs(connect({ directory: kept }).now() - Date.now() - hour) < 1000);
}));

test('A watcher is told at the scheduled instant although nothing is sent', () => withServer(async (server, connect) => {
  server.current = snapshot(1, [segment(400, 'closed')]);
  const client = connect(), told = [];
  await until(() => client.version === 1, 'version 1');
  client.watch('rooms-legacy', ({ state }) => told.push(state));
  assert.deepEqual(told, ['open']);
  await until(() => told.length === 2, 'the flip');
  assert.deepEqual(told, ['open', 'closed']);
  assert.equal(server.connections, 1);
}));

test('Use is counted per person, refused calls apart, and sent once', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  client.use('spaces', 'huaxin', 'li');
  client.use('spaces', 'huaxin', 'li');
  client.use('rooms-legacy', 'huaxin', 'li');
  client.use('spaces', 'huaxin', undefined);
  await client.flush();
  await client.flush();
  const batches = server.received.filter(({ path }) => path === 'usage');
  assert.equal(batches.length, 1);
  assert.equal(batches[0].key, batches[0].body.batch);
  assert.deepEqual(batches[0].body.events.map(({ module, customer, user, count, refused }) => [module, customer, user, count, refused]),
    [['spaces', 'huaxin', 'li', 2, false], ['rooms-legacy', 'huaxin', 'li', 1, true]]);
  for (const { time } of batches[0].body.events) assert.equal(Date.parse(time) % 9e5, 0);
}));

test('A batch survives a lost connection and a restart under the same id', () => withServer(async (server, connect) => {
  const kept = directory();
  server.postStatus = 503;
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  first.use('spaces', 'huaxin', 'li');
  await first.close();
  server.postStatus = undefined;
  await connect({ directory: kept }).flush();
  const batches = server.received.filter(({ path }) => path === 'usage');
  assert.deepEqual(batches.map(({ status }) => status), [503, 202]);
  assert.equal(batches[0].body.batch, batches[1].body.batch);
  // Nothing in it says when it was cut: the server would take the delay for a slow clock and move the use.
  assert.deepEqual([Object.keys(batches[1].body), batches[1].body.events], [['batch', 'events'], batches[0].body.events]);
}));

test('A batch that the server will never take does not hold up the next', () => withServer(async (server, connect) => {
  const client = connect();
  server.postStatus = 400;
  client.use('spaces', 'huaxin', 'li');
  await client.flush();
  server.postStatus = undefined;
  client.use('spaces', 'huaxin', 'wang');
  await client.flush();
  assert.deepEqual(server.received.filter(({ path }) => path === 'usage').map(({ body, status }) => [body.events[0].user, status]), [['li', 400], ['wang', 202]]);
}));

test('The version obeyed is receipted', () => withServer(async (server, connect) => {
  connect();
  await until(() => server.received.some(({ path }) => path === 'receipts'), 'the receipt');
  const { body } = server.received.find(({ path }) => path === 'receipts');
  assert.deepEqual([body.instance, body.version, body.client], ['test', 1, 'js/0.1.0']);
}));

test('A browser key sends its context and no receipts', () => withServer(async (server, connect) => {
  const client = connect({ key: 'sst_web_k2_y', context: async () => 'payload.signature', random: () => 0 });
  await until(() => client.version === 1, 'version 1');
  await client.flush();
  assert.ok(server.contexts.every((context) => context === 'payload.signature'));
  assert.ok(!server.received.some(({ path }) => path === 'receipts'));
}));

test('Notices are read and marked', () => withServer(async (server, connect) => {
  server.notices = [{ id: 'n/1', module: 'rooms-legacy', title: { en: 'Going' }, body: { en: 'Soon' } }];
  const client = connect({ customer: 'huaxin', user: 'li' });
  assert.deepEqual((await client.notices()).map(({ id }) => id), ['n/1']);
  client.mark('n/1', 'acknowledged');
  await until(() => server.received.some(({ path }) => path === 'notices/n%2F1/acknowledged'), 'the mark');
  await server.kill();
  assert.deepEqual(await client.notices(), []);
}));

test('Nothing is thrown into the host, whatever it asks', () => withServer(async (server, connect) => {
  const client = connect();
  for (const odd of [undefined, null, '', 7, {}, '__proto__', 'constructor']) assert.ok(client.ask(odd, odd, odd).isOpen);
  const problems = [];
  const other = connect({ onProblem: () => { problems.push(1); throw new Error('the host fails'); } });
  other.watch('rooms-legacy', () => { throw new Error('the host fails'); });
  await until(() => problems.length, 'the problem was told');
}));

test('A server that was set back to a backup and counted up to the same version is noticed', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  server.current = { ...snapshot(1, []), issuedAt: at(-hour) };
  server.sendTime();
  await until(() => client.ask('rooms-legacy').state === 'open', 'the other version 1');
  assert.equal(client.version, 1);
}));

test('Nobody is sent away for so long that the timer overflows and it becomes no time at all', () => withServer(async (server, connect) => {
  server.noStream = '99999999';
  connect();
  await until(() => server.polls === 1, 'the first poll');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(server.connections, 1);
}));

test('A clock that is set back opens nothing, also without the server', () => withServer(async (server, connect) => {
  const kept = directory();
  const first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  await server.kill();
  const client = connect({ directory: kept }), before = client.now(), right = Date.now;
  try {
    Date.now = () => right() - hour;
    assert.ok(Math.abs(client.now() - before) < 1000);
    assert.ok(Math.abs(client.now() - before) < 1000, 'and only once');
  } finally {
    Date.now = right;
  }
}));

test('Where only the signed context knows the person, nothing is kept for the next', () => withServer(async (server) => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  try {
    for (const [options, most] of [[{ context: () => 'c' }, 0], [{ context: () => 'c', customer: 'huaxin', user: 'li' }, 2]]) {
      const client = createBrowserClient({ url: server.url, key: 'sst_web_k1_s', ...options });
      await until(() => client.version === 1, 'version 1');
      client.mark('n', 'seen');
      await client.close();
      assert.equal(kept.size, most);
    }
  } finally {
    delete globalThis.localStorage;
  }
}));

test('Even forty events of the longest names fit into what a browser sends while its page closes', () => {
  const bodies = [], outbox = new Outbox({ get: () => null, set() {} }, 'out', ofPage, async (path, id, body) => (bodies.push(body), 'done'), () => {});
  for (let n = 0; n < 41; n++) outbox.count('块'.repeat(80), '户'.repeat(120), '人'.repeat(198) + (n + 10), true, 0);
  return outbox.send().then(() => {
    assert.deepEqual(bodies.map((body) => JSON.parse(body).events.length), [40, 1]);
    assert.ok(Buffer.byteLength(bodies[0]) <= 64 * 1024);
  });
});

test('Two pages of one person lose nothing of each other', () => {
  const kept = new Map(), storage = { get: (key) => kept.get(key) ?? null, set: (key, value) => kept.set(key, value) };
  const page = () => new Outbox(storage, 'out', ofPage, async () => 'later', () => {});
  const [one, other] = [page(), page()];
  one.put('usage', { of: 'one' });
  other.put('usage', { of: 'other' });
  const sent = [];
  return new Outbox(storage, 'out', ofPage, async (path, id, body) => (sent.push(body), 'done'), () => {}).send()
    .then(() => assert.deepEqual(sent.sort(), ['{"of":"one"}', '{"of":"other"}']));
});

test('A damaged clock error and a host that fails when told harm nobody', () => withServer(async (server, connect) => {
  const storage = { get: (key) => (key.endsWith('|out') ? null : JSON.stringify({ offset: 1e300, snapshot: snapshot(1, closed) })), set() {} };
  const client = connect({ storage, onObey: () => { throw new Error('the host fails'); } });
  assert.ok(Math.abs(client.now() - Date.now()) < 1000);
  client.mark('\ud800', 'seen');
  server.current = snapshot(2, []);
  server.send('snapshot', server.current, 2);
  await until(() => client.version === 2, 'version 2');
  assert.equal(server.connections, 1);
}));

test('A body that stops in the middle is given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(globalThis, 'fetch', async (url, { signal }) => new Response(new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"half":'));
      signal.addEventListener('abort', () => controller.error(new Error('given up')));
    },
  })));
  const send = sender({ url: 'http://server', key: 'k' }, new ServerClock(0), new AbortController().signal);
  const whole = (await send('gates')).json();
  t.mock.timers.tick(45_000);
  await assert.rejects(whole, /given up/);
});

test('A busy back end loses nobody: four thousand people in one interval', () => withServer(async (server, connect) => {
  const problems = [], kept = directory(), client = connect({ directory: kept, onProblem: (problem) => problems.push(problem) });
  await until(() => client.version === 1, 'version 1');
  for (let n = 0; n < 4000; n++) client.use('spaces', 'huaxin', 'user-' + n);
  await client.flush();
  const batches = server.received.filter(({ path, body }) => path === 'usage' && body.events.length).map(({ body }) => body.events);
  assert.ok(batches.every((events) => events.length <= 500));
  assert.equal(new Set(batches.flat().map(({ user }) => user)).size, 4000);
  assert.deepEqual(problems, []);
}));

test('What has no room gives way from its old end, and that is said; the newest is kept however large', () => {
  const sent = [], problems = [], outbox = new Outbox({ get: () => null, set() {} }, 'out', [10, 1], async (path, id, body) => (sent.push(body), 'done'), (...problem) => problems.push(problem));
  outbox.put('usage', 'first and large');
  assert.deepEqual(problems, []);
  outbox.put('usage', 'second and large');
  assert.deepEqual(problems, [['outbox', 'full']]);
  return outbox.send().then(() => assert.deepEqual(sent, ['"second and large"']));
});

test('A back end says once a day that it is alive, also when it has nothing to count', () => withServer(async (server, connect) => {
  connect();
  await until(() => server.received.some(({ path }) => path === 'usage'), 'the empty batch');
  assert.deepEqual(server.received.find(({ path }) => path === 'usage').body.events, []);
  server.send('snapshot', snapshot(2, []), 2);
  await until(() => server.received.filter(({ path }) => path === 'receipts').length === 2, 'the next receipt');
  assert.equal(server.received.filter(({ path }) => path === 'usage').length, 1);
}));

test('A page whose signed context knows the person counts without naming them', () => withServer(async (server) => {
  const client = createBrowserClient({ url: server.url, key: 'sst_web_k1_s', context: () => 'c' });
  client.use('spaces');
  await client.close();
  assert.deepEqual(server.received.map(({ path, body }) => [path, body.events.map(({ module, customer, user, count }) => [module, customer, user, count])]), [['usage', [['spaces', undefined, undefined, 1]]]]);
}));

test('A host whose context never comes is given up and asked again', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const send = sender({ url: 'http://server', key: 'k', context: () => new Promise(() => {}) }, new ServerClock(0), new AbortController().signal);
  const answer = send('gates');
  t.mock.timers.tick(10_000);
  await assert.rejects(answer, /context/);
});

test('Watchers that come and go leave nothing behind, and the rest end with the client', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  const listen = AbortSignal.prototype.addEventListener;
  let listeners = 0;
  AbortSignal.prototype.addEventListener = function (...all) { listeners++; return listen.apply(this, all); };
  try {
    for (let n = 0; n < 100; n++) client.watch('rooms-legacy', () => {})();
  } finally {
    AbortSignal.prototype.addEventListener = listen;
  }
  assert.equal(listeners, 0);
}));

test('A request that is over lets go of the client\'s signal', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const stop = new AbortController(), before = getEventListeners(stop.signal, 'abort').length;
  for (let n = 0; n < 20; n++) silent(stop.signal)[1](10);
  assert.equal(getEventListeners(stop.signal, 'abort').length, before + 20);
  t.mock.timers.tick(10);
  assert.equal(getEventListeners(stop.signal, 'abort').length, before);
});

test('A stored snapshot that is current is receipted at once, as obeyed since the start', () => withServer(async (server, connect) => {
  const kept = directory(), first = connect({ directory: kept });
  await until(() => first.version === 1, 'version 1');
  await first.close();
  server.received.length = 0;
  connect({ directory: kept });
  await until(() => server.received.some(({ path }) => path === 'receipts'), 'the receipt', 5000);
}));

test('A late time event reads the clock and fetches no snapshot', () => withServer(async (server, connect) => {
  const client = connect();
  await until(() => client.version === 1, 'version 1');
  server.send('time', { now: at(-5000), version: 1, issuedAt: server.current.issuedAt });
  server.send('snapshot', snapshot(2, []), 2);
  await until(() => client.version === 2, 'the snapshot behind it');
  assert.equal(server.polls, 0);
}));

test('An interval without end does not become one without pause', (t) => {
  const waits = [];
  t.mock.method(globalThis, 'setInterval', (act, wait) => (waits.push(wait), { unref() {} }));
  const client = createBrowserClient({ url: 'http://127.0.0.1:1', key: 'sst_web_k1_s', usageInterval: Infinity });
  assert.deepEqual(waits, [36e5]);
  return client.close();
});
