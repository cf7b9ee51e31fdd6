import { readFileSync } from 'node:fs';

/** What Linux counts in; 100 on every platform that Node runs on. */
const TICKS_PER_SECOND = 100;
const KIB = 1_024;

/** Seconds of processor time that a process has used, in user and system mode, with its threads. */
export function cpuSeconds(pid: number): number {
  // The name in parentheses may hold anything, blanks too; what follows it is numbers.
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

export interface Memory {
  /** Resident bytes now, and the most there ever were. */
  readonly resident: number;
  readonly peak: number;
  /** The part of `resident` that no file stands behind: heaps and buffers. */
  readonly anonymous: number;
}

/**
 * Resident memory counts pages of the store that the kernel keeps mapped; it takes those back
 * whenever it needs them. `anonymous` is what the process itself holds.
 */
export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * KIB;
  return { resident: bytes('VmRSS'), peak: bytes('VmHWM'), anonymous: bytes('RssAnon') };
}

/** Processor time of several processes between two moments. */
export class CpuMeter {
  readonly #pids: Readonly<Record<string, number>>;
  readonly #before: Readonly<Record<string, number>>;

  constructor(pids: Readonly<Record<string, number>>) {
    this.#pids = pids;
    this.#before = readAll(pids);
  }

  /** Seconds since the start, by name. */
  read(): Record<string, number> {
    const now = readAll(this.#pids);
    return Object.fromEntries(
      Object.entries(now).map(([name, value]) => [name, value - (this.#before[name] ?? 0)]),
    );
  }
}

function readAll(pids: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
}
