import type { Delivery } from '../transaction/transaction.ts';
import { openPosting } from './posting.ts';
import { sendRelay } from './relay/outgoing.ts';
import { saleOf } from './reversal.ts';
import type { LedgerState, Moment } from './state.ts';
import { accepted, NOWHERE, rejected, type Verdict } from './verdict.ts';

/**
 * The goods arrived: points that wait for that become spendable, and their validity begins. A
 * checkout without such points, or one whose points came already, changes nothing.
 */
export function applyDelivery(state: LedgerState, delivery: Delivery, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const sale = saleOf(state.recorded(delivery.checkout));
  if (!sale) {
    const message = `no accepted checkout \`${delivery.checkout}\` in this partition's ledger`;
    return rejected('unknown-checkout', '/checkout', message);
  }
  const { store, region, country, partner, channel, currency, member } = sale.record;
  const where = { ...NOWHERE, store, region, country, partner, channel, currency };
  if (delivery.member !== undefined && delivery.member !== member) {
    const message = 'the checkout belongs to another member';
    return rejected('foreign-checkout', '/member', message, where);
  }
  const { tree } = ruleSet;
  const zone = tree.place(store)?.zone ?? tree.zone;
  const posting = openPosting(state, member, { tree, at: moment.acceptedAt, zone });
  if (posting?.member.standing.kind === 'merged') {
    const { into } = posting.member.standing;
    const act = { act: 'deliver', member: into, checkout: sale.checkout.id } as const;
    sendRelay(state, moment, { member: posting.member, to: into, act, cause: delivery.id });
  }
  posting?.deliver(sale.checkout.id);
  posting?.keep(state);
  return accepted({ ...posting?.result(), where });
}
