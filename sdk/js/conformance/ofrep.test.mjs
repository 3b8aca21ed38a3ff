// OpenFeature's own clients against a running server: does an application that never heard of Sunsetter obey its gates?
// Needs SUNSETTER_URL and SUNSETTER_ADMIN_TOKEN; run.sh starts a server of its own and sets both.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { build } from 'esbuild';
import { decide, readSnapshot } from '../dist/index.js';

const url = process.env.SUNSETTER_URL, admin = process.env.SUNSETTER_ADMIN_TOKEN;
const chromium = '/usr/bin/chromium';
let key, browserKey, kid, snapshot, drilled;

async function api(path, body) {
  const answer = await fetch(url + path, { method: body ? 'POST' : 'GET', headers: { authorization: 'Bearer ' + admin, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer.json();
}

const bearer = (value) => ({ Authorization: 'Bearer ' + value });

async function contextToken(customer, user) {
  const { createHmac } = await import('node:crypto');
  const payload = Buffer.from(JSON.stringify({ customer, user, exp: Math.floor(Date.now() / 1000) + 3600, kid })).toString('base64url');
  return payload + '.' + createHmac('sha256', key).update(payload).digest('base64url');
}

/** Some customers with a timeline of their own, and nobody in particular. */
function people() {
  const customers = new Set();
  for (const module of snapshot.modules.values()) for (const customer of [...module.customers.keys()].slice(0, 3)) customers.add(customer);
  return [...customers, 'nobody-in-particular'].slice(0, 8).flatMap((customer) => ['u-1', 'u-2'].map((user) => ({ customer, user })));
}

before(async () => {
  assert.ok(url && admin, 'Set SUNSETTER_URL and SUNSETTER_ADMIN_TOKEN, or use run.sh.');
  ({ key, kid } = await api('/api/v1/gates/keys', { name: 'conformance', kind: 'server' }));
  ({ key: browserKey } = await api('/api/v1/gates/keys', { name: 'conformance web', kind: 'browser' }));
  const gates = async () => readSnapshot(await (await fetch(url + '/edge/v1/gates', { headers: bearer(key) })).json());
  // A restore drill closes a shadow module that no application uses: something that is closed on any server.
  await api('/api/v1/gates/drills', {});
  snapshot = await gates();
  const names = new Set(snapshot.modules.keys());
  drilled = [...names].find((name) => decide(snapshot, name, undefined, 'u-1', Date.now()).reason === 'drill');
  assert.ok(drilled, 'the drill closed a module');
  if (names.size > 1) return;
  // A server without a demo: modules that nobody retires.
  for (const module of ['conformance-rooms', 'conformance-spaces']) await api('/api/v1/modules', { key: module, name: module, class: 'core', owner: 'im' });
  for (const end = Date.now() + 20_000; snapshot.modules.size < 3 && Date.now() < end; snapshot = await gates()) await new Promise((resolve) => setTimeout(resolve, 250));
  assert.ok(snapshot.modules.size >= 3, 'the gates know the modules');
});

test('server-sdk with ofrep-provider gives the answers of our own client', async () => {
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: url, headers: Object.entries(bearer(key)) }));
  const client = OpenFeature.getClient();
  const seen = new Set();
  for (const { customer, user } of people()) {
    for (const module of snapshot.modules.keys()) {
      const ours = decide(snapshot, module, customer, user, Date.now());
      const theirs = await client.getBooleanDetails(module, !ours.isOpen, { targetingKey: user, customer });
      assert.deepEqual([theirs.value, theirs.variant, theirs.errorCode], [ours.isOpen, ours.state, undefined], `${module} for ${customer}/${user}`);
      assert.equal(theirs.flagMetadata.reason, ours.reason);
      seen.add(ours.state);
    }
  }
  console.log('# states seen:', [...seen].join(', '));
});

test('An unknown module is FLAG_NOT_FOUND and the caller keeps its default', async () => {
  for (const fallback of [true, false]) {
    const details = await OpenFeature.getClient().getBooleanDetails('no-such-module', fallback, { targetingKey: 'u-1' });
    assert.deepEqual([details.value, details.errorCode], [fallback, 'FLAG_NOT_FOUND']);
  }
});

test('A wrong key is no answer and the caller keeps its default', async () => {
  await OpenFeature.setProviderAndWait('wrong', new OFREPProvider({ baseUrl: url, headers: Object.entries(bearer('sst_srv_0000000000_0')) }));
  const details = await OpenFeature.getClient('wrong').getBooleanDetails([...snapshot.modules.keys()][0], true, { targetingKey: 'u-1' });
  assert.equal(details.value, true);
  assert.equal(details.errorCode, 'GENERAL');
});

test('web-sdk with ofrep-web-provider evaluates all modules at once for one signed-in person', async () => {
  const { customer, user } = people()[0];
  await WebOpenFeature.setContext({ targetingKey: user });
  await WebOpenFeature.setProviderAndWait(new OFREPWebProvider({
    baseUrl: url, pollInterval: -1, headers: Object.entries({ ...bearer(browserKey), 'X-Sunsetter-Context': await contextToken(customer, user) }),
  }));
  for (const module of snapshot.modules.keys()) {
    const ours = decide(snapshot, module, customer, user, Date.now());
    assert.equal(WebOpenFeature.getClient().getBooleanValue(module, !ours.isOpen), ours.isOpen, module);
  }
});

