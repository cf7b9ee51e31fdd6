import type { Submit } from './lanes.ts';

/**
 * A processor for tests that knows nothing but arithmetic: what was sold, what is left of it, and
 * who is enrolled. It writes down what a real one would have refused.
 */
export function arithmeticProcessor() {
  const left = new Map<string, number>();
  const recorded = new Set<string>();
  const members = new Set<string>();
  const violations: string[] = [];
  const submit: Submit = async (transactions) => {
    await new Promise((resolve) => setImmediate(resolve));
    return transactions.map((transaction) => {
      const { id } = transaction;
      if (recorded.has(id)) return { id, status: 'exists' };
      recorded.add(id);
      if (transaction.kind === 'enrol') members.add(transaction.member);
      else if (transaction.member !== undefined && !members.has(transaction.member)) {
        violations.push(`${id}: not enrolled`);
      }
      if (transaction.kind === 'checkout') {
        for (const line of transaction.lines) left.set(`${id} ${line.id}`, Number(line.quantity));
      }
      if (transaction.kind !== 'return') return { id, status: 'accepted' };
      for (const line of transaction.lines) {
        const key = `${transaction.checkout} ${line.id}`;
        const rest = (left.get(key) ?? -Infinity) - Number(line.quantity);
        left.set(key, rest);
        if (rest < 0) violations.push(`${id}: more than bought`);
      }
      return { id, status: 'accepted' };
    });
  };
  return { submit, violations, recorded };
}
