import { fact } from '../definition.ts';

export const tender = fact({
  name: 'tender',
  type: 'text',
  summary: 'how the checkout is paid',
  read: (facts) => facts.input.checkout.tender,
});
