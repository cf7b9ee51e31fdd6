import { verifyChain } from '../../ops/audit/chain.ts';
import { AccessStore } from '../access/access-store.ts';
import { verifyMirror } from '../audit/verify-mirror.ts';
import { ClickHouse } from '../clickhouse/client.ts';
import { integer, onOff } from '../config/setting.ts';
import { SETTINGS, type Settings } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';
import { reachClickHouse } from './reach-clickhouse.ts';

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

const VERIFY = {
  ...SETTINGS,
  mirror: onOff({ flag: '--mirror', fallback: false, about: 'Compares the copy in ClickHouse.' }),
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

/**
 * `arbiter audit verify`: whether the list is as it was written, and with `--mirror` whether its
 * copy in ClickHouse is; exits 1 if not.
 */
export async function auditVerify(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(VERIFY, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings } = ready;
  const store = AccessStore.existing(dataLayout(settings.data).access);
  try {
    const head = store.head();
    const verdict = verifyChain(store.rows(), head);
    if (verdict.ok) write(`${verdict.rows} rows, unbroken; the last has the hash ${head.hash}\n`);
    else write(`broken at row ${verdict.sequence}: ${verdict.problem}\n`);
    const isSame = settings.mirror ? await tellMirror(settings, store, write) : true;
    return verdict.ok && isSame ? 0 : 1;
  } finally {
    await store.close();
  }
}

async function tellMirror(settings: Settings, store: AccessStore, write: Write): Promise<boolean> {
  const reached = await reachClickHouse(settings);
  const clickhouse = new ClickHouse({
    url: reached.url,
    user: settings.clickhouseUser,
    password: settings.clickhousePassword,
    database: settings.clickhouseDatabase,
  });
  try {
    const verdict = await verifyMirror(store, clickhouse);
    if (!verdict.ok) write(`the copy in ClickHouse is not the same: ${verdict.problem}\n`);
    else write(`ClickHouse holds the same ${verdict.rows} rows, ${verdict.behind} are to come\n`);
    return verdict.ok;
  } finally {
    await clickhouse.close();
    await reached.release();
  }
}
