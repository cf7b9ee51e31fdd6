import type { Counted, Measured, PointsTotal } from './meter.ts';

/** All that the live status of the demo shows. */
export interface DemoStatus {
  readonly programme: string;
  readonly uptimeSeconds: number;
  readonly targetPerSecond: number;
  /** Due and not sent yet, because too much is in flight. */
  readonly behind: number;
  readonly inFlight: number;
  readonly measured: Measured;
  /** Messages in the log that are not applied yet; undefined: not known (yet). */
  readonly streamLag: number | undefined;
  /** Ledger rows that are not in ClickHouse yet. */
  readonly sinkLag: number | undefined;
  /** The last thing that went wrong, if any. */
  readonly trouble: string | undefined;
}

const LABEL_WIDTH = 13;
const NAME_WIDTH = 26;
const REJECTIONS_SHOWN = 4;
const CAMPAIGNS_SHOWN = 8;
const RULE = '─'.repeat(64);

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const precise = new Intl.NumberFormat('en-GB', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** The live status as lines of text. Pure: what it shows is what it was given. */
export function renderStatus(status: DemoStatus): string {
  const { measured } = status;
  const lines = [
    `Arbiter demo · ${status.programme} · running ${clock(status.uptimeSeconds)}`,
    RULE,
    row('throughput', throughput(status)),
    row('latency', latency(measured)),
    row('lag', `log ${lag(status.streamLag)} messages   ClickHouse ${lag(status.sinkLag)} rows`),
    row('outcomes', outcomes(measured)),
    ...measured.points.map(points),
    ...rejections(measured.rejections),
    ...campaigns(measured.campaigns),
  ];
  if (status.trouble !== undefined) lines.push(row('trouble', status.trouble));
  return lines.join('\n');
}

/** The same in one line, for a log file or a pipe. */
export function renderStatusLine(status: DemoStatus): string {
  const { measured } = status;
  const [first] = measured.points;
  const parts = [
    clock(status.uptimeSeconds),
    `${whole.format(measured.perSecond)}/s`,
    latency(measured),
    `lag ${lag(status.streamLag)}/${lag(status.sinkLag)}`,
    outcomes(measured),
    ...(first === undefined ? [] : [`${first.type} +${whole.format(first.issued)}`]),
    ...(status.trouble === undefined ? [] : [status.trouble]),
  ];
  return parts.join('  ');
}

function throughput(status: DemoStatus): string {
  const { measured, targetPerSecond, behind, inFlight } = status;
  const rates = `${whole.format(measured.perSecond)}/s of ${whole.format(targetPerSecond)}/s`;
  const held = behind > 0 ? `   ${whole.format(behind)} held back` : '';
  return `${rates}   ${whole.format(inFlight)} in flight${held}`;
}

function latency({ latency: { p50, p95, p99 } }: Measured): string {
  return `p50 ${milliseconds(p50)}  p95 ${milliseconds(p95)}  p99 ${milliseconds(p99)} ms`;
}

function outcomes({ accepted, repeated, rejected }: Measured): string {
  const [a, b, c] = [accepted, repeated, rejected].map((count) => whole.format(count));
  return `${a} accepted  ${b} repeated  ${c} rejected`;
}

function points({ type, issued, redeemed }: PointsTotal): string {
  return row(
    `${type} points`,
    `${whole.format(issued)} issued  ${whole.format(redeemed)} redeemed`,
  );
}

function rejections(counted: readonly Counted[]): string[] {
  if (counted.length === 0) return [];
  const shown = counted
    .slice(0, REJECTIONS_SHOWN)
    .map(({ name, count }) => `${name} ${whole.format(count)}`);
  const rest = counted.length - shown.length;
  return [row('rejected for', shown.join(', ') + (rest > 0 ? `, ${rest} more reasons` : ''))];
}

function campaigns(counted: readonly Counted[]): string[] {
  if (counted.length === 0) return [];
  const top = counted.slice(0, CAMPAIGNS_SHOWN);
  const largest = Math.max(1, ...top.map(({ count }) => count));
  const bars = top.map(({ name, count }) => {
    const bar = '█'.repeat(Math.ceil((count / largest) * 20));
    return `  ${name.slice(0, NAME_WIDTH).padEnd(NAME_WIDTH)} ${bar} ${whole.format(count)}`;
  });
  return ['', 'campaigns, by checkouts', ...bars];
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)} ${text}`;
}

function lag(value: number | undefined): string {
  return value === undefined ? '–' : whole.format(value);
}

function milliseconds(value: number): string {
  return value < 100 ? precise.format(value) : whole.format(value);
}

function clock(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  return `${hours > 0 ? `${hours}:` : ''}${two((seconds % 3_600) / 60)}:${two(seconds % 60)}`;
}
