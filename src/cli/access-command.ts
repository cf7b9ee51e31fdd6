import { userInfo } from 'node:os';
import type { GrantRead, Read } from '../../ops/access/requests.ts';
import { readGrant } from '../../ops/access/requests.ts';
import { type Assigned, ROLES } from '../../ops/access/roles.ts';
import { AccessStore } from '../access/access-store.ts';
import { Administration, type Unchanged } from '../access/administration.ts';
import { text } from '../config/setting.ts';
import { SETTINGS } from '../config/settings.ts';

/**
 * What the commands of users, tokens and areas share. Whoever can write the data directory is the
 * administrator here; what they do is noted under their name on this machine.
 */

export const EXIT_USAGE = 2;

/** Settings that say who somebody is and what they may do. */
export const GRANT = {
  ...SETTINGS,
  name: text({ flag: '--name', fallback: '-', about: 'Who it is, for people.' }),
  role: text({
    flag: '--role',
    fallback: 'viewer',
    about: `What they may do: ${ROLES.join(', ')}.`,
  }),
  stores: text({
    flag: '--stores',
    fallback: '-',
    fallbackText: '`all`, unless areas are named',
    about: 'Stores they speak for, separated by commas, or `all`.',
  }),
  areas: text({
    flag: '--areas',
    fallback: '-',
    fallbackText: 'none',
    about: 'Areas whose stores they speak for, separated by commas.',
  }),
  partners: text({
    flag: '--partners',
    fallback: 'all',
    about: 'Partners they speak for, separated by commas, or `all`.',
  }),
};

interface GrantWords {
  readonly name: string;
  readonly role: string;
  readonly stores: string;
  readonly areas: string;
  readonly partners: string;
}

export function grantOf({ name, role, stores, areas, partners }: GrantWords): Read<GrantRead> {
  if (name === '-') return { ok: false, problem: '--name is missing: say who it is' };
  return readGrant({
    name,
    role,
    stores: stores === '-' ? undefined : reachOf(stores),
    areas: areas === '-' ? undefined : listOf(areas),
    partners: reachOf(partners),
  });
}

const reachOf = (words: string) => (words === 'all' ? 'all' : listOf(words));
export const listOf = (words: string) => words.split(',').map((each) => each.trim());

export function scopeText({ stores, areas, partners }: Assigned): string {
  const parts = [
    stores === 'all' ? 'all stores' : stores.join(','),
    areas.length > 0 ? `areas ${areas.join(',')}` : '',
    partners === 'all' ? '' : `partners ${partners.join(',')}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

export interface AtWork {
  readonly store: AccessStore;
  readonly administration: Administration;
}

/** Works on the access store of a deployment for as long as `use` runs. */
export async function withAccess<T>(
  path: string,
  use: (work: AtWork) => T,
  { create = false }: { readonly create?: boolean } = {},
): Promise<T> {
  const store = create ? new AccessStore(path) : AccessStore.existing(path);
  try {
    const administration = new Administration(store, `local:${userInfo().username}`);
    return use({ store, administration });
  } finally {
    await store.close();
  }
}

const SAYS = {
  unknown: 'there is none of this name',
  exists: 'there is one of this name already',
  'last-administrator': 'somebody has to manage access: name another administrator first',
  'too-many': 'there are as many as there may be',
} as const;

export function tellUnchanged({ why }: Unchanged): number {
  process.stderr.write(`${SAYS[why]}\n`);
  return 1;
}

export function tellUsage(usage: string, problem?: string): number {
  process.stderr.write(problem === undefined ? usage : `${problem}\n\n${usage}`);
  return EXIT_USAGE;
}

/** An instant as a day, for people. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
