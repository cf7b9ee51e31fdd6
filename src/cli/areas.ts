import { isTokenName } from '../../ops/access/nats/permissions.ts';
import { readArea } from '../../ops/access/requests.ts';
import { dataLayout } from '../embedded/data-directory.ts';
import { GRANT, listOf, tellUnchanged, tellUsage, withAccess } from './access-command.ts';
import { commandSettings } from './command-settings.ts';
import type { Write } from './commands.ts';

/** `arbiter areas`: named sets of stores, for whoever looks after more than one. */

const USAGE = `usage: arbiter areas set NAME [--stores A,B]
       arbiter areas list
`;

export async function areasSet(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  const { data, stores } = ready.settings;
  const [name = ''] = ready.words;
  const read = readArea({ stores: stores === '-' ? [] : listOf(stores) });
  if (!isTokenName(name)) return tellUsage(USAGE);
  if (!read.ok) return tellUsage(USAGE, read.problem);
  const set = await withAccess(
    dataLayout(data).access,
    ({ administration }) => administration.setArea({ name, stores: read.value.stores }),
    { create: true },
  );
  if (!set.ok) return tellUnchanged(set);
  write(`${name} has ${set.area.stores.length} stores, from this moment on\n`);
  return 0;
}

export async function areasList(argv: readonly string[], write: Write): Promise<number> {
  const ready = commandSettings(GRANT, argv, write);
  if (!ready.ok) return ready.exitCode;
  return withAccess(dataLayout(ready.settings.data).access, ({ store }) => {
    for (const { name, stores } of store.areas()) write(`${name}  ${stores.join(',')}\n`);
    return 0;
  });
}
