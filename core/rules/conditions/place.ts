import { fact } from './definition.ts';

export const partner = fact({
  name: 'partner',
  type: 'text',
  summary: 'the partner of the checkout, else of its store',
  read: (facts) => facts.place.partner,
});

export const store = fact({
  name: 'store',
  type: 'text',
  summary: 'the store of the checkout',
  read: (facts) => facts.place.store,
});

export const region = fact({
  name: 'region',
  type: 'text',
  many: true,
  summary: 'the place of the checkout and every place that contains it',
  read: ({ place }) => (place.path.length === 0 ? undefined : place.path),
});
