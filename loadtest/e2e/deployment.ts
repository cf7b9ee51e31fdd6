import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type NatsServer, startNatsServer } from './nats-server.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(ROOT, 'src', 'cli', 'main.ts');
const RULES = join(ROOT, 'src', 'samples', 'coalition.yaml');

const START_MS_MAX = 90_000;
const STOP_MS_MAX = 90_000;
const VERIFY_MS_MAX = 900_000;
const POLL_MS = 20;

export interface RunningProcessor {
  readonly pid: number;
  readonly clickhousePid: number;
  readonly clickhouseUrl: string;
  readonly httpUrl: string;
}

/**
 * What is measured: `nats-server` on a folder of its own, so that the log can be filled while the
 * processor is stopped, and `arbiter run` with its own ClickHouse, spawned as an operator would.
 */
export class Deployment {
  readonly data: string;
  readonly partitions: number;
  readonly #nats: NatsServer;
  #child: ChildProcess | undefined;

  private constructor(data: string, partitions: number, nats: NatsServer) {
    this.data = data;
    this.partitions = partitions;
    this.#nats = nats;
  }

  static async start(data: string, partitions: number): Promise<Deployment> {
    const nats = await startNatsServer(join(data, 'bench-nats'));
    return new Deployment(data, partitions, nats);
  }

  get natsUrl(): string {
    return this.#nats.url;
  }

  get natsPid(): number {
    return this.#nats.pid;
  }

  /** Starts `arbiter run`; resolves when it says where it listens. */
  async startProcessor(nodeFlags: readonly string[] = []): Promise<RunningProcessor> {
    const child = spawn(
      process.execPath,
      [...nodeFlags, CLI, 'run', ...this.#place(), '--log-level', 'warn', '--port', '0'],
      { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    this.#child = child;
    const log = createWriteStream(join(this.data, 'processor.log'), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const endpoints = await this.#endpoints(child);
    const clickhouse = json<{ pid: number }>(join(this.data, 'clickhouse', 'server.json'));
    return { pid: child.pid ?? 0, clickhousePid: clickhouse.pid, ...endpoints };
  }

  /** Lets the processor drain and end. Safe to call when none runs. */
  async stopProcessor(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || hasEnded(child)) return;
    child.kill('SIGTERM');
    await ended(child, STOP_MS_MAX);
  }

  async applyRules(rules: string = RULES): Promise<void> {
    await arbiter(['rules', 'apply', rules, ...this.#place()], START_MS_MAX);
  }

  /** Runs `arbiter ledger verify`; throws with its report when the ledger breaks a promise. */
  verify(): Promise<string> {
    return arbiter(['ledger', 'verify', '--data', this.data], VERIFY_MS_MAX);
  }

  /** Stops everything that was started. */
  async stop(): Promise<void> {
    try {
      await this.stopProcessor();
    } finally {
      await this.#nats.stop();
    }
  }

  #place(): string[] {
    const ports = ['--clickhouse-port', '0'];
    const partitions = ['--partitions', String(this.partitions)];
    return ['--data', this.data, '--nats', this.natsUrl, ...partitions, ...ports];
  }

  async #endpoints(child: ChildProcess) {
    const file = join(this.data, 'run', 'endpoints.json');
    const deadline = performance.now() + START_MS_MAX;
    while (!existsSync(file)) {
      if (hasEnded(child) || performance.now() > deadline) {
        throw new Error(`the processor did not start; see ${join(this.data, 'processor.log')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return json<{ clickhouseUrl: string; httpUrl: string }>(file);
  }
}

/** Files of the system under test are written whole, or not there. */
function json<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** Waits for the end of a process; kills it after a time, which is a failure. */
async function ended(child: ChildProcess, within: number): Promise<void> {
  if (hasEnded(child)) return;
  let isLate = false;
  const force = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, within);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(force);
  if (isLate) throw new Error(`process ${child.pid} did not stop within ${within} ms`);
}

/** Runs a command to its end and gives what it wrote. */
async function arbiter(words: readonly string[], within: number): Promise<string> {
  const child = spawn(process.execPath, [CLI, ...words], { cwd: ROOT });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  await ended(child, within);
  const text = Buffer.concat(output).toString();
  if (child.exitCode === 0) return text;
  throw new Error(`arbiter ${words.slice(0, 2).join(' ')} failed:\n${text}`);
}
