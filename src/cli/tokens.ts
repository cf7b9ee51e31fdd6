import { userInfo } from 'node:os';
import { isTokenName } from '../../ops/access/nats/permissions.ts';
import { isRole, type Reach, ROLES, type Role } from '../../ops/access/roles.ts';
import { newToken, type Token } from '../../ops/access/tokens.ts';
import type { AuditEvent } from '../../ops/audit/chain.ts';
import { AccessStore } from '../access/access-store.ts';
import { integer, text } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';

/**
 * `arbiter tokens`: who may use the HTTP gateway. Whoever can write the data directory is the
 * administrator here; what they do is noted under their name on this machine.
 */

const DAY = 86_400_000;
const EXIT_USAGE = 2;
const USAGE = `usage: arbiter tokens create --name NAME --role ROLE [--stores A,B] [--days N]
       arbiter tokens list
       arbiter tokens revoke ID

ROLE is one of ${ROLES.join(', ')}.
`;

const TABLE = {
  ...SETTINGS,
  name: text({ flag: '--name', fallback: '-', about: 'Who will hold the token.' }),
  role: text({ flag: '--role', fallback: 'viewer', about: 'What the holder may do.' }),
  stores: text({ flag: '--stores', fallback: 'all', about: 'Stores it speaks for, or `all`.' }),
  days: integer({
    flag: '--days',
    fallback: 90,
    least: 1,
    most: 366,
    unit: 'days',
    about: 'How long it is good for.',
  }),
};

export async function tokensCreate(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { name, role, days, data } = ready.settings;
  const scope = { stores: reachOf(ready.settings.stores) };
  const problems = problemsOf({ name, role, stores: scope.stores });
  if (problems.length > 0 || !isRole(role)) {
    process.stderr.write(`${problems.join('\n')}\n\n${USAGE}`);
    return EXIT_USAGE;
  }
  const at = Date.now();
  const made = newToken({ name, role, scope, createdAt: at, expiresAt: at + days * DAY });
  await withStore(new AccessStore(dataLayout(data).access), (store) => {
    const detail = { name, role: role as string, days, stores: ready.settings.stores };
    store.putToken(made.token, done('tokens.create', { at, object: made.token.id, detail }));
  });
  write(
    `${made.text}\n\nShown once and kept nowhere: store it now. It expires on ${dayOf(made.token.expiresAt)}.\n`,
  );
  return 0;
}

function problemsOf(given: {
  readonly name: string;
  readonly role: string;
  readonly stores: Reach;
}): string[] {
  const problems: string[] = [];
  if (given.name === '-') problems.push('--name is missing: say who will hold the token');
  if (!isRole(given.role)) problems.push(`--role has to be one of ${ROLES.join(', ')}`);
  for (const store of given.stores === 'all' ? [] : given.stores) {
    if (!isTokenName(store)) problems.push(`--stores: \`${store}\` is no name of a store`);
  }
  return problems;
}

export async function tokensList(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  await withStore(AccessStore.existing(dataLayout(ready.settings.data).access), (store) => {
    const now = Date.now();
    for (const token of store.tokens()) write(`${lineOf(token, now)}\n`);
  });
  return 0;
}

export async function tokensRevoke(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [id] = ready.words;
  if (id === undefined) {
    process.stderr.write(USAGE);
    return EXIT_USAGE;
  }
  return withStore(AccessStore.existing(dataLayout(ready.settings.data).access), (store) => {
    const token = store.token(id);
    if (token === undefined) {
      process.stderr.write(`there is no token \`${id}\`: see \`arbiter tokens list\`\n`);
      return 1;
    }
    const at = Date.now();
    const revoked = { ...token, revokedAt: token.revokedAt ?? at };
    store.putToken(
      revoked,
      done('tokens.revoke', { at, object: id, detail: { name: token.name } }),
    );
    write(`${id} is revoked, from this moment on\n`);
    return 0;
  });
}

async function withStore<T>(store: AccessStore, use: (store: AccessStore) => T): Promise<T> {
  try {
    return use(store);
  } finally {
    await store.close();
  }
}

function done(action: string, what: Pick<AuditEvent, 'at' | 'object' | 'detail'>): AuditEvent {
  return { ...what, actor: `local:${userInfo().username}`, action, outcome: 'done' };
}

function reachOf(given: string): Reach {
  return given === 'all' ? 'all' : given.split(',').map((each) => each.trim());
}

function lineOf(token: Token, now: number): string {
  const { id, name, role, scope } = token;
  const stores = scope.stores === 'all' ? 'all stores' : scope.stores.join(',');
  return [id, stateText(token, now), role satisfies Role, stores, name].join('  ');
}

function stateText({ revokedAt, expiresAt }: Token, now: number): string {
  if (revokedAt !== undefined) return `revoked ${dayOf(revokedAt)}`;
  return `${expiresAt <= now ? 'expired' : 'until'} ${dayOf(expiresAt)}`;
}

function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 'YYYY-MM-DD'.length);
}
