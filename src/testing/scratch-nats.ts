import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { natsBinary, natsBinaryOptions } from '../embedded/nats-binary.ts';

const START_PATIENCE_MS = 15_000;
const POLL_MS = 20;

/** A real nats-server with JetStream in a temporary folder, for one test file. */
export class ScratchNats {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #port = -1;

  readonly #configuration: string | undefined;

  private constructor(folder: string, configuration: string | undefined) {
    this.#folder = folder;
    this.#configuration = configuration;
  }

  /** With a configuration of its own, or with none, open to everybody on this machine. */
  static async start(configuration?: string): Promise<ScratchNats> {
    const folder = await mkdtemp(join(tmpdir(), 'arbiter-nats-'));
    const scratch = new ScratchNats(folder, configuration);
    await scratch.restart();
    return scratch;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Starts it, or starts it again on the same port with the same streams. */
  async restart(): Promise<void> {
    const { program } = await natsBinary(natsBinaryOptions(process.env));
    const ports = ['--ports_file_dir', this.#folder];
    const address = ['-a', '127.0.0.1', '-p', String(this.#port)];
    const store = ['-js', '-sd', join(this.#folder, 'store')];
    const configured = this.#configuration === undefined ? store : ['-c', this.#configuration];
    const child = spawn(program, [...address, ...configured, ...ports], { stdio: 'ignore' });
    this.#process = child;
    const file = join(this.#folder, `nats-server_${child.pid}.ports`);
    this.#port = await portIn(file);
  }

  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** The server writes its ports once it listens. */
async function portIn(file: string): Promise<number> {
  const deadline = performance.now() + START_PATIENCE_MS;
  while (performance.now() < deadline) {
    const text = await readFile(file, 'utf8').catch(() => '');
    const port = /"(?:nats|tls):\/\/127\.0\.0\.1:(\d+)"/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('nats-server did not start');
}
