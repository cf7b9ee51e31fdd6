import { closeSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { percentile } from './statistics.ts';

const PROBES = 200;
const PROBE_BYTES = 4_096;

export interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly fsyncMs: { readonly p50: number; readonly p99: number };
  /** Processes that wanted to run before we began: near 0 on a machine that does nothing else. */
  readonly loadBefore: number;
}

export function describeMachine(folder: string): Machine {
  return {
    processors: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    fsyncMs: probeFsync(folder),
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** What one durable write costs here at least: a page appended and synced, again and again. */
function probeFsync(folder: string): { p50: number; p99: number } {
  const file = join(folder, 'fsync-probe');
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(PROBE_BYTES, 1);
  const times: number[] = [];
  try {
    for (let probe = 0; probe < PROBES; probe += 1) {
      const start = performance.now();
      writeSync(descriptor, page);
      fsyncSync(descriptor);
      times.push(performance.now() - start);
    }
  } finally {
    closeSync(descriptor);
    rmSync(file, { force: true });
  }
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** Seconds of processor time that everything on this machine has used since it started. */
export function busySeconds(): number {
  const [total = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [, user = '0', nice = '0', system = '0'] = total.trim().split(/\s+/);
  return (Number(user) + Number(nice) + Number(system)) / 100;
}
