import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Contestant } from './contestant.ts';

/**
 * SQLite as Node brings it: write-ahead log, a full sync at every commit, and a batch as one
 * transaction of prepared statements.
 */
export function openSqlite(folder: string): Contestant {
  const database = new DatabaseSync(join(folder, 'ledger.sqlite'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  database.exec(`
    CREATE TABLE postings (id TEXT PRIMARY KEY, member TEXT, points INTEGER) WITHOUT ROWID;
    CREATE TABLE entries (posting TEXT, account TEXT, amount INTEGER);
    CREATE TABLE accounts (account TEXT PRIMARY KEY, balance INTEGER) WITHOUT ROWID;
  `);
  const claim = database.prepare('INSERT OR IGNORE INTO postings VALUES (?, ?, ?)');
  const enter = database.prepare('INSERT INTO entries VALUES (?, ?, ?), (?, ?, ?)');
  const credit = database.prepare(
    `INSERT INTO accounts VALUES (?, ?)
    ON CONFLICT (account) DO UPDATE SET balance = balance + excluded.balance`,
  );
  return {
    name: 'SQLite (`node:sqlite`)',
    post: (batch) => {
      database.exec('BEGIN IMMEDIATE');
      for (const { id, member, points } of batch) {
        if (claim.run(id, member, points).changes === 0) continue;
        const account = `member:${member}`;
        enter.run(id, 'adjustment', -points, id, account, points);
        credit.run(account, points);
      }
      database.exec('COMMIT');
    },
    totals: () => {
      const row = database
        .prepare(
          `SELECT (SELECT count(*) FROM postings) AS postings,
            (SELECT sum(balance) FROM accounts) AS points`,
        )
        .get();
      return { postings: Number(row?.['postings']), points: Number(row?.['points']) };
    },
    close: () => database.close(),
  };
}
