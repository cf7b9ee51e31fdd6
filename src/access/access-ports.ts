import type { AccessStore } from './access-store.ts';
import type { Accounts } from './accounts.ts';
import { Administration } from './administration.ts';

/** What the routes of sessions, users and tokens work on. */
export interface AccessPorts {
  readonly store: AccessStore;
  readonly accounts: Accounts;
  /** The same, under the name of whoever asked. */
  readonly administration: (actor: string) => Administration;
}

export function accessPorts(store: AccessStore, accounts: Accounts): AccessPorts {
  return {
    store,
    accounts,
    administration: (actor) => new Administration(store, actor),
  };
}
