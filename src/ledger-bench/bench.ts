import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { race } from './race.ts';
import { renderRace } from './report.ts';

const PAGE = new URL('../../docs/benchmarks/ledger.md', import.meta.url);
const BATCHES = [1, 10, 100, 1_000, 5_000];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    write: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const result = await race({ batches: BATCHES, seconds, rounds: Number(values.rounds) }, (line) =>
  process.stderr.write(`${line}\n`),
);
const page = renderRace(result, seconds);
process.stdout.write(page);
if (values.write) writeFileSync(PAGE, page);
