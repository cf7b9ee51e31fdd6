/**
 * `npm run bench:http -- --url http://127.0.0.1:8080`: quotes and single checkouts a second of a
 * running gateway, each checkout answered after its fsync. Start it before, for instance with
 * `npm start -- --rate 0`. Each route is sent as much as it answers for `--warm` seconds before
 * anything is measured: V8 goes on compiling for some 100,000 requests, and a processor runs for
 * months. `--warm 0` shows what a process that just started does. The figures are only worth
 * something on a machine that does nothing else.
 */
import { parseArgs } from 'node:util';
import { type Load, type Measured, measure, type Target, tableOf } from './measure.ts';
import { BodyMaker, makeHttpTraffic } from './traffic.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    seconds: { type: 'string', default: '10' },
    warm: { type: 'string', default: '30' },
    connections: { type: 'string', default: '64' },
    lines: { type: 'string', default: '5' },
    'quote-rate': { type: 'string', default: '4000' },
    'checkout-rate': { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
  },
});

const ENROL_AT_ONCE = 500;
const P99_LIMIT_MS = 50;

const { url } = values;
const seconds = Number(values.seconds);
const warm = Number(values.warm);
const connections = Number(values.connections);

await requireReady();
const traffic = makeHttpTraffic({ seed: Number(values.seed), lines: Number(values.lines) });
await enrol(traffic.enrolments);

// Ids must be new in every run, or the answer would be the recorded outcome.
const run = `bench/${Date.now().toString(36)}`;
const target = (name: string, route: string): Target => ({
  name,
  url: `${url}${route}`,
  bodies: new BodyMaker(traffic.tails, `${run}/${name}`),
});
const quotes = target('quotes', '/v1/quotes');
const checkouts = target('checkouts', '/v1/checkouts');
const full: Load = { connections, seconds, rate: undefined };

console.log(
  `${connections} connections, ${warm} s of warm-up a route, ${seconds} s a row, ` +
    `${values.lines} lines a checkout`,
);
console.log(`warm-up: ${await warmUp(quotes)}, ${await warmUp(checkouts)}\n`);
const rows = [
  await measure(quotes, { ...full, rate: Number(values['quote-rate']) }),
  await measure(checkouts, { ...full, rate: Number(values['checkout-rate']) }),
  await measure(quotes, full),
  await measure(checkouts, full),
];
console.log(tableOf(rows));
process.exitCode = rows.some(isBad) ? 1 : 0;

/** Says how much it sent. */
async function warmUp(of: Target): Promise<string> {
  if (warm === 0) return `no ${of.name}`;
  const { answered } = await measure(of, { ...full, seconds: warm });
  return `${answered} ${of.name}`;
}

/** At a fixed rate, 99 of 100 have to be answered in time, and nothing may fail. */
function isBad(row: Measured): boolean {
  const atRate = row.offered.endsWith('/s');
  return row.failed > 0 || row.answered === 0 || (atRate && row.p99 > P99_LIMIT_MS);
}

async function requireReady(): Promise<void> {
  const response = await fetch(`${url}/readyz`).catch(() => undefined);
  if (response?.ok) return;
  const state = response === undefined ? 'nobody answers' : await response.text();
  console.error(`no gateway is ready at ${url} (${state}); start one with \`npm start\``);
  process.exit(2);
}

async function enrol(enrolments: readonly object[]): Promise<void> {
  for (let at = 0; at < enrolments.length; at += ENROL_AT_ONCE) {
    const response = await fetch(`${url}/v1/transactions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(enrolments.slice(at, at + ENROL_AT_ONCE)),
    });
    // 207 and 422: the members of an earlier run are there already.
    if (response.ok || response.status === 422) continue;
    console.error(`enrolling members failed: ${response.status} ${await response.text()}`);
    process.exit(1);
  }
}
