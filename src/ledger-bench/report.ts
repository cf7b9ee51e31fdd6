import { cpus, loadavg } from 'node:os';
import type { Lap, Race } from './race.ts';

/** The race as a page of the documentation. */
export function renderRace(race: Race, seconds: number): string {
  const batches = [...new Set(race.laps.map((lap) => lap.batch))];
  const names = [...new Set(race.laps.map((lap) => lap.contestant))];
  const rows = names.map((name) => {
    const rates = batches.map((batch) => shown(median(of(race.laps, { name, batch }))));
    return `| ${[name, ...rates, shown(best(race, name))].join(' | ')} |`;
  });
  const load = loadavg()[0] ?? 0;
  return `# Durable postings, side by side

Postings a second that are on the disk when they are answered: each with an id that may come again,
both its sides booked, and the member's balance kept. Medians over laps of ${seconds} s. Made by
\`npm run bench:ledger -- --write\` on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node
${process.version}, 1-minute load average at the end ${load.toFixed(1)}: above 1, other programs ran
beside it and the figures are too low for everybody.

| ledger | ${batches.map((batch) => `batches of ${batch}`).join(' | ')} | best |
| --- |${' ---: |'.repeat(batches.length + 1)}
${rows.join('\n')}

${verdicts(race, batches).join('\n')}
${race.absent.map((why) => `\n${why}\n`).join('')}
Arbiter does more for a posting than the others: it decodes it from JSON as it comes over the
wire, keeps a digest of its content (the same id with other content is refused), the lot with its
expiry, the balance after each movement, and a chain of hashes over all of it. One thread and one
partition, against one connection each; a deployment has 16 partitions, written in parallel.

The others get a batch in the way that suits them best: SQLite as prepared statements in one
transaction (write-ahead log, \`synchronous = FULL\`), PostgreSQL as arrays in one prepared upsert
(\`synchronous_commit = on\`), over a unix socket.
`;
}

/** Ours against the faster of the others, at batch 1 and at everybody's best. */
function verdicts(race: Race, batches: readonly number[]): string[] {
  const [ours = '', ...others] = [...new Set(race.laps.map((lap) => lap.contestant))];
  const ratio = (rate: (name: string) => number): string => {
    const fastest = Math.max(...others.map(rate));
    return `${(rate(ours) / fastest).toFixed(2)} times the faster of the others`;
  };
  const [smallest = 1] = batches;
  const atSmallest = (name: string): number => median(of(race.laps, { name, batch: smallest }));
  return [
    `- Batches of ${smallest}: ${ratio(atSmallest)}.`,
    `- Everybody's best batch: ${ratio((name) => best(race, name))} (wanted: 3).`,
  ];
}

function best(race: Race, name: string): number {
  const batches = new Set(race.laps.map((lap) => lap.batch));
  return Math.max(...[...batches].map((batch) => median(of(race.laps, { name, batch }))));
}

function of(laps: readonly Lap[], which: { readonly name: string; readonly batch: number }) {
  return laps
    .filter((lap) => lap.contestant === which.name && lap.batch === which.batch)
    .map((lap) => lap.perSecond);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const shown = (rate: number): string => Math.round(rate).toLocaleString('en-GB');
