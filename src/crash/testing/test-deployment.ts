import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NatsConnection } from 'nats';
import { LedgerTotals } from '../../../core/layout/rows/ledger-totals.ts';
import { startEmbeddedClickHouse } from '../../embedded/clickhouse.ts';
import { type DataLayout, dataLayout } from '../../embedded/data-directory.ts';
import { startEmbeddedNats } from '../../embedded/nats-server.ts';
import type { ExitReason } from '../../embedded/processes.ts';
import { isAlive, waitUntilGone } from '../../embedded/processes.ts';
import { runningServer } from '../../embedded/server-record.ts';
import { connectNats } from '../../nats/connection.ts';
import { readDeployment } from '../../store/deployment.ts';
import { TEST_RULE_SET } from '../../testing/rule-set.ts';
import { verifyLedger } from '../../verify/verify-ledger.ts';
import type { Violation } from '../../verify/verify-partition.ts';

export const PARTITIONS = 4;
/** A loaded machine starts two servers and four partitions in a few seconds. */
const START_MS_MAX = 90_000;
const STOP_MS_MAX = 60_000;
const POLL_MS = 25;
/** Lines of the log that are kept to explain a failure. */
const LOG_LINES_MAX = 20_000;

const PROGRAM = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [name: string]: unknown;
}

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/**
 * A whole deployment as an operator starts it: `arbiter run` as a process of its own on a data
 * directory of its own, with its embedded servers on fixed ports, to be killed and started again.
 */
export class TestDeployment {
  readonly layout: DataLayout;
  readonly natsUrl: string;
  readonly httpUrl: string;
  readonly log: LogLine[] = [];
  readonly #settings: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;
  #exit: Promise<ExitReason> = Promise.resolve({ code: null, signal: null });
  #exited = true;
  #lastWords = '';

  readonly #stopServers: () => Promise<void>;

