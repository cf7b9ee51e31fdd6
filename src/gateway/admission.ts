import type { Actor } from '../../ops/access/roles.ts';
import { TILL_KINDS } from '../../workers/batch/admission.ts';
import type { Gatekeeper } from '../access/gatekeeper.ts';
import type { Problem } from './problem.ts';

/** What a request's transactions are sent as, or why they are not. */
export type Admission =
  | { readonly ok: true; readonly store: string | undefined }
  | { readonly ok: false; readonly problem: Problem };

export interface Sent {
  readonly transactions: readonly unknown[];
  readonly asks: 'transactions.submit' | 'quotes.ask';
}

/** Whether somebody may send transactions, and for which store they speak. */
export function admission(keeper: Gatekeeper, actor: Actor, sent: Sent): Admission {
  const isOrdinary = sent.transactions.every((one) => TILL_KINDS.has(textIn(one, 'kind')));
  const needed = isOrdinary ? sent.asks : 'points.adjust';
  if (!keeper.allows(actor, needed)) return { ok: false, problem: NOT_ALLOWED };
  const problem = partnerProblem(keeper, actor, sent.transactions);
  if (problem) return { ok: false, problem };
  const { stores } = actor.scope;
  if (stores === 'all') return { ok: true, store: undefined };
  // The processor holds them to this store, by the ledger where they name none.
  const [only, ...others] = stores;
  const named = others.length === 0 ? only : commonStore(sent.transactions);
  if (named === undefined) return { ok: false, problem: ONE_STORE };
  if (!keeper.reachesStore(actor, named)) return { ok: false, problem: NOT_ALLOWED };
  return { ok: true, store: named };
}

/** Of a sale and of each line that says so; what ends a sale is held to its store instead. */
function partnerProblem(
  keeper: Gatekeeper,
  actor: Actor,
  transactions: readonly unknown[],
): Problem | undefined {
  const { partners, stores } = actor.scope;
  if (partners === 'all') return undefined;
  for (const one of transactions) {
    const named = partnersIn(one);
    if (textIn(one, 'partner') === '' && stores === 'all') return ONE_PARTNER;
    if (!named.every((partner) => keeper.reachesPartner(actor, partner))) return NOT_ALLOWED;
  }
  return undefined;
}

function partnersIn(transaction: unknown): readonly string[] {
  const lines = valueIn(transaction, 'lines');
  const all = [transaction, ...(Array.isArray(lines) ? lines : [])];
  return all.map((one) => textIn(one, 'partner')).filter((partner) => partner !== '');
}

function commonStore(transactions: readonly unknown[]): string | undefined {
  const [first, ...others] = transactions.map((one) => textIn(one, 'store'));
  return first !== '' && others.every((store) => store === first) ? first : undefined;
}

function textIn(value: unknown, field: string): string {
  const found = valueIn(value, field);
  return typeof found === 'string' ? found : '';
}

function valueIn(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return undefined;
  return Reflect.get(value, field);
}

export const NOT_ALLOWED: Problem = {
  status: 403,
  code: 'not-allowed',
  detail: 'Whoever sent this may not do that; the attempt was noted.',
};
const ONE_STORE: Problem = {
  status: 403,
  code: 'store-unclear',
  detail: 'This token speaks for several stores: all transactions of a request have to name one.',
};
const ONE_PARTNER: Problem = {
  status: 403,
  code: 'partner-unclear',
  detail: 'This token speaks for some partners: each transaction has to name its partner.',
};
