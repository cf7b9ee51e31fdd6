import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Fault } from '../fault.ts';
import type { ExitReason } from './processes.ts';
import { removeServerRecord, writeServerRecord } from './server-record.ts';

/** What the embedded ClickHouse's process is told. */
export type ClickHouseSettings = {
  readonly dataDirectory: string;
  readonly port: number;
  readonly threads: number;
  readonly memoryBytesMax: number;
  readonly waitForFolderMs: number;
};

/** What it says to the process that started it. */
export type ClickHouseReport =
  | {
      readonly kind: 'ready';
      readonly port: number;
      readonly version: string;
      readonly tornTokens: number;
    }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

export type EmbeddedClickHouseOptions = {
  /** The folder of the engine alone; one process at a time may open it. */
  readonly dataDirectory: string;
  /** Absent or 0: any free port. */
  readonly port?: number;
  /** Threads of one statement. */
  readonly threads?: number;
  readonly memoryBytesMax?: number;
  /** How long to wait for an earlier engine, whose parent was killed, to drain and let go. */
  readonly waitForFolderMs?: number;
};

export type EmbeddedClickHouse = {
  readonly url: string;
  readonly version: string;
  readonly pid: number;
  /** Inserts a kill had cut between their token and their part, taken back at this start. */
  readonly tornTokens: number;
  /** Drains and stops; resolves when the process is gone. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<ExitReason>;
};

const THREADS_DEFAULT = 1;
const MEMORY_BYTES_DEFAULT = 1_024 * 1_024 * 1_024;
/** Longer than an engine takes to drain at most. */
const FOLDER_WAIT_MS_DEFAULT = 25_000;
/** Opening a large data directory loads its parts; a machine under load takes its time. */
const START_MS_MAX = 60_000;
/** The process ends its own drain before this; then it is stuck. */
const STOP_MS_MAX = 30_000;
/** libuv threads: one for each statement the HTTP side lets run, and some for files. */
const UV_THREADS = '8';

const PROGRAM = fileURLToPath(new URL('./clickhouse-process.ts', import.meta.url));

/** Starts the real engine in a process of its own, with ClickHouse's HTTP interface on a port. */
export async function startEmbeddedClickHouse(
  options: EmbeddedClickHouseOptions,
): Promise<EmbeddedClickHouse> {
  const settings: ClickHouseSettings = {
    dataDirectory: options.dataDirectory,
    port: options.port ?? 0,
    threads: options.threads ?? THREADS_DEFAULT,
    memoryBytesMax: options.memoryBytesMax ?? MEMORY_BYTES_DEFAULT,
    waitForFolderMs: options.waitForFolderMs ?? FOLDER_WAIT_MS_DEFAULT,
  };
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(settings)], {
    // A group of its own: Ctrl-C in the terminal reaches the processor alone, which drains first.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, TZ: 'UTC', UV_THREADPOOL_SIZE: UV_THREADS, NODE_OPTIONS: '' },
  });
  const exited = new Promise<ExitReason>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { port, version, tornTokens } = await started(child, settings);
  const server = { url: `http://127.0.0.1:${port}`, version, pid: child.pid ?? 0 };
  writeServerRecord(settings.dataDirectory, server);
  return { ...server, tornTokens, stop: () => stop(child, exited, settings.dataDirectory), exited };
}

type Ready = ClickHouseReport & { readonly kind: 'ready' };

function started(child: ChildProcess, settings: ClickHouseSettings): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      lastWords = (lastWords + chunk.toString()).slice(-LAST_WORDS_MAX);
    });
    const refuse = (reason: string, code = 'embedded-clickhouse-start') => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(
        new Fault(code, `the embedded ClickHouse did not start: ${reason}`, {
          retry: 'operator',
          facts: { dataDirectory: settings.dataDirectory, port: settings.port, lastWords },
        }),
      );
    };
    const timer = setTimeout(() => refuse(`not ready after ${START_MS_MAX} ms`), START_MS_MAX);
    child.once('error', (error) => refuse(error.message));
    child.once('exit', (code, signal) => refuse(`exit ${code ?? signal} ${lastWords}`.trim()));
    child.once('message', (message) => {
      // The only sender is our own program.
      const report = message as ClickHouseReport;
      if (report.kind === 'failed') return refuse(report.message, report.code);
      clearTimeout(timer);
      child.removeAllListeners('error');
      resolve(report);
    });
  });
}

/** Kept of what the process wrote to its standard error, in characters. */
const LAST_WORDS_MAX = 4_000;

async function stop(child: ChildProcess, exited: Promise<ExitReason>, folder: string) {
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(force);
  removeServerRecord(folder);
}
