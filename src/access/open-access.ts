import { type AccessPorts, accessPorts } from './access-ports.ts';
import { AccessStore } from './access-store.ts';
import { Accounts } from './accounts.ts';
import { Administration } from './administration.ts';
import { Gatekeeper, SESSION_LIMITS, userActor } from './gatekeeper.ts';

/** What the first administrator logs in with. */
export const FIRST_ADMINISTRATOR = 'admin';
/** How often sessions that are over are forgotten. */
const TIDY_MS = 3_600_000;

/** Everything about who may do what, of one running system. */
export interface Access {
  readonly store: AccessStore;
  readonly keeper: Gatekeeper;
  readonly ports: AccessPorts;
  /** At the first start ever: the link of the first administrator, kept nowhere. */
  readonly firstLink: string | undefined;
  close(): Promise<void>;
}

/** `first`: whether there is somebody to show the first administrator's link to. */
export function openAccess(path: string, { first }: { readonly first: boolean }): Access {
  const store = new AccessStore(path);
  const keeper = new Gatekeeper(store);
  const accounts = new Accounts({
    store,
    refused: (user, action, reason) => {
      const role = store.user(user)?.role ?? 'viewer';
      keeper.refused({ id: userActor(user), role }, action, { reason });
    },
  });
  const system = new Administration(store, 'system');
  system.dropOld(SESSION_LIMITS);
  const tidying = setInterval(() => system.dropOld(SESSION_LIMITS), TIDY_MS);
  tidying.unref();
  const made = first ? system.createFirst(FIRST_ADMINISTRATOR) : undefined;
  return {
    store,
    keeper,
    ports: accessPorts(store, accounts),
    firstLink: made?.ok ? made.link : undefined,
    close: () => {
      clearInterval(tidying);
      return store.close();
    },
  };
}

/** What is shown once, to whoever started the system. */
export function firstLinkText(httpUrl: string, link: string): string {
  return (
    `The first administrator is \`${FIRST_ADMINISTRATOR}\`. Whoever opens this link chooses the ` +
    `password; it works once, within 24 hours:\n\n  ${httpUrl}/welcome#${link}\n\n` +
    `Lost or too late: \`arbiter users reset ${FIRST_ADMINISTRATOR}\` makes another.\n`
  );
}
