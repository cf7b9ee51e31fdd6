import { fact } from '../definition.ts';

export const location = fact({
  name: 'location',
  type: 'location',
  summary: 'where the checkout happens; without it the setting `missingGeo` decides',
  cost: 4,
  missing: 'location-missing',
  read: (facts) => facts.input.checkout.location,
});
