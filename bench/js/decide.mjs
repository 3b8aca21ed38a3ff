// One decision in Node: module, customer, user → open or not. The same rule for everybody: some customers deviate (open), for
// the others the module is closed for half of the users. Peers run in memory, without events, metrics or a server. Usage: see ../RESULTS-js.md
import { init } from '@launchdarkly/node-server-sdk';
import { TestData } from '@launchdarkly/node-server-sdk/integrations';
import { cpus } from 'node:os';
import { Unleash, InMemStorageProvider } from 'unleash-client';
import { decide, readSnapshot } from '../../sdk/js/dist/index.js';
import { bucketOf, xxh32 } from '../../sdk/js/dist/xxh32.js';

const count = Number(process.argv[2] ?? 1000);
const deviating = Array.from({ length: count }, (_, i) => `customer-${i}`);
// Half of the questions are about deviating customers.
const questions = Array.from({ length: 1000 }, (_, i) => ({ customer: i % 2 ? `customer-${i % count}` : `other-${i}`, user: `user-${i * 7919}` }));
const rounds = 9;
if (count % 2) throw new Error('Give an even number of customers.');

// ——— ours ———
const snapshot = readSnapshot({
  format: 1, version: 1, issuedAt: '2026-11-22T16:00:00Z',
  modules: [{
    key: 'rooms-legacy', name: { en: 'Rooms' }, default: 'closing', customers: Object.fromEntries(deviating.map((customer) => [customer, 'spared'])),
    timelines: {
      closing: [
        { from: '2026-01-01T00:00:00Z', state: 'warned', reason: 'closing-announced' },
        { from: '2026-02-01T00:00:00Z', state: 'brownout', reason: 'rehearsal' },
        { from: '2026-02-01T01:00:00Z', state: 'warned', reason: 'closing-announced' },
        { from: '2026-03-01T00:00:00Z', state: 'closed', reason: 'retired', share: 50 }],
      spared: [{ from: '2026-01-01T00:00:00Z', state: 'warned', reason: 'closing-announced' }],
    },
  }],
});
const ours = ({ customer, user }) => decide(snapshot, 'rooms-legacy', customer, user, Date.now()).isOpen;

// ——— the floor: by hand, without schedule, reasons or texts ———
const set = new Set(deviating), seed = xxh32('rooms-legacy', 0), modules = new Map([['rooms-legacy', set]]);
const byHand = ({ customer, user }) => modules.get('rooms-legacy').has(customer) || bucketOf(user, seed) >= 5000;

// ——— Unleash ———
const unleash = new Unleash({
  appName: 'bench', url: 'http://127.0.0.1:1/', refreshInterval: 0, disableMetrics: true, storageProvider: new InMemStorageProvider(),
  bootstrap: {
    data: [{
      name: 'rooms-legacy', enabled: true, type: 'release', stale: false, impressionData: false, variants: [], project: 'default',
      strategies: [
        { name: 'default', parameters: {}, constraints: [{ contextName: 'customer', operator: 'IN', values: deviating, inverted: false, caseInsensitive: false }] },
        { name: 'flexibleRollout', parameters: { rollout: '50', stickiness: 'userId', groupId: 'rooms-legacy' }, constraints: [] }],
    }],
  },
});
unleash.on('error', () => {});
await new Promise((resolve) => unleash.once('ready', resolve));
const theirsUnleash = ({ customer, user }) => unleash.isEnabled('rooms-legacy', { userId: user, properties: { customer } });

// ——— LaunchDarkly ———
const data = new TestData();
data.usePreconfiguredFlag({
  key: 'rooms-legacy', version: 1, on: true, variations: [true, false], salt: 's', offVariation: 1,
  rules: [{ id: 'deviating', clauses: [{ attribute: 'customer', op: 'in', values: deviating, contextKind: 'user', negate: false }], variation: 0 }],
  fallthrough: { rollout: { contextKind: 'user', variations: [{ variation: 0, weight: 50_000 }, { variation: 1, weight: 50_000 }] } },
});
const launchDarkly = init('sdk-key', { updateProcessor: data.getFactory(), sendEvents: false, diagnosticOptOut: true, logger: { error() {}, warn() {}, info() {}, debug() {} } });
await launchDarkly.waitForInitialization({ timeout: 5 });
const theirsLaunchDarkly = ({ customer, user }) => launchDarkly.variation('rooms-legacy', { kind: 'user', key: user, customer }, false);

// Everybody must answer alike where the rule leaves no chance, and split the rest about evenly.
for (const [name, ask] of Object.entries({ ours, byHand, theirsUnleash, theirsLaunchDarkly })) {
  const answers = await Promise.all(questions.map(ask));
  const spared = answers.filter((open, i) => i % 2 && open).length, others = answers.filter((open, i) => !(i % 2) && open).length;
  if (spared !== 500 || others < 200 || others > 300) throw new Error(`${name} answers otherwise: ${spared} of 500, ${others} of 500`);
}

const measured = { 'by hand (floor)': [], 'Sunsetter decide': [], 'unleash-client 6.12.1 isEnabled': [], 'LaunchDarkly 9.13.7 variation': [] };
let sink = 0;
function timed(ask, times) {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) sink += ask(questions[i % 1000]) ? 1 : 0;
  return Number(process.hrtime.bigint() - begin) / times;
}
async function timedAsync(ask, times) {
  const begin = process.hrtime.bigint();
  for (let i = 0; i < times; i++) sink += (await ask(questions[i % 1000])) ? 1 : 0;
  return Number(process.hrtime.bigint() - begin) / times;
}
for (let round = 0; round <= rounds; round++) {
  const results = [timed(byHand, 1_000_000), timed(ours, 1_000_000), timed(theirsUnleash, 30_000), await timedAsync(theirsLaunchDarkly, 30_000)];
  // The first round warms up.
  if (round) Object.keys(measured).forEach((name, i) => measured[name].push(results[i]));
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const us = median(measured['Sunsetter decide']);
console.log(`${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; ${count} deviating customers, median of ${rounds} rounds (least – most), ns per decision\n`);
console.log('| who | ns | least – most | × ours |\n|---|---:|---:|---:|');
for (const [name, values] of Object.entries(measured)) {
  console.log(`| ${name} | ${median(values).toFixed(0)} | ${Math.min(...values).toFixed(0)} – ${Math.max(...values).toFixed(0)} | ${(median(values) / us).toFixed(2)} |`);
}
if (sink < 0) console.log(sink);
unleash.destroy();
launchDarkly.close();
