/** The six ways to hand out the cents that rounding leaves over (K3). The first is the default. */
export const RESIDUALS = [
  'largest-remainder',
  'half-down-first',
  'floor-first',
  'floor-last',
  'half-up-last',
  'cumulative',
] as const;
