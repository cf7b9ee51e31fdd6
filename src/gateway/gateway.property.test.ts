import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { expect, it } from 'vitest';
import { decodeTransaction } from '../../core/transaction/decode.ts';
import { decodeAnswer, encodeOne } from '../client/format.ts';
import { Outcome } from '../client/outcome.ts';
import { createLogger } from '../observe/logger.ts';
import { createGateway } from './gateway.ts';
import type { GatewayPorts } from './ports.ts';

const packr = new Packr({ useRecords: false });

/** Decodes what it is sent the way it would travel. */
const process: GatewayPorts['submit'] = async (transactions, { format, encoded }) =>
  transactions.map((transaction): Outcome => {
    const travelled = decodeAnswer(encodeOne(transaction, format), format);
    if (encoded) expect(decodeAnswer(encoded, format)).toEqual(travelled);
    const decoded = decodeTransaction(travelled);
    if (decoded.ok) return Outcome.ofJson({ id: decoded.transaction.id, status: 'accepted' });
    const { id = '', reason, path, message } = decoded.rejection;
    return Outcome.ofJson({ id, status: 'rejected', reason, path, message });
  });

const ports: GatewayPorts = {
  submit: process,
  quote: process,
  member: async () => undefined,
  transactions: async () => ({ transactions: [], next: undefined }),
  isFull: () => false,
  health: () => ({ ready: true, parts: {} }),
  metrics: async () => ({ contentType: 'text/plain', text: '' }),
  answered: () => undefined,
};

const kind = fc.constantFrom('checkout', 'quote', 'return', 'tick', '__proto__', 'nothing');
const transaction = fc.oneof(
  fc.jsonValue(),
  fc.record({ id: fc.string(), kind, lines: fc.jsonValue(), fields: fc.jsonValue() }),
);
const body = fc.oneof(
  fc.tuple(fc.constant('application/json'), fc.string().map(Buffer.from)),
  fc.tuple(
    fc.constant('application/json'),
    fc.oneof(transaction, fc.array(transaction)).map((json) => Buffer.from(JSON.stringify(json))),
  ),
  fc.tuple(fc.constant('application/msgpack'), fc.uint8Array().map(Buffer.from)),
  fc.tuple(
    fc.constant('application/msgpack'),
    fc
      .oneof(
        fc.anything({ withDate: true, withMap: true, withTypedArray: true }),
        fc.record({ id: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), kind }),
        transaction,
      )
      .map((value) => packr.pack(value)),
  ),
);
const route = fc.constantFrom('/v1/checkouts', '/v1/transactions', '/v1/quotes');

it('whatever is posted gets an outcome or a problem of the sender, never a failure', async () => {
  const logger = createLogger({ level: 'silent' });
  const app = await createGateway(ports, { bodyBytes: 65_536, requestSeconds: 5, logger });
  await fc.assert(
    fc.asyncProperty(route, body, async (url, [type, payload]) => {
      const headers = { 'content-type': type };
      const { statusCode } = await app.inject({ method: 'POST', url, payload, headers });
      expect([200, 207, 400, 422]).toContain(statusCode);
    }),
    { numRuns: 400 },
  );
  await app.close();
});
