// Bundles the browser core, prints its size and fails above the budget.
import { build } from 'esbuild';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

const budget = 5 * 1024;
const outfile = 'dist/sunsetter.min.js';
await build({ entryPoints: ['src/browser.ts'], outfile, bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none' });

const bundle = await readFile(outfile);
const size = gzipSync(bundle, { level: 9 }).length;
console.log(`browser core: ${bundle.length} bytes minified, ${size} bytes gzipped (budget ${budget})`);
if (size > budget) process.exit(1);

const sample = new URL('../../../samples/ChatApp/wwwroot/', import.meta.url);
await mkdir(sample, { recursive: true });
await copyFile(outfile, new URL('sunsetter.min.js', sample));
