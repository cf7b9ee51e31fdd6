import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import {
  type NatsBinary,
  type NatsBinaryOptions,
  natsBinary,
  natsBinaryOptions,
} from './nats-binary.ts';
import { natsConfig } from './nats-config.ts';
import { forgetPorts, natsReady } from './nats-ready.ts';
import { type ExitReason, waitUntilGone } from './processes.ts';
import {
  hasLiveStarter,
  removeServerRecord,
  runningServer,
  writeServerRecord,
} from './server-record.ts';
import { stopWithUs } from './watchdog.ts';

export type EmbeddedNatsOptions = {
  /** The folder of the server alone. */
  readonly dataDirectory: string;
  /** Absent or 0: any free port. */
  readonly port?: number;
  readonly partitions: number;
  readonly binary?: NatsBinaryOptions;
};

export type EmbeddedNats = {
  readonly url: string;
  readonly version: string;
  readonly pid: number;
  /** Stops the server; resolves when its process is gone. */
  stop(): Promise<void>;
  /** Resolves when the process is gone, for whatever reason. */
  readonly exited: Promise<ExitReason>;
};

/** The server writes its state away when it stops; after this it is taken as stuck. */
const STOP_MS_MAX = 20_000;
/** Of the server's log, told with a failed start, in characters. */
const LOG_TAIL_MAX = 2_000;

/** Starts a real nats-server with JetStream on a folder; fetches the program if it is missing. */
export async function startEmbeddedNats(options: EmbeddedNatsOptions): Promise<EmbeddedNats> {
  const folder = resolve(options.dataDirectory);
  await mkdir(folder, { recursive: true });
  await stopOrphan(folder);

  const binary = await natsBinary(options.binary ?? natsBinaryOptions(process.env));
  await forgetPorts(folder);
  const { version } = binary;
  const { partitions, port = 0 } = options;
  const file = join(folder, 'nats-server.conf');
  await writeFile(file, natsConfig({ folder, port, partitions, version }));
  return launch(binary, file, folder);
}

/**
 * A server whose starter was killed may still run on this folder: two on one store would destroy
 * it. One whose starter lives is somebody else's and stays.
 */
async function stopOrphan(folder: string): Promise<void> {
  const running = runningServer(folder);
  if (running === undefined) return;
  if (hasLiveStarter(running)) {
    const who = `process ${running.startedBy} runs nats-server ${running.pid} at ${running.url}`;
    throw new Fault('embedded-nats-in-use', `${who} on ${folder}`, {
      retry: 'operator',
      facts: { folder, hint: `connect to ${running.url}, or stop process ${running.startedBy}` },
    });
  }
  process.kill(running.pid, 'SIGTERM');
  if (await waitUntilGone(running.pid, STOP_MS_MAX)) return;
  process.kill(running.pid, 'SIGKILL');
  await waitUntilGone(running.pid, STOP_MS_MAX);
}

async function launch(binary: NatsBinary, file: string, folder: string): Promise<EmbeddedNats> {
  const child = spawn(binary.program, ['--config', file], {
    // A group of its own: Ctrl-C in the terminal reaches the processor alone, which drains first.
    detached: true,
    stdio: 'ignore',
  });
  const { exited, hasEnded } = watchExit(child);
  const pid = child.pid;
  if (pid === undefined) throw await failed(binary, folder);

  const callOff = stopWithUs(pid);
  writeServerRecord(folder, { pid, url: '', version: binary.version });
  void exited.then(callOff);
  const ready = await natsReady(folder, hasEnded);
  if (ready === undefined) {
    child.kill('SIGKILL');
    throw await failed(binary, folder);
  }
  writeServerRecord(folder, { pid, ...ready });
  return { ...ready, pid, exited, stop: () => stop(child, exited, folder) };
}

function watchExit(child: ChildProcess) {
  let ended = false;
  const exited = new Promise<ExitReason>((resolve) => {
    const settle = (reason: ExitReason) => {
      ended = true;
      resolve(reason);
    };
    child.once('exit', (code, signal) => settle({ code, signal }));
    child.once('error', () => settle({ code: null, signal: null }));
  });
  return { exited, hasEnded: () => ended };
}

async function stop(child: ChildProcess, exited: Promise<ExitReason>, folder: string) {
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(force);
  removeServerRecord(folder);
}

async function failed(binary: NatsBinary, folder: string): Promise<Fault> {
  const log = await readFile(join(folder, 'nats-server.log'), 'utf8').catch(() => '');
  const reason = /\[FTL\] (.*)/.exec(log.slice(-LOG_TAIL_MAX))?.[1] ?? 'see its log';
  return new Fault('embedded-nats-start', `nats-server did not start: ${reason}`, {
    retry: 'operator',
    facts: {
      program: binary.program,
      version: binary.version,
      log: join(folder, 'nats-server.log'),
    },
  });
}
