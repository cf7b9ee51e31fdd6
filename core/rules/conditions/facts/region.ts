import { fact } from '../definition.ts';

export const region = fact({
  name: 'region',
  type: 'text',
  many: true,
  summary: 'the place of the checkout and every place that contains it',
  read: ({ place }) => (place.path.length === 0 ? undefined : place.path),
});
