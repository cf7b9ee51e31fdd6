import { cpus, loadavg } from 'node:os';
import type { Lap, Race } from './race.ts';
import { WORK } from './work.ts';

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

Postings a second that are on the disk when they are answered. Medians over laps of
${seconds} s. Made by \`npm run bench:ledger -- --write\` on ${cpus().length} ×
${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, 1-minute load average at the end
${load.toFixed(1)}: above 1, other programs ran beside it and the figures are too low for everybody.

| ledger | ${batches.map((batch) => `batches of ${batch}`).join(' | ')} | best |
| --- |${' ---: |'.repeat(batches.length + 1)}
${rows.join('\n')}

${verdicts(race, batches).join('\n')}
${race.absent.map((why) => `\n${why}\n`).join('')}
${WORK}`;
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
