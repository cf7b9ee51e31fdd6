/**
 * Why a promotion that could have applied did not: the closed list of arbitration. Conditions
 * add theirs (`rules/reasons.ts`). The codes are stable; the sentences are for people.
 */
export const REASONS = {
  'member-required': 'The promotion needs a member, and the checkout is anonymous.',
  'member-limit-reached': 'The member has used the promotion as often as allowed.',
  'budget-exhausted': 'The budget of the promotion is used up.',
  'budget-unavailable': 'What is left of the budget lies elsewhere and was not granted in time.',
  'partner-cap-reached': 'The partner gives, or takes, no more points in this period.',
  'no-effect': 'The promotion would have changed nothing.',
  'floor-reached': 'No line could bear it: prices are at their minimum already.',
  'maximum-discount-reached': 'The maximum discount was used up by others.',
  'partial-not-allowed': 'It could not be given in full, and partial discounts are not allowed.',
  'points-insufficient': 'The member has no points to pay with.',
  'points-inactive': 'The point type is deactivated.',
  'points-not-spendable': 'Qualification points cannot pay.',
  'points-out-of-range': 'The points that the sender chose are outside the range.',
  'lost-to-another': 'Another promotion of the same group came first.',
  outbid: 'Another combination gave the member more.',
  'suppressed-by-exclusive': 'An exclusive promotion of the same group applied.',
  'not-stackable': 'It cannot be combined with a promotion that applied.',
  'category-limit-reached': 'Enough promotions of its stacking category applied.',
  'stopped-by-another': 'An earlier promotion ended its group.',
  'code-rejected': 'Another code of the checkout was not valid, and all must be.',
} as const;

/** A reason of arbitration, by its stable code. */
export type Reason = keyof typeof REASONS;
