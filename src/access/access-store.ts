import { existsSync, mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Token } from '../../ops/access/tokens.ts';
import {
  type AuditEvent,
  type AuditRow,
  type ChainHead,
  EMPTY_CHAIN,
  nextRow,
} from '../../ops/audit/chain.ts';
import { requireDisk } from '../../workers/store/room.ts';
import { Fault } from '../fault.ts';

const MAP_BYTES = 2 ** 32;
/** More than a change with its audit row needs. */
const WRITE_BYTES = 1 << 20;
const HEAD = 'head';

/**
 * Tokens and the audit list. Every change is one fully synced write together with its audit row:
 * there is no change without a row, and no row of a change that did not happen. Several processes
 * may have it open; LMDB lets one write at a time.
 */
export class AccessStore {
  readonly #path: string;
  readonly #root: RootDatabase;
  readonly #tokens: Database<Token, string>;
  readonly #audit: Database<AuditRow, number>;
  readonly #heads: Database<ChainHead, string>;

  /** The store of a deployment that has one. Nobody asks for tokens where there are none. */
  static existing(path: string): AccessStore {
    if (existsSync(path)) return new AccessStore(path);
    throw new Fault('no-access-store', `there are no tokens and no audit list in ${path}`, {
      retry: 'operator',
      facts: { hint: 'name the data folder with --data' },
    });
  }

  constructor(path: string) {
    this.#path = path;
    mkdirSync(path, { recursive: true, mode: 0o700 });
    this.#root = open({
      path,
      noSubdir: false,
      overlappingSync: false,
      mapSize: MAP_BYTES,
      maxDbs: 4,
    });
    this.#tokens = this.#root.openDB('tokens', { encoding: 'json' });
    this.#audit = this.#root.openDB('audit', { encoding: 'json', keyEncoding: 'uint32' });
    this.#heads = this.#root.openDB('heads', { encoding: 'json' });
  }

  token(id: string): Token | undefined {
    return this.#tokens.get(id);
  }

  tokens(): readonly Token[] {
    return [...this.#tokens.getRange({})].map(({ value }) => value);
  }

  /** Keeps a new token, or a changed one, and who did it. */
  putToken(token: Token, event: AuditEvent): void {
    this.#write(event, () => void this.#tokens.put(token.id, token));
  }

  /** Notes what was refused, or done elsewhere. */
  note(event: AuditEvent): void {
    this.#write(event, () => {});
  }

  #write(event: AuditEvent, change: () => void): void {
    requireDisk(this.#path, WRITE_BYTES);
    this.#root.transactionSync(() => {
      change();
      const row = nextRow(this.head(), event);
      void this.#audit.put(row.sequence, row);
      void this.#heads.put(HEAD, { sequence: row.sequence, hash: row.hash });
    });
  }

  head(): ChainHead {
    return this.#heads.get(HEAD) ?? EMPTY_CHAIN;
  }

  /** Rows from a number on, in order. */
  *rows(from = 1): Generator<AuditRow> {
    for (const { value } of this.#audit.getRange({ start: from })) yield value;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}
