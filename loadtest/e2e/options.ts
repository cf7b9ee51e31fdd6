import { parseArgs } from 'node:util';
import type { Format } from './traffic.ts';

/** How large a run is. `quick` is for trying the benchmark, not for figures. */
export interface BenchOptions {
  readonly members: number;
  readonly partitions: number;
  readonly lines: number;
  readonly format: Format;
  readonly envelope: number;
  /** Envelopes on their way at full load. */
  readonly window: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly liveSeconds: number;
  readonly halfSeconds: number;
  /** Messages of one checkout that the streams are filled with; 0 leaves the drain out. */
  readonly drainMessages: number;
  /** Minutes of half load at which memory is watched; 0 leaves the soak out. */
  readonly soakMinutes: number;
  /** Measure the start with so many members in the store; 0 leaves it out. */
  readonly startupMembers: number;
  /** The rule set that is applied; it must know the stores of the sample coalition. */
  readonly rules: string | undefined;
  /** Folder for processor profiles of the drain. */
  readonly profile: string | undefined;
  /** File for the figures as JSON. */
  readonly out: string | undefined;
  /** Keep the data folder. */
  readonly keep: boolean;
}

/** V8 goes on compiling for some 100,000 checkouts; a processor runs for months. */
const FULL = {
  members: 50_000,
  rounds: 3,
  warmUpSeconds: 45,
  liveSeconds: 30,
  halfSeconds: 30,
  drainMessages: 300_000,
};
const QUICK = {
  members: 2_000,
  rounds: 1,
  warmUpSeconds: 8,
  liveSeconds: 8,
  halfSeconds: 8,
  drainMessages: 20_000,
};
const STARTUP_MEMBERS = 1_000_000;

export const USAGE = `npm run bench:e2e -- [options]

  --quick               a small run under two minutes, to try it out
  --rounds N            rounds; the table shows medians and spread   (3)
  --members N           members enrolled before                      (50000)
  --seconds N           seconds of full load, and of half load       (30)
  --drain N             single-checkout messages to drain, 0: none   (300000)
  --format F            json or msgpack                              (json)
  --envelope N          checkouts an envelope                        (64)
  --window N            envelopes on their way at full load          (64)
  --lines N             lines a checkout                             (5)
  --partitions N        partitions                                   (16)
  --soak MINUTES        watch memory under half load
  --startup [--startup-members N]   time from start to first commit  (1000000)
  --rules FILE          another rule set with the stores of the sample coalition
  --profile DIR         CPU profiles of the processor while it drains
  --out FILE            the figures as JSON
  --keep                keep the data folder
`;

export function readOptions(argv: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      members: { type: 'string' },
      seconds: { type: 'string' },
      drain: { type: 'string' },
      format: { type: 'string', default: 'json' },
      envelope: { type: 'string', default: '64' },
      window: { type: 'string', default: '64' },
      lines: { type: 'string', default: '5' },
      partitions: { type: 'string', default: '16' },
      soak: { type: 'string', default: '0' },
      startup: { type: 'boolean', default: false },
      'startup-members': { type: 'string', default: String(STARTUP_MEMBERS) },
      rules: { type: 'string' },
      profile: { type: 'string' },
      out: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const size = values.quick ? QUICK : FULL;
  const given = (value: string | undefined, fallback: number): number =>
    value === undefined ? fallback : wholeNumber(value);
  return {
    members: given(values.members, size.members),
    partitions: wholeNumber(values.partitions),
    lines: wholeNumber(values.lines),
    format: values.format === 'msgpack' ? 'msgpack' : 'json',
    envelope: wholeNumber(values.envelope),
    window: wholeNumber(values.window),
    rounds: given(values.rounds, size.rounds),
    warmUpSeconds: size.warmUpSeconds,
    liveSeconds: given(values.seconds, size.liveSeconds),
    halfSeconds: given(values.seconds, size.halfSeconds),
    drainMessages: given(values.drain, size.drainMessages),
    soakMinutes: wholeNumber(values.soak),
    startupMembers: values.startup ? wholeNumber(values['startup-members']) : 0,
    rules: values.rules,
    profile: values.profile,
    out: values.out,
    keep: values.keep,
  };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`\`${text}\` is not a whole number`);
}
