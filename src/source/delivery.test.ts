import { expect, test } from 'vitest';
import { parseDelivery } from './delivery.ts';

test('both forms of the acknowledge subject are read', () => {
  const delivery = { sequence: 77, storedAt: 1_795_312_345_678, pending: 12 };
  expect(parseDelivery('$JS.ACK.TX-3.processor.1.77.5.1795312345678901234.12')).toEqual(delivery);
  expect(
    parseDelivery('$JS.ACK.hub.A1b2.TX-3.processor.1.77.5.1795312345678901234.12.rnd'),
  ).toEqual(delivery);
});

test('an unknown form is a fault, not a wrong position', () => {
  expect(() => parseDelivery('$JS.ACK.TX-3.processor.1')).toThrow('unknown here');
});
