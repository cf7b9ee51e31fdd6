import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const START_MS_MAX = 20_000;
const STOP_MS_MAX = 20_000;
const POLL_MS = 20;

export interface NatsServer {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * A `nats-server` of the benchmark's own, so that the log can be filled while the processor is
 * stopped: `NATS_SERVER_BIN`, or the one on the PATH.
 */
export async function startNatsServer(folder: string): Promise<NatsServer> {
  mkdirSync(folder, { recursive: true });
  const program = process.env['NATS_SERVER_BIN'] ?? 'nats-server';
  const words = ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', folder, '--ports_file_dir', folder];
  const child = spawn(program, words, { stdio: 'ignore' });
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  const file = join(folder, `nats-server_${child.pid}.ports`);
  const deadline = performance.now() + START_MS_MAX;
  while (!existsSync(file)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (failure === undefined && child.exitCode === null && performance.now() < deadline) continue;
    child.kill('SIGKILL');
    const hint = 'set NATS_SERVER_BIN, or put nats-server on the PATH';
    throw new Error(`${program} did not start: ${hint}`, { cause: failure });
  }
  // Written by nats-server.
  const { nats } = JSON.parse(readFileSync(file, 'utf8')) as { nats: readonly string[] };
  const url = nats[0] ?? '';
  return { url, pid: child.pid ?? 0, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  clearTimeout(force);
}
