/**
 * Why a promotion was not eligible: the closed list of the rule language, code → sentence.
 * Reasons that arise later (no effect, limits, budgets, exclusivity, stacking) are arbitration's.
 */
export const ELIGIBILITY_REASONS = {
  'region-unknown': 'The promotion is regional, and the store of the checkout is not known.',
  'region-excluded': 'The promotion does not run at this place.',
  'period-not-started': 'The promotion has not started yet.',
  'period-ended': 'The promotion has ended.',
  'outside-hours': 'It is outside the weekly hours of the promotion.',
  'between-occurrences': 'The promotion repeats, and this is between two of its occurrences.',
  'channel-excluded': 'The promotion does not run in this channel.',
  'condition-false': 'A condition of the promotion, or of its stacking category, does not hold.',
  'fact-missing': 'A condition asks for something that the checkout or the member does not have.',
  'location-missing': 'A condition asks where the checkout happens, and it does not say.',
  'no-eligible-line': 'No line of the checkout is in the scope of the promotion.',
  'not-on-events': 'Something happened that is no purchase, and the promotion is no trigger.',
  'only-on-events': 'The promotion takes points when an event says so, and this is a purchase.',
} as const;

/** A reason of the rule language, by its stable code. */
export type EligibilityReason = keyof typeof ELIGIBILITY_REASONS;
