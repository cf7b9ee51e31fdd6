/**
 * Who may say what on NATS. Everything is forbidden that is not named here; the names of the
 * subjects are explained in `docs/architecture.md`.
 */

/** `service`: the processor and its gateway. `operator`: who publishes rule sets. */
export type Role = 'service' | 'operator' | 'till';

export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/** What Arbiter's own services need, and no more: not the system account, nor foreign subjects. */
const SERVICE: Permissions = {
  publish: [
    'tx.*',
    'tx.*.*',
    'quote.*',
    'quote.*.*',
    'member.*',
    'dead.*',
    'top-up.*',
    'rules.prepare',
    '$KV.rules.>',
    '$KV.answers.>',
    '$JS.API.>',
    '$JS.ACK.>',
    '_INBOX.>',
  ],
  subscribe: [
    'quote.*',
    'quote.*.*',
    'member.*',
    'rules.prepare',
    '$KV.rules.>',
    '$KV.answers.>',
    '_INBOX.>',
  ],
};

/** The stream behind the bucket of rule sets. */
const RULES = 'KV_rules';

/** An operator's tools publish versions and activations; they reach no other stream. */
const OPERATOR: Permissions = {
  publish: [
    'tx.*',
    'rules.prepare',
    '$KV.rules.>',
    '$JS.API.INFO',
    `$JS.API.STREAM.*.${RULES}`,
    `$JS.API.STREAM.MSG.GET.${RULES}`,
    `$JS.API.DIRECT.GET.${RULES}.>`,
    `$JS.API.DIRECT.GET.${RULES}`,
    `$JS.API.CONSUMER.*.${RULES}.>`,
    `$JS.API.CONSUMER.*.${RULES}`,
    `$JS.ACK.${RULES}.>`,
    '$JS.FC.>',
  ],
  subscribe: ['_INBOX.>'],
};

/**
 * A till speaks for its store and hears the answers to it. Servers before 2.10 judge a subject
 * after it was mapped and later ones before, so both names are allowed; the store is in both.
 */
function tillOf(store: string): Permissions {
  return {
    publish: [`till.${store}.tx.*`, `till.${store}.quote.*`, `tx.*.${store}`, `quote.*.${store}`],
    subscribe: [`_INBOX.till.${store}.>`],
  };
}

/** What tills publish to, and what the server makes of it. */
export function mappingsOf(partitions: number): Readonly<Record<string, string>> {
  return {
    'checkout.*': `tx.{{partition(${partitions},1)}}`,
    'till.*.tx.*': `tx.{{partition(${partitions},2)}}.{{wildcard(1)}}`,
    'till.*.quote.*': `quote.{{partition(${partitions},2)}}.{{wildcard(1)}}`,
  };
}

export function permissionsOf(identity: { readonly role: Role; readonly name: string }) {
  switch (identity.role) {
    case 'service':
      return SERVICE;
    case 'operator':
      return OPERATOR;
    default:
      return tillOf(identity.name);
  }
}

/** Letters, digits, `-` and `_`: a store's name is one token of a subject, and safe in a file. */
export function isTokenName(name: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(name);
}
