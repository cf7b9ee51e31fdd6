import type { Inbound } from '../../core/fold.ts';
import type { LedgerState } from '../../core/ledger/state.ts';
import type { Transaction, TransactionKind } from '../../core/transaction/transaction.ts';

/**
 * What a till may do. The server vouches for the store it speaks for (`src/nats/senders.ts`);
 * what it says in the transaction itself is never trusted beyond that.
 */

/** A message's place in the log and the store whose till sent it, `''` for our own services. */
export interface Sender {
  readonly store: string;
  /** Names what has no trustworthy name: the same at every redelivery. */
  readonly refusedId: string;
}

/** What a till has to do with. Everything else is for services and operators. */
export const TILL_KINDS: ReadonlySet<string> = new Set<TransactionKind>([
  'checkout',
  'quote',
  'return',
  'enrol',
  'hold',
  'cancel',
  'capture',
  'release',
]);

type Sales = Pick<LedgerState, 'recorded'>;

/**
 * Lets a transaction in, or turns it into its refusal. The refusal goes by a name of its own:
 * under the id that was sent, a till could spoil the ids of other stores.
 */
export function admitted(inbound: Inbound, sender: Sender, sales: Sales): Inbound {
  if (sender.store === '' || !inbound.ok) return inbound;
  const { transaction } = inbound;
  const refusal = refusalOf(transaction, sender.store, sales);
  if (refusal === undefined) return inbound;
  return {
    ok: false,
    id: sender.refusedId,
    kind: transaction.kind,
    member: '',
    digest: new Uint8Array(16),
    ...refusal,
  };
}

interface Refusal {
  readonly reason: 'kind-not-for-tills' | 'not-your-store';
  readonly path: string;
  readonly message: string;
}

function refusalOf(transaction: Transaction, store: string, sales: Sales): Refusal | undefined {
  switch (transaction.kind) {
    case 'checkout':
    case 'quote':
      return named(transaction.store, store, '/store');
    case 'return':
    case 'enrol':
      return named(transaction.store, store, '/store');
    case 'hold':
      return named(transaction.checkout.store, store, '/checkout/store');
    case 'cancel':
      return owned(sales.recorded(transaction.checkout)?.store, store, '/checkout');
    case 'capture':
    case 'release':
      return owned(sales.recorded(transaction.hold)?.store, store, '/hold');
    default: {
      const message = `a till may not send \`${transaction.kind}\`: use the gateway`;
      return { reason: 'kind-not-for-tills', path: '/kind', message };
    }
  }
}

function named(claimed: string | undefined, store: string, path: string): Refusal | undefined {
  if (claimed === store) return undefined;
  return { reason: 'not-your-store', path, message: `tills of \`${store}\` have to name it here` };
}

/** Whose sale it is, the ledger knows. One it does not know cannot wait for its checkout here. */
function owned(recorded: string | undefined, store: string, path: string): Refusal | undefined {
  if (recorded === store) return undefined;
  return { reason: 'not-your-store', path, message: `\`${store}\` has no sale of this id` };
}
