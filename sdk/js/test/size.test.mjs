import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const bundle = readFileSync(new URL('../dist/sunsetter.min.js', import.meta.url));

test('The browser core stays within 5 KB, minified and gzipped', () => {
  assert.ok(gzipSync(bundle, { level: 9 }).length <= 5 * 1024);
});

test("The sample has the newest browser core (npm run sample)", () => {
  assert.deepEqual(readFileSync(new URL('../../../samples/ChatApp/wwwroot/sunsetter.min.js', import.meta.url)), bundle);
});

test('The page asks for no other module', () => {
  assert.ok(!/\bimport\b/.test(bundle.toString()));
});
