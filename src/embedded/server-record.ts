import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { birthOf } from './processes.ts';

/** A server that runs on a folder, as the process that started it wrote it down there. */
export type ServerRecord = {
  readonly pid: number;
  /** Tells this process from a later one with the same id. */
  readonly birth: string;
  readonly startedBy: number;
  readonly starterBirth: string;
  /** Empty until the server was ready. */
  readonly url: string;
  readonly version: string;
};

function fileIn(folder: string): string {
  return join(folder, 'server.json');
}

/** Writes down a running server; a reader sees the old record or the new one, never half of one. */
export function writeServerRecord(
  folder: string,
  server: { readonly pid: number; readonly url: string; readonly version: string },
): void {
  const record: ServerRecord = {
    ...server,
    birth: birthOf(server.pid) ?? '',
    startedBy: process.pid,
    starterBirth: birthOf(process.pid) ?? '',
  };
  const draft = `${fileIn(folder)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`);
  renameSync(draft, fileIn(folder));
}

export function removeServerRecord(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** The server that runs on this folder now, whoever started it. */
export function runningServer(folder: string): ServerRecord | undefined {
  const record = readRecord(folder);
  return record !== undefined && birthOf(record.pid) === record.birth ? record : undefined;
}

/** Whether the process that started a server still runs. */
export function hasLiveStarter(record: ServerRecord): boolean {
  return birthOf(record.startedBy) === record.starterBirth;
}

function readRecord(folder: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8'));
  } catch {
    // Absent, or cut off by a power loss, after which no server runs either.
    return undefined;
  }
}