test('The bulk answer has an ETag and is not sent twice', async () => {
  const ask = (etag) => fetch(url + '/ofrep/v1/evaluate/flags', { method: 'POST', headers: { ...bearer(key), 'content-type': 'application/json', ...(etag && { 'if-none-match': etag }) }, body: '{"context":{"targetingKey":"u-1"}}' });
  const first = await ask();
  assert.equal(first.status, 200);
  assert.equal((await ask(first.headers.get('etag'))).status, 304);
});

test('A real browser obeys through the web provider', { skip: existsSync(chromium) ? false : 'no Chromium here' }, async () => {
  const { customer, user } = people()[0];
  const { outputFiles } = await build({
    bundle: true, write: false, format: 'esm', platform: 'browser', logLevel: 'silent',
    stdin: {
      resolveDir: import.meta.dirname,
      contents: `
        import { OpenFeature } from '@openfeature/web-sdk';
        import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
        const { url, headers, user, modules } = await (await fetch('/settings')).json();
        try {
          await OpenFeature.setContext({ targetingKey: user });
          await OpenFeature.setProviderAndWait(new OFREPWebProvider({ baseUrl: url, pollInterval: -1, headers }));
          const client = OpenFeature.getClient();
          document.body.textContent = 'RESULT' + JSON.stringify(modules.map((module) => client.getBooleanDetails(module, false).variant)) + 'END';
        } catch (problem) { document.body.textContent = 'RESULT' + JSON.stringify(String(problem)) + 'END'; }`,
    },
  });
  const modules = [...snapshot.modules.keys()];
  const headers = Object.entries({ ...bearer(browserKey), 'X-Sunsetter-Context': await contextToken(customer, user) });
  const server = createServer((request, response) => {
    if (request.url === '/settings') return response.end(JSON.stringify({ url, headers, user, modules }));
    if (request.url === '/app.js') return response.setHeader('content-type', 'text/javascript').end(outputFiles[0].text);
    response.setHeader('content-type', 'text/html').end('<!doctype html><body><script type="module" src="/app.js"></script>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { stdout } = await promisify(execFile)(chromium, [
      '--headless', '--no-sandbox', '--disable-gpu', '--user-data-dir=' + mkdtempSync(join(tmpdir(), 'chromium-')), '--virtual-time-budget=20000',
      '--dump-dom', `http://127.0.0.1:${server.address().port}/`], { timeout: 60_000, maxBuffer: 1e7 });
    const variants = JSON.parse(/RESULT(.*?)END/.exec(stdout)[1].replaceAll('&amp;', '&'));
    assert.deepEqual(variants, modules.map((module) => decide(snapshot, module, customer, user, Date.now()).state));
  } finally {
    server.close();
  }
});

test('A restore opens the module for OpenFeature applications, too', async () => {
  const ask = () => OpenFeature.getClient().getBooleanValue(drilled, true, { targetingKey: 'u-1' });
  assert.equal(await ask(), false);
  await api('/api/v1/gates/drills/open', {});
  assert.equal(await OpenFeature.getClient().getBooleanValue(drilled, false, { targetingKey: 'u-1' }), true);
});

test('Our own browser core hears of a closing and of a restore in a real browser', { skip: existsSync(chromium) ? false : 'no Chromium here' }, async () => {
  const told = [], heard = [];
  const core = readFileSync(new URL('../dist/sunsetter.min.js', import.meta.url));
  const token = await contextToken('huaxin', 'u-1');
  const server = createServer((request, response) => {
    if (request.url.startsWith('/told/')) {
      told.push(request.url.slice(6));
      heard.splice(0).forEach((wake) => wake());
      return response.end();
    }
    if (request.url === '/sunsetter.min.js') return response.setHeader('content-type', 'text/javascript').end(core);
    response.setHeader('content-type', 'text/html').end(`<!doctype html><body><script type="module">
      import { createClient } from './sunsetter.min.js';
      createClient({ url: '${url}', key: '${browserKey}', customer: 'huaxin', user: 'u-1', context: () => '${token}', whenUnknown: 'warned' })
        .watch('${drilled}', (answer) => fetch('/told/' + answer.state));
    </script>`);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--user-data-dir=' + mkdtempSync(join(tmpdir(), 'chromium-')), `http://127.0.0.1:${server.address().port}/`], { stdio: 'ignore' });
  const until = async (state) => {
    for (const end = Date.now() + 30_000; told.at(-1) !== state;) {
      assert.ok(Date.now() < end, `the page never said ${state}, only ${told}`);
      await Promise.race([new Promise((resolve) => heard.push(resolve)), new Promise((resolve) => setTimeout(resolve, 1000))]);
    }
  };
  try {
    await until('open');
    await api('/api/v1/gates/drills', {});
    await until('closed');
    await api('/api/v1/gates/drills/open', {});
    await until('open');
  } finally {
    browser.kill('SIGKILL');
    server.closeAllConnections();
    server.close();
  }
});

test('The starts that the page “Obey a gate” shows for other languages run as they are pasted, but for the address', async () => {
  const page = readFileSync(new URL('../../../docs/obey-a-gate.md', import.meta.url), 'utf8');
  const start = (part) => [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((block) => block[2]).find((text) => text.includes(part)).replaceAll('https://sunsetter.example.com', url);
  const env = { ...process.env, SUNSETTER_KEY: key };
  const node = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', start("'@openfeature/server-sdk'")], { env, cwd: new URL('.', import.meta.url) });
  assert.deepEqual([node.stdout.trim(), node.stderr.trim()], ['true', '']);
  const curl = await promisify(execFile)('bash', ['-c', start('curl ')], { env });
  assert.equal(JSON.parse(curl.stdout).errorCode, 'FLAG_NOT_FOUND');
});
