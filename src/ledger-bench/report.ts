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

Postings a second that are on the disk when they are answered. Medians over laps of ${seconds} s. Made by
\`npm run bench:ledger -- --write\` on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node
${process.version}, 1-minute load average at the end ${load.toFixed(1)}: above 1, other programs ran
beside it and the figures are too low for everybody.

| ledger | ${batches.map((batch) => `batches of ${batch}`).join(' | ')} | best |
| --- |${' ---: |'.repeat(batches.length + 1)}
${rows.join('\n')}

${verdicts(race, batches).join('\n')}
${race.absent.map((why) => `\n${why}\n`).join('')}
## The work

One connection, thread and partition each, and nothing sent before the batch before it is answered.
The clock runs from the bytes of the messages, lists of at most 512 postings in JSON, to the bytes of
their answers. Three of four postings give points to one of 10,000 members, the fourth takes some.
For each, everybody

- reads and checks the message;
- knows the id: the same posting again is answered \`exists\` with what it came to, another one under
  its id is a conflict and moves nothing. The race tries both with everybody before the laps;
- refuses a member that does not exist, and a spend that the balance does not cover;
- puts the points into the lot of their expiry (the end of a day a year from now), or takes them out of
  the lots, soonest expiry first;
- books both sides, keeps the balance, and answers with the balance before and after.

Afterwards the race compares the number of postings and the sum of all balances with what was sent.

## How each does it

| | Arbiter | SQLite | PostgreSQL |
| --- | --- | --- | --- |
| a batch is | one LMDB transaction | one transaction of prepared statements in this process | one prepared statement with arrays over a unix socket: one round trip |
| durable by | \`fdatasync\` of the pages, then the meta page through \`O_DSYNC\` | write-ahead log, \`synchronous = FULL\`: one \`fdatasync\` | write-ahead log, \`synchronous_commit = on\`: one \`fdatasync\` |
| same content | a digest of 16 bytes | compares the columns | compares the columns |
| both sides | one movement in a record, of which the two entries are derived | two rows | two rows |
| lots | in the member's record | a table: an upsert, or the lots that a spend takes from | a table: one upsert a batch, window sums over the lots |
| a spend not covered | rejected and recorded with its reason | the update finds no row; not recorded | breaks a check, and with it the batch |

Only Arbiter also keeps the transaction as it was sent, which rule set was in force, a chain of SHA-256
over all blocks, members with tiers, links, holds and limits, its position in the log, and answers with
all columns of the member's points. PostgreSQL has 512 MiB of shared buffers, a write-ahead log of 4 GiB
before a checkpoint, and pages half full where rows are updated; SQLite has what it comes with.
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
