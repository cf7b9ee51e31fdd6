import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { makeProfile } from './profile.ts';
import { writeProfile } from './profile-file.ts';

/**
 * `node loadtest/profiles/write-profile.ts --file traffic.profile --transactions 200000
 * --envelope 64 --lines 5 --format msgpack --partitions 16 --seed 1 --run 0`
 */
const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    transactions: { type: 'string', default: '100000' },
    envelope: { type: 'string', default: '64' },
    lines: { type: 'string' },
    format: { type: 'string', default: 'msgpack' },
    partitions: { type: 'string', default: '16' },
    seed: { type: 'string', default: '1' },
    run: { type: 'string', default: '0' },
  },
});

const { file, lines, format } = values;
if (file === undefined || (format !== 'json' && format !== 'msgpack')) {
  console.error('give --file FILE and --format json|msgpack');
  process.exit(2);
}
const envelopes = makeProfile({
  seed: Number(values.seed),
  run: Number(values.run),
  transactions: Number(values.transactions),
  envelope: Number(values.envelope),
  partitions: Number(values.partitions),
  format,
  ...(lines === undefined ? {} : { lines: Number(lines) }),
});
await pipeline(Readable.from(writeProfile(envelopes)), createWriteStream(file));
