import { ledgerRecord } from '../../testing/ledger-records.ts';
import { RowFormatter } from './row-formatter.ts';

/**
 * `npx node core/layout/rows/row-formatter.bench.ts`: what formatting a five-line checkout costs,
 * all four tables together.
 */
const RECORDS = 2_000;
const ROUNDS = 60;

const records = Array.from({ length: RECORDS }, (_, index) =>
  ledgerRecord({ seed: 1, lines: 5, checkoutsOnly: true }, 3, index + 1),
);
const formatter = new RowFormatter();
const times: number[] = [];
let bytes = 0;
for (let round = 0; round < ROUNDS; round += 1) {
  const start = performance.now();
  for (const record of records) formatter.add(3, record);
  bytes = formatter.byteLength;
  formatter.take();
  times.push(((performance.now() - start) * 1_000) / RECORDS);
}
times.sort((one, other) => one - other);
console.log(
  `${times[0]?.toFixed(2)} µs a checkout at best, ${times[ROUNDS >> 1]?.toFixed(2)} µs median, ` +
    `${Math.round(bytes / RECORDS)} bytes`,
);
