import type { Cancel, Return } from '../transaction/transaction.ts';
import { Posting } from './posting.ts';
import { planStep, reversalTotals, reversePoints, type Step, saleOf } from './reversal.ts';
import type { ActiveRuleSet, LedgerState, Moment } from './state.ts';
import { countUsage } from './usage.ts';
import { accepted, rejected, type Verdict, type Whereabouts } from './verdict.ts';

/** Applies a return or a cancel: a reversal that names what it reverses. */
export function applyReturn(state: LedgerState, back: Return | Cancel, moment: Moment): Verdict {
  const ruleSet = state.active();
  if (!ruleSet) return rejected('no-active-rule-set', '', 'activate a rule-set version first');

  const sale = saleOf(state.recorded(back.checkout));
  if (!sale) {
    const message = `no accepted checkout \`${back.checkout}\` in this partition's ledger`;
    return rejected('unknown-checkout', '/checkout', message);
  }
  const where = whereaboutsOf(sale.record, back);
  if (back.member !== undefined && back.member !== sale.record.member) {
    const message = 'the checkout belongs to another member';
    return rejected('foreign-checkout', '/member', message, where);
  }
  const planned = planStep(sale, state.reversal(back.checkout), back);
  if (!planned.ok) return rejected(planned.reason, planned.path, planned.message, where);

  return reverse(state, { ...planned.step, ruleSet, moment, where });
}

/** The goods come back to a store; the numbers belong to the partner and region of the sale. */
function whereaboutsOf(
  sale: { readonly [Key in keyof Whereabouts]: string },
  back: Return | Cancel,
): Whereabouts {
  const store = back.kind === 'return' ? (back.store ?? sale.store) : sale.store;
  const { region, country, partner, channel, currency } = sale;
  return { store, region, country, partner, channel, currency };
}

function reverse(
  state: LedgerState,
  scene: Step & {
    readonly ruleSet: ActiveRuleSet;
    readonly moment: Moment;
    readonly where: Whereabouts;
  },
): Verdict {
  const { sale, moment, where, completes } = scene;
  const { tree } = scene.ruleSet;
  const member = sale.record.member === '' ? undefined : state.member(sale.record.member);
  const zone = tree.place(sale.record.store)?.zone ?? tree.zone;
  const posting = member && new Posting({ member, tree, at: moment.acceptedAt, zone });
  if (posting) {
    posting.settle();
    // A type that is gone from the rule set is treated like one whose refund is switched off.
    reversePoints(posting, scene, (type) => tree.pointTypes.get(type)?.refund ?? false);
  }
  if (completes) countUsage(state, member, { deltas: sale.decision.usage, sign: -1 });
  posting?.keep(state);
  state.putReversal({ checkout: sale.checkout.id, returned: scene.after, complete: completes });

  const reversal = reversalTotals(scene);
  return accepted({ ...posting?.result(), reversal, where });
}
