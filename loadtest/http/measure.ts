import autocannon from 'autocannon';
import type { BodyMaker } from './traffic.ts';

export interface Target {
  readonly name: string;
  readonly url: string;
  readonly bodies: BodyMaker;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second; undefined: as many as are answered. */
  readonly rate: number | undefined;
}

export interface Measured {
  readonly name: string;
  readonly offered: string;
  readonly answered: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
  /** Answers other than 2xx, errors and timeouts. */
  readonly failed: number;
}

/**
 * One run against one route. With a rate, the load is open: a slow answer does not slow the next
 * request, and latencies are corrected for what a stalled client would not have seen.
 */
export async function measure(target: Target, load: Load): Promise<Measured> {
  const result = await autocannon({
    url: target.url,
    connections: load.connections,
    duration: load.seconds,
    ...(load.rate === undefined ? {} : { overallRate: load.rate }),
    // Building each request from all of its options would be a sixth of autocannon's own time,
    // which the server shares its processors with.
    setupClient: (client) => Object.assign(client, { getRequestBuffer: requestsTo(target) }),
  });
  const { latency } = result;
  return {
    name: target.name,
    offered: load.rate === undefined ? 'as fast as answered' : `${load.rate}/s`,
    answered: result['2xx'],
    perSecond: Math.round(result['2xx'] / result.duration),
    p50: latency.p50,
    p90: latency.p90,
    p99: latency.p99,
    max: latency.max,
    failed: result.non2xx + result.errors + result.timeouts,
  };
}

/** Each call gives the next request, as it goes over the wire. */
export function requestsTo({ url, bodies }: Omit<Target, 'name'>): () => string {
  const { pathname, host } = new URL(url);
  const head = [
    `POST ${pathname} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: keep-alive',
    'Content-Type: application/json',
  ].join('\r\n');
  return () => {
    const body = bodies.next();
    return `${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
}

/** Rows in columns, as Markdown, so that a run can be pasted into a note. */
export function tableOf(rows: readonly Measured[]): string {
  const head = [
    'route',
    'offered',
    'answered',
    '/s',
    'p50 ms',
    'p90 ms',
    'p99 ms',
    'max ms',
    'failed',
  ];
  const cells = rows.map((row) => [
    row.name,
    row.offered,
    String(row.answered),
    String(row.perSecond),
    ...[row.p50, row.p90, row.p99, row.max].map((time) => time.toFixed(0)),
    String(row.failed),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join(
    '\n',
  );
}
