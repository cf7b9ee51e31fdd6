import type { SoakFigures, StartFigures } from './endurance.ts';
import type { Machine } from './machine.ts';
import type { BenchOptions } from './options.ts';
import type { DrainFigures, LatencyFigures, LiveFigures } from './round.ts';
import { median } from './statistics.ts';
import type { StepFigures } from './step-times.ts';

export interface Round {
  readonly live: LiveFigures;
  readonly half: LatencyFigures;
  /** Where batches spent their time at half load. */
  readonly halfSteps: readonly StepFigures[];
  readonly drain: DrainFigures | undefined;
  readonly peakMiB: number;
  readonly residentMiB: number;
  readonly anonymousMiB: number;
}

export interface Results {
  readonly at: string;
  readonly machine: Machine;
  readonly natsVersion: string;
  readonly options: BenchOptions;
  /** Processor time on this machine that was not ours, as a share of all of it. */
  readonly foreignShare: number;
  readonly rounds: readonly Round[];
  readonly soak: SoakFigures | undefined;
  readonly start: StartFigures | undefined;
  readonly verified: string;
}

interface Row {
  readonly figure: string;
  readonly values: readonly number[];
  readonly digits: number;
  readonly wanted?: string;
}

/** What was measured, as Markdown: medians over the rounds, and between which values they lie. */
export function renderResults(results: Results): string {
  const head = ['figure', 'median', 'least – most', 'wanted'];
  const cells = rowsOf(results).map(({ figure, values, digits, wanted }) => [
    figure,
    shown(median(values), digits),
    values.length > 1
      ? `${shown(Math.min(...values), digits)} – ${shown(Math.max(...values), digits)}`
      : '',
    wanted ?? '',
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => pad(cell, { width: widths[column] ?? 0, column })).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [...conditions(results), '', line(head), rule, ...cells.map(line)].join('\n');
}

function pad(cell: string, place: { readonly width: number; readonly column: number }): string {
  return place.column === 0 ? cell.padEnd(place.width) : cell.padStart(place.width);
}

function shown(value: number, digits: number): string {
  return value.toLocaleString('en-GB', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

function conditions(results: Results): string[] {
  const { machine, options, natsVersion, foreignShare } = results;
  const share = `${Math.round(100 * foreignShare)} %`;
  return [
    `machine    ${machine.processors} × ${machine.model}, ${machine.memoryGiB} GiB, Node ${machine.node}, nats-server ${natsVersion}`,
    `fsync      4 KiB: p50 ${machine.fsyncMs.p50.toFixed(2)} ms, p99 ${machine.fsyncMs.p99.toFixed(2)} ms`,
    `others     used ${share} of the processors meanwhile; load before ${machine.loadBefore.toFixed(1)}`,
    'on         fsync before each answer, ClickHouse sink, HTTP gateway; answers awaited under load',
    `traffic    ${options.lines} lines a checkout, ${options.format}, ${options.members} members, no returns, no cancels`,
    `           envelopes of ${options.envelope}, at most ${options.window} on their way; rounds: ${options.rounds}`,
  ];
}

function rowsOf({ rounds, start, soak }: Results): Row[] {
  const of = (pick: (round: Round) => number): number[] => rounds.map(pick);
  const rows: Row[] = [
    {
      figure: 'live: durable checkouts/s',
      values: of((r) => r.live.perSecond),
      digits: 0,
      wanted: '≥ 20,000',
    },
    {
      figure: 'live: into ClickHouse/s',
      values: of((r) => r.live.perSecondWithClickHouse),
      digits: 0,
    },
    { figure: 'live: sink lag at the end', values: of((r) => r.live.sinkLagCheckouts), digits: 0 },
    {
      figure: 'live: sink caught up after, s',
      values: of((r) => r.live.catchUpSeconds),
      digits: 1,
    },
    { figure: 'half: offered checkouts/s', values: of((r) => r.half.offeredPerSecond), digits: 0 },
    { figure: 'half: p50, ms', values: of((r) => r.half.p50), digits: 1 },
    { figure: 'half: p99, ms', values: of((r) => r.half.p99), digits: 1, wanted: '< 50' },
    { figure: 'half: p99.9, ms', values: of((r) => r.half.p999), digits: 1 },
    { figure: 'half: max, ms', values: of((r) => r.half.max), digits: 1 },
    ...stepRows(rounds),
    ...cpuRows('live', of, (round) => round.live.cpuPer100k),
    ...drainRows(rounds),
    { figure: 'memory: resident, MiB', values: of((r) => r.residentMiB), digits: 0 },
    { figure: 'memory: of it heaps, MiB', values: of((r) => r.anonymousMiB), digits: 0 },
    { figure: 'memory: peak, MiB', values: of((r) => r.peakMiB), digits: 0, wanted: '< 700' },
  ];
  if (soak) {
    const { residentMiBPerMinute, anonymousMiBPerMinute, minutes } = soak;
    const over = `soak of ${minutes} min`;
    rows.push({
      figure: `${over}: growth, MiB/min`,
      values: [residentMiBPerMinute],
      digits: 2,
      wanted: 'flat',
    });
    rows.push({ figure: `${over}: of heaps`, values: [anonymousMiBPerMinute], digits: 2 });
  }
  if (start) {
    const figure = `start with ${shown(start.members, 0)} members, s`;
    rows.push({ figure, values: start.seconds, digits: 1, wanted: '< 5' });
  }
  return rows;
}

/** The 99th percentile of each step of a batch, as the processor tells; not to be added up. */
function stepRows(rounds: readonly Round[]): Row[] {
  const steps = rounds[0]?.halfSteps.map(({ step }) => step) ?? [];
  return steps.map((name) => ({
    figure: `half: p99 of ${name}, ms up to`,
    values: rounds.map(({ halfSteps }) => halfSteps.find(({ step }) => step === name)?.p99 ?? 0),
    digits: 1,
  }));
}

function cpuRows(
  phase: string,
  of: (pick: (round: Round) => number) => number[],
  cpu: (round: Round) => LiveFigures['cpuPer100k'],
): Row[] {
  const names = ['processor', 'nats', 'clickhouse', 'generator'] as const;
  return names.map((name) => ({
    figure: `${phase}: CPU s per 100,000, ${name}`,
    values: of((round) => cpu(round)[name]),
    digits: 2,
  }));
}

function drainRows(rounds: readonly Round[]): Row[] {
  const drains = rounds.flatMap(({ drain }) => (drain ? [drain] : []));
  if (drains.length === 0) return [];
  const of = (pick: (drain: DrainFigures) => number): number[] => drains.map(pick);
  return [
    { figure: 'drain: checkouts/s', values: of((d) => d.perSecond), digits: 0 },
    { figure: 'drain: bare consumer, messages/s', values: of((d) => d.barePerSecond), digits: 0 },
    { figure: 'drain: ratio', values: of((d) => d.ratio), digits: 2, wanted: '≥ 0.50' },
    {
      figure: 'drain: CPU s per 100,000, processor',
      values: of((d) => d.cpuPer100k.processor),
      digits: 2,
    },
    { figure: 'drain: CPU s per 100,000, bare', values: of((d) => d.bareCpuPer100k), digits: 2 },
  ];
}
