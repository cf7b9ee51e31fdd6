/**
 * The embedded ClickHouse's own process (trap T18): an engine that crashes or eats memory takes
 * neither the ledger nor the processor with it. Started by `clickhouse.ts`, which hands over the
 * options as JSON and holds an IPC channel; when that channel ends, the parent is gone, and this
 * process drains and stops, as it does on SIGTERM.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Fault, messageOf } from '../fault.ts';
import { type Engine, openEngine } from './chdb-engine.ts';
import type { ClickHouseReport, ClickHouseSettings } from './clickhouse.ts';
import { engineArguments } from './clickhouse-config.ts';
import { type ClickHouseHttp, createClickHouseHttp } from './clickhouse-http.ts';
import { takeBackTornTokens } from './deduplication-log.ts';
import { isAlive } from './processes.ts';
import { stepBack } from './step-back.ts';

/** A drain that takes longer has a statement that will not end; the parts on disk stay whole. */
const DRAIN_MS_MAX = 20_000;

function report(message: ClickHouseReport): void {
  if (process.connected) process.send?.(message);
}

const FOLDER_POLL_MS = 200;

let tornTokens = 0;

async function openWhenFree(settings: ClickHouseSettings): Promise<Engine> {
  const engineSettings = engineArguments(settings);
  const giveUpAt = Date.now() + settings.waitForFolderMs;
  for (;;) {
    try {
      if (holderOf(settings.dataDirectory) === undefined) {
        tornTokens += takeBackTornTokens(settings.dataDirectory);
      }
      return openEngine({ dataDirectory: settings.dataDirectory, arguments: engineSettings });
    } catch (error) {
      const holder = holderOf(settings.dataDirectory);
      if (holder === undefined) throw error;
      if (Date.now() > giveUpAt) {
        throw new Error(`process ${holder} has the folder open`, { cause: error });
      }
      await setTimeout(FOLDER_POLL_MS);
    }
  }
}

/** The live process that holds the engine's lock; the engine writes its process id beside it. */
function holderOf(dataDirectory: string): number | undefined {
  const status = join(dataDirectory, 'status');
  if (!existsSync(status)) return undefined;
  const found = /^PID: (\d+)/m.exec(readFileSync(status, 'utf8'));
  const holder = Number(found?.[1] ?? process.pid);
  return holder !== process.pid && isAlive(holder) ? holder : undefined;
}

/** How far this process steps back where processors are scarce: answers to tills come first. */
const NICE_INCREMENT = 5;

async function main(): Promise<void> {
  // Before the engine starts its threads.
  stepBack(NICE_INCREMENT);
  const settings: ClickHouseSettings = JSON.parse(process.argv[2] ?? '{}');
  const engine = await openWhenFree(settings);
  const http = createClickHouseHttp(engine, settings.dataDirectory);
  http.server.on('error', fail);
  http.server.listen(settings.port, '127.0.0.1', () => {
    // A TCP server's address is never a path.
    const { port } = http.server.address() as AddressInfo;
    report({ kind: 'ready', port, version: engine.version, tornTokens });
  });

  const stop = () => void stopOnce(http, engine);
  process.on('SIGTERM', stop);
  process.on('disconnect', stop);
  // The terminal's Ctrl-C is for the processor, which sends its last rows here while it drains.
  process.on('SIGINT', () => {});
}

let stopping = false;

async function stopOnce(http: ClickHouseHttp, engine: Engine): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Not exit(): closing the engine under a running statement aborts it, a kill loses nothing.
  const stuck = setTimeout(DRAIN_MS_MAX, undefined, { ref: false });
  void stuck.then(() => process.kill(process.pid, 'SIGKILL'));
  await http.drain();
  await engine.close();
  process.exit(0);
}

function fail(error: unknown): void {
  const code = error instanceof Fault ? error.code : 'embedded-clickhouse-start';
  report({ kind: 'failed', code, message: messageOf(error) });
  process.exit(1);
}

main().catch(fail);
