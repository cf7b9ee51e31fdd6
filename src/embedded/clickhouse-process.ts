/**
 * The embedded ClickHouse's own process (trap T18): an engine that crashes or eats memory takes
 * neither the ledger nor the processor with it. Started by `clickhouse.ts`, which hands over the
 * options as JSON and holds an IPC channel; when that channel ends, the parent is gone, and this
 * process drains and stops, as it does on SIGTERM.
 */
import type { AddressInfo } from 'node:net';
import { messageOf } from '../fault.ts';
import { type Engine, openEngine } from './chdb-engine.ts';
import type { ClickHouseReport, ClickHouseSettings } from './clickhouse.ts';
import { engineArguments } from './clickhouse-config.ts';
import { type ClickHouseHttp, createClickHouseHttp } from './clickhouse-http.ts';

/** A drain that takes longer has a statement that will not end; the parts on disk stay whole. */
const DRAIN_MS_MAX = 20_000;

function report(message: ClickHouseReport): void {
  if (process.connected) process.send?.(message);
}

async function main(): Promise<void> {
  const settings: ClickHouseSettings = JSON.parse(process.argv[2] ?? '{}');
  const engine = openEngine({
    dataDirectory: settings.dataDirectory,
    arguments: engineArguments(settings),
  });
  const http = createClickHouseHttp(engine, settings.dataDirectory);
  http.server.on('error', fail);
  http.server.listen(settings.port, '127.0.0.1', () => {
    // A TCP server's address is never a path.
    const { port } = http.server.address() as AddressInfo;
    report({ kind: 'ready', port, version: engine.version });
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
  setTimeout(() => process.exit(1), DRAIN_MS_MAX).unref();
  await http.drain();
  await engine.close();
  process.exit(0);
}

function fail(error: unknown): void {
  report({ kind: 'failed', message: messageOf(error) });
  process.exit(1);
}

main().catch(fail);
