/**
 * Why a promotion was not eligible, as stable codes. Reasons that arise later (no effect,
 * limits, budgets, exclusivity, stacking) belong to arbitration.
 */
export const ELIGIBILITY_REASONS = [
  'region-unknown',
  'region-excluded',
  'period-not-started',
  'period-ended',
  'outside-hours',
  'channel-excluded',
  'condition-false',
  'fact-missing',
  'location-missing',
  'no-eligible-line',
] as const;
export type EligibilityReason = (typeof ELIGIBILITY_REASONS)[number];
