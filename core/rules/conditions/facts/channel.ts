import { fact } from '../definition.ts';

export const channel = fact({
  name: 'channel',
  type: 'text',
  summary: 'the sales channel of the checkout',
  read: (facts) => facts.input.checkout.channel,
});
