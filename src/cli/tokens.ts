import { TOKEN_DAYS, TOKEN_DAYS_MAX } from '../../ops/access/requests.ts';
import type { Token } from '../../ops/access/tokens.ts';
import { integer } from '../config/setting.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import {
  type AtWork,
  dayOf,
  GRANT,
  grantOf,
  scopeText,
  tellUnchanged,
  tellUsage,
  withAccess,
} from './access-command.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';

/** `arbiter tokens`: which programs may use the HTTP gateway. */

const USAGE = `usage: arbiter tokens create --name NAME --role ROLE
         [--stores A,B] [--areas A,B] [--partners A,B] [--days N]
       arbiter tokens list
       arbiter tokens revoke ID
`;

const TABLE = {
  ...GRANT,
  days: integer({
    flag: '--days',
    fallback: TOKEN_DAYS,
    least: 1,
    most: TOKEN_DAYS_MAX,
    unit: 'days',
    about: 'How long it is good for.',
  }),
};

export async function tokensCreate(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const grant = grantOf(ready.settings);
  if (!grant.ok) return tellUsage(USAGE, grant.problem);
  const { data, days } = ready.settings;
  const create = ({ administration }: AtWork) => administration.createToken(grant.value, days);
  const made = await withAccess(dataLayout(data).access, create, { create: true });
  if (!made.ok) return tellUnchanged(made);
  const expires = dayOf(made.token.expiresAt);
  write(`${made.text}\n\nShown once and kept nowhere: store it now. It expires on ${expires}.\n`);
  return 0;
}

export async function tokensList(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  return withAccess(dataLayout(ready.settings.data).access, ({ store }) => {
    const now = Date.now();
    for (const token of store.tokens()) write(`${lineOf(token, now)}\n`);
    return 0;
  });
}

export async function tokensRevoke(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(TABLE, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [id] = ready.words;
  if (id === undefined) return tellUsage(USAGE);
  return withAccess(dataLayout(ready.settings.data).access, ({ administration }) => {
    const revoked = administration.revokeToken(id);
    if (!revoked.ok) return tellUnchanged(revoked);
    write(`${id} is revoked, from this moment on\n`);
    return 0;
  });
}

function lineOf(token: Token, now: number): string {
  const { id, name, role, scope } = token;
  return [id, stateText(token, now), role, scopeText(scope), name].join('  ');
}

function stateText({ revokedAt, expiresAt }: Token, now: number): string {
  if (revokedAt !== undefined) return `revoked ${dayOf(revokedAt)}`;
  return `${expiresAt <= now ? 'expired' : 'until'} ${dayOf(expiresAt)}`;
}
