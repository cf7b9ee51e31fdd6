import { Fault } from '../fault.ts';

/** An outcome as it travels: the JSON of the rule-language reference. */
export interface OutcomeJson {
  readonly id: string;
  readonly status: 'accepted' | 'rejected' | 'exists';
  /** Of one that exists: what it was when it was recorded. */
  readonly recorded?: 'accepted' | 'rejected';
  /** Of a rejection. */
  readonly reason?: string;
  readonly path?: string;
  readonly message?: string;
  readonly [name: string]: unknown;
}

/** What the member subject answers. */
export interface MemberJson {
  readonly id: string;
  readonly points: readonly Readonly<Record<string, unknown>>[];
  readonly [name: string]: unknown;
}

/** The outcomes in an answer; there have to be as many as transactions were asked about. */
export function outcomesIn(answer: unknown, count: number): readonly OutcomeJson[] {
  const outcomes: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  if (outcomes.length === count && outcomes.every(isOutcome)) return outcomes;
  throw new Fault('unexpected-answer', 'the processor answered with something else than outcomes', {
    retry: 'operator',
    facts: { expected: count, received: outcomes.length },
  });
}

export function isOutcome(value: unknown): value is OutcomeJson {
  return typeof value === 'object' && value !== null && 'status' in value && 'id' in value;
}