  private constructor(data: string, http: number, servers: ServersGiven) {
    this.layout = dataLayout(data);
    this.natsUrl = servers.natsUrl;
    this.httpUrl = `http://127.0.0.1:${http}`;
    this.#stopServers = servers.stop;
    this.#settings = {
      ARBITER_DATA_DIR: data,
      ARBITER_PARTITIONS: String(PARTITIONS),
      ARBITER_WORKERS: '2',
      ARBITER_TICK_SECONDS: '1',
      ARBITER_HTTP_PORT: String(http),
      ARBITER_LOG_LEVEL: 'info',
      ...servers.settings,
    };
  }

  /** With the servers that `arbiter run` starts itself and that end with it. */
  static async embedded(): Promise<TestDeployment> {
    const [nats = 0, clickhouse = 0, http = 0] = await freePorts(3);
    const settings = {
      ARBITER_NATS_PORT: String(nats),
      ARBITER_CLICKHOUSE_PORT: String(clickhouse),
    };
    const natsUrl = `nats://127.0.0.1:${nats}`;
    return new TestDeployment(temporaryFolder(), http, { settings, natsUrl, stop: async () => {} });
  }

  /** With servers that outlive the processor. */
  static async besideServers(): Promise<TestDeployment> {
    const folder = temporaryFolder();
    const [http = 0] = await freePorts(1);
    const [nats, clickhouse] = await Promise.all([
      startEmbeddedNats({ dataDirectory: join(folder, 'nats'), partitions: PARTITIONS }),
      startEmbeddedClickHouse({ dataDirectory: join(folder, 'clickhouse') }),
    ]);
    const stop = async (): Promise<void> => {
      await Promise.all([nats.stop(), clickhouse.stop()]);
      removeFolder(folder);
    };
    const settings = { NATS_URL: nats.url, CLICKHOUSE_URL: clickhouse.url };
    return new TestDeployment(temporaryFolder(), http, { settings, natsUrl: nats.url, stop });
  }

  /** Where ClickHouse listens. */
  get clickhouseUrl(): string {
    const port = this.#settings['ARBITER_CLICKHOUSE_PORT'];
    return this.#settings['CLICKHOUSE_URL'] ?? `http://127.0.0.1:${port}`;
  }

  /** Starts the processor; `settings` are for this life of it alone. */
  start(settings: Readonly<Record<string, string>> = {}): void {
    if (this.runs) throw new Error(`it runs already\n${this.tail()}`);
    const child = spawn(process.execPath, [PROGRAM, 'run'], {
      env: this.#environment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    this.#exited = false;
    this.#exit = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exited = true;
        resolve({ code, signal });
      });
    });
    this.log.length = 0;
    this.#lastWords = '';
    this.#keepLog(child);
  }

  /** Starts, and waits until it says that it runs. */
  async run(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    this.start(settings);
    await this.logged('arbiter runs');
  }

  /** Waits for a line of the log; fails when the process ends before. */
  async logged(message: string, matching: (line: LogLine) => boolean = () => true) {
    return this.waitFor(
      `the line "${message}"`,
      () => this.log.find((line) => line.msg === message && matching(line)),
      { whileRunning: true },
    );
  }

  async waitFor<T>(
    what: string,
    look: () => T | undefined | Promise<T | undefined>,
    options: { readonly whileRunning?: boolean } = {},
  ): Promise<T> {
    const giveUpAt = performance.now() + START_MS_MAX;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (options.whileRunning && this.#exited)
        throw new Error(`ended before ${what}\n${this.tail()}`);
      if (performance.now() > giveUpAt)
        throw new Error(`waited for ${what} in vain\n${this.tail()}`);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  get runs(): boolean {
    return !this.#exited;
  }

  /** Resolves when the process is gone, for whatever reason. */
  get exited(): Promise<ExitReason> {
    return this.#exit;
  }

  /** Kills the processor as a crash would. */
  async kill(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#exit;
  }

  /** Stops the processor in its tracks, all threads of it, until it is told to go on. */
  async freeze(): Promise<void> {
    const pid = this.#child?.pid ?? 0;
    this.#child?.kill('SIGSTOP');
    await this.waitFor('it to stand still', () => standsStill(pid) || undefined);
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Stops it as an operator would: it drains. */
  async stop(): Promise<ExitReason> {
    const force = setTimeout(() => this.#child?.kill('SIGKILL'), STOP_MS_MAX);
    this.#child?.kill('SIGTERM');
    const reason = await this.#exit;
    clearTimeout(force);
    return reason;
  }

  /** Process id of an embedded server that runs now. */
  serverPid(server: 'nats' | 'clickhouse'): number | undefined {
    return runningServer(this.layout[server])?.pid;
  }

  /** Kills an embedded server as a crash would. False when it does not run just now. */
  async killServer(server: 'nats' | 'clickhouse'): Promise<boolean> {
    const pid = this.serverPid(server);
    if (pid === undefined || !isAlive(pid)) return false;
    process.kill(pid, 'SIGKILL');
    await waitUntilGone(pid, STOP_MS_MAX);
    return true;
  }

  connect(): Promise<NatsConnection> {
    return connectNats({ servers: [this.natsUrl], name: 'crash-test', patience: START_MS_MAX });
  }

  /** Runs another command on the same data directory to its end. */
  async command(
    words: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<CommandResult> {
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      env: this.#environment(settings),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
  }

  verify(): Promise<CommandResult> {
    return this.command(['ledger', 'verify']);
  }

  /** What `ledger verify` finds in the ledger's files alone; quick enough after every death. */
  async violations(): Promise<readonly Violation[]> {
    const { store } = this.layout;
    const deployment = readDeployment(store);
    if (!deployment) return [{ partition: 0, what: 'there is no ledger' }];
    const nothingSent = { totals: new LedgerTotals(), cursor: new Map<number, number>() };
    return (await verifyLedger(store, deployment, nothingSent)).violations;
  }

  /** Makes a small programme current. Another `discount` makes another version of it. */
  async applyRules(discount = 10): Promise<CommandResult> {
    const file = join(this.layout.path, `rules-${discount}.json`);
    writeFileSync(file, JSON.stringify(rulesWith(discount)));
    return this.command(['rules', 'apply', file, '--author', 'crash-test']);
  }

  /** The end of what it said, to explain a failure. */
  tail(): string {
    const lines = this.log.slice(-12).map((line) => JSON.stringify(line).slice(0, 400));
    return [...lines, this.#lastWords].join('\n');
  }

  /** Everything it wrote to its standard error. */
  get errors(): string {
    return this.#lastWords;
  }

  async remove(): Promise<void> {
    if (this.runs) await this.kill();
    // The servers end with their starter, each in its own time.
    for (const server of ['nats', 'clickhouse'] as const) {
      const pid = this.serverPid(server);
      if (pid !== undefined) await waitUntilGone(pid, STOP_MS_MAX);
    }
    await this.#stopServers();
    removeFolder(this.layout.path);
  }

  #environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    return { ...process.env, NODE_OPTIONS: '', ...this.#settings, ...settings };
  }

  #keepLog(child: ChildProcess): void {
    let rest = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (this.log.length < LOG_LINES_MAX) this.log.push(lineOf(line));
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString()).slice(-20_000);
    });
  }
}

/** True when every thread of a process is stopped: its state stands behind its name. */
function standsStill(pid: number): boolean {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.every((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
  });
}

interface ServersGiven {
  readonly natsUrl: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'arbiter-crash-'));
}

function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}

function lineOf(text: string): LogLine {
  try {
    return JSON.parse(text);
  } catch {
    return { level: 'unknown', msg: text };
  }
}

function rulesWith(discount: number): unknown {
  const { arbitration } = TEST_RULE_SET;
  const children = arbitration.children.map((child) =>
    child.promotion === 'toys-10'
      ? { ...child, benefits: { list: [{ discount: { percent: discount } }] } }
      : child,
  );
  return { ...TEST_RULE_SET, arbitration: { ...arbitration, children } };
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
