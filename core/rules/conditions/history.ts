import type { MemberFacts } from '../../arbitration/decision.ts';
import type { FactDefinition, FactParameter } from './definition.ts';

/** Longest history a condition may look back on. Counters older than it are dropped. */
export const HISTORY_DAYS_MAX = 366;
const LAST_DAYS: FactParameter = { label: 'lastNd', pattern: /^last([1-9]\d{0,2})d$/ };

/** A fact that counts what the member did in the last days. */
export function history(
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
