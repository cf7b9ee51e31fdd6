import { verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from '../access/access-store.ts';
import { integer } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';

const TABLE = {
  ...SETTINGS,
  last: integer({
    flag: '--last',
    fallback: 50,
    least: 1,
    most: 1_000_000,
    unit: 'rows',
    about: 'How many of the newest rows to show.',
  }),
};

/** `arbiter audit list`: who did what, newest last, a row of JSON a line. */
export async function auditList(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { data, last } = ready.settings;
  const store = AccessStore.existing(dataLayout(data).access);
  try {
    const from = Math.max(1, store.head().sequence - last + 1);
    for (const { at, ...row } of store.rows(from)) {
      write(`${JSON.stringify({ at: new Date(at).toISOString(), ...row })}\n`);
    }
    return 0;
  } finally {
    await store.close();
  }
}

/** `arbiter audit verify`: whether the list is as it was written; exits 1 if it is not. */
export async function auditVerify(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const store = AccessStore.existing(dataLayout(ready.settings.data).access);
  try {
    const head = store.head();
    const verdict = verifyChain(store.rows(), head);
    if (verdict.ok) write(`${verdict.rows} rows, unbroken; the last has the hash ${head.hash}\n`);
    else write(`broken at row ${verdict.sequence}: ${verdict.problem}\n`);
    return verdict.ok ? 0 : 1;
  } finally {
    await store.close();
  }
}
