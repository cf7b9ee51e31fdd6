import type { MemberFacts } from '../../arbitration/decision.ts';
import { type FactDefinition, type FactParameter, fact } from './definition.ts';

/** Longest history a condition may look back on. Counters older than it are dropped. */
export const HISTORY_DAYS_MAX = 366;
const LAST_DAYS: FactParameter = { label: 'lastNd', pattern: /^last([1-9]\d{0,2})d$/ };

export const memberFirstOrder = fact({
  name: 'member.firstOrder',
  type: 'flag',
  summary: 'true when no checkout of the member was accepted before',
  read: ({ input: { member } }) => (member === undefined ? undefined : member.checkouts === 0),
});

export const memberCheckouts = fact({
  name: 'member.checkouts',
  type: 'number',
  summary: 'accepted checkouts of the member before this one',
  read: (facts) => facts.input.member?.checkouts,
});

export const memberPurchases = history('purchases', {
  name: 'member.purchases.',
  type: 'number',
  summary: 'accepted checkouts of the last N days',
});

export const memberSpend = history('spend', {
  name: 'member.spend.',
  type: 'money',
  summary: 'money spent in the last N days',
});

function history(
  metric: Parameters<MemberFacts['history']>[0],
  definition: Pick<FactDefinition, 'name' | 'type' | 'summary'>,
): FactDefinition {
  return {
    ...definition,
    parameter: LAST_DAYS,
    many: false,
    cost: 5,
    reader: (parameter) => {
      const days = Number(LAST_DAYS.pattern.exec(parameter)?.[1] ?? '0');
      return (facts) => facts.input.member?.history(metric, days, facts.at);
    },
  };
}
