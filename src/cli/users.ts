import { isUserId, LINK_HOURS, type User } from '../../ops/access/users.ts';
import type { Unchanged } from '../access/administration.ts';
import type { Settings } from '../config/settings.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { runningEndpoints } from '../system/endpoints.ts';
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

/** `arbiter users`: which people may log in. Their passwords are theirs alone. */

const USAGE = `usage: arbiter users create ID --name NAME --role ROLE
         [--stores A,B] [--areas A,B] [--partners A,B]
       arbiter users list
       arbiter users disable ID
       arbiter users enable ID
       arbiter users reset ID

ID is what they log in with: 1 to 64 of a-z, 0-9 and . _ @ -
`;

export async function usersCreate(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { settings, words } = ready;
  const [id] = words;
  if (!isUserId(id)) return tellUsage(USAGE);
  const grant = grantOf(settings);
  if (!grant.ok) return tellUsage(USAGE, grant.problem);
  const create = ({ administration }: AtWork) => administration.createUser(id, grant.value);
  const made = await withAccess(dataLayout(settings.data).access, create, { create: true });
  return made.ok ? tellLink(settings, made.link, write) : tellUnchanged(made);
}

export async function usersReset(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [id = ''] = ready.words;
  const { settings } = ready;
  const made = await withAccess(dataLayout(settings.data).access, ({ administration }) =>
    administration.resetUser(id),
  );
  return made.ok ? tellLink(settings, made.link, write) : tellUnchanged(made);
}

export async function usersList(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  return withAccess(dataLayout(ready.settings.data).access, ({ store }) => {
    for (const user of store.users()) write(`${lineOf(user)}\n`);
    return 0;
  });
}

export function usersDisable(argv: readonly string[], write: Write): Promise<number> {
  return change(argv, write, true);
}

export function usersEnable(argv: readonly string[], write: Write): Promise<number> {
  return change(argv, write, false);
}

async function change(argv: readonly string[], write: Write, disabled: boolean): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  const [id = ''] = ready.words;
  const changed: { readonly ok: true; readonly user: User } | Unchanged = await withAccess(
    dataLayout(ready.settings.data).access,
    ({ administration }) => administration.changeUser(id, { grant: undefined, disabled }),
  );
  if (!changed.ok) return tellUnchanged(changed);
  write(disabled ? `${id} is logged out everywhere and stays so\n` : `${id} may log in again\n`);
  return 0;
}

function tellLink({ data }: Settings, link: string, write: Write): number {
  const address = runningEndpoints(data)?.httpUrl ?? 'https://ADDRESS-OF-THE-GATEWAY';
  write(
    `${address}/welcome#${link}\n\nShown once and kept nowhere. It works once, within ` +
      `${LINK_HOURS} hours: whoever opens it chooses the password.\n`,
  );
  return 0;
}

function lineOf(user: User): string {
  const { id, name, role, scope } = user;
  return [id, stateOf(user), role, scopeText(scope), name].join('  ');
}

function stateOf({ disabledAt, link, password }: User): string {
  if (disabledAt !== undefined) return `disabled ${dayOf(disabledAt)}`;
  if (password !== undefined) return 'active';
  return link === undefined ? 'without password' : `link until ${dayOf(link.expiresAt)}`;
}
