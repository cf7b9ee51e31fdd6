/**
 * ClickHouse notes an insert's token before it puts the part in place. Killed between the two, it
 * remembers a block that it does not have and drops the repetition: the block would be lost. Before
 * the engine opens, every token whose part is on no disk is taken back, in the log's own words.
 * (A cluster's replicated tables note both at once, in Keeper.)
 */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOGS = 'deduplication_logs';
const LOG_FILE = /^deduplication_log_(\d+)\.txt$/;
const ADD = '1';
const DROP = '2';

type Token = { readonly part: string; readonly block: string };
type PartRange = { readonly partition: string; readonly first: number; readonly last: number };

/** Takes back the tokens of parts that never came to be; returns how many. */
export function takeBackTornTokens(dataDirectory: string): number {
  let taken = 0;
  for (const table of tablesIn(join(dataDirectory, 'store'))) taken += repairTable(table);
  return taken;
}

function tablesIn(store: string): string[] {
  if (!existsSync(store)) return [];
  return readdirSync(store)
    .flatMap((prefix) => childrenOf(join(store, prefix)))
    .filter((table) => existsSync(join(table, LOGS)));
}

function childrenOf(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}

function repairTable(table: string): number {
  const logs = logFiles(join(table, LOGS));
  const newest = logs.at(-1);
  if (newest === undefined) return 0;

  const texts = logs.map((log) => readFileSync(log, 'utf8'));
  const parts = partsIn(table);
  const torn = liveTokens(texts.join('')).filter(({ part }) => !isCovered(part, parts));
  // A record the kill cut off must not run together with ours.
  const separator = texts.at(-1)?.endsWith('\n') === false ? '\n' : '';
  const records = torn.map(({ part, block }) => `${DROP}\t${part}\t${block}\n`).join('');
  if (torn.length > 0) appendFileSync(newest, separator + records);
  return torn.length;
}

function logFiles(folder: string): string[] {
  return readdirSync(folder)
    .flatMap((name) => {
      const number = LOG_FILE.exec(name)?.[1];
      return number === undefined ? [] : [{ number: Number(number), path: join(folder, name) }];
    })
    .toSorted((a, b) => a.number - b.number)
    .map(({ path }) => path);
}

function liveTokens(log: string): Token[] {
  const live = new Map<string, Token>();
  for (const line of log.split('\n')) {
    const [operation, part, block] = line.split('\t');
    if (part === undefined || block === undefined) continue;
    if (operation === ADD) live.set(block, { part, block });
    if (operation === DROP) live.delete(block);
  }
  return [...live.values()];
}

/** `<partition>_<first block>_<last block>_<level>`, and after mutations one number more. */
const PART = /^([^_]+)_(\d+)_(\d+)_\d+(?:_\d+)?$/;

function rangeOf(part: string): PartRange | undefined {
  const found = PART.exec(part);
  if (found === null) return undefined;
  return { partition: found[1] ?? '', first: Number(found[2]), last: Number(found[3]) };
}

function partsIn(table: string): PartRange[] {
  return readdirSync(table).flatMap((name) => rangeOf(name) ?? []);
}

/** A part is there under its own name or merged into one that spans its blocks. */
function isCovered(part: string, parts: readonly PartRange[]): boolean {
  const wanted = rangeOf(part);
  // A name we cannot read is left to the engine.
  if (wanted === undefined) return true;
  return parts.some(
    ({ partition, first, last }) =>
      partition === wanted.partition && first <= wanted.first && wanted.last <= last,
  );
}
