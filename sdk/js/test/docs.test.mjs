// What the page "Obey a gate" tells people to paste, run as it stands there (docs/zh-CN shows the same code: test/Sunsetter.Client.Tests/DocumentedStartsTests.cs).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';

const here = fileURLToPath(new URL('../dist/docs/', import.meta.url));
const page = readFileSync(new URL('../../../docs/obey-a-gate.md', import.meta.url), 'utf8');
const start = (part) => {
  const found = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map((block) => block[2]).find((text) => text.includes(part));
  assert.ok(found, `the page shows no start with ${part}`);
  return found;
};
const write = (name, text) => {
  mkdirSync(here, { recursive: true });
  writeFileSync(here + name, text);
  return here + name;
};
const freePort = () => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

test('The start for Node serves, and ends when it is told to', async () => {
  const port = await freePort();
  const child = spawn(process.execPath, [write('node.mjs', start("'@sunsetter/client/node'"))], { env: { ...process.env, SUNSETTER_KEY: 'sst_srv_k1_s', PORT: `${port}` }, cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    let answer;
    for (const end = Date.now() + 20_000; !answer && Date.now() < end;) answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => new Promise((resolve) => setTimeout(resolve, 50)));
    // Nobody is at the page's example address: the module is unknown, so open.
    assert.deepEqual([answer?.status, await answer?.text()], [200, 'no-snapshot']);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(child.exitCode, 0);
  } finally {
    child.kill('SIGKILL');
  }
});

test('The start for a browser tells the page what the gate says', () => {
  copyFileSync(new URL('../dist/sunsetter.min.js', import.meta.url), (mkdirSync(here, { recursive: true }), here + 'sunsetter.min.js'));
  // Elements with an id are global names in a page.
  const stage = "globalThis.banner = {}; globalThis.rooms = {}; await import('./browser.mjs'); console.log(JSON.stringify([banner, rooms])); process.exit(0);";
  write('browser.mjs', start("'./sunsetter.min.js'"));
  assert.equal(execFileSync(process.execPath, [write('page.mjs', stage)], { encoding: 'utf8', timeout: 20_000 }).trim(), '[{"hidden":true},{"disabled":false}]');
});

test('The starts for other languages can be read by their shells', () => {
  execFileSync(process.execPath, ['--check', write('openfeature.mjs', start("'@openfeature/server-sdk'"))]);
  execFileSync('bash', ['-n', write('curl.sh', start('/ofrep/v1/evaluate/flags/'))]);
});
