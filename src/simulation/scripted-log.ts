import { partitionKey, partitionOf } from '../../core/transaction/key.ts';
import type { QueuedMessage } from '../pipeline/ports.ts';
import type { SeededRandom } from './random.ts';

const START = Date.UTC(2026, 0, 1);
const STEP_MILLISECONDS = 997;
const MEMBERS = 12;

/** The logs of a made-up deployment: what its tills sent, in the order each partition stored it. */
export interface ScriptedLog {
  readonly partitions: readonly (readonly QueuedMessage[])[];
  /** Ids that were sent, malformed ones and repetitions included. */
  readonly ids: ReadonlySet<string>;
}

/** Writes a log of about `length` messages: purchases, returns, repetitions, nonsense, ticks. */
export function scriptLog(random: SeededRandom, partitions: number, length: number): ScriptedLog {
  const writer = new LogWriter(partitions);
  for (let partition = 0; partition < partitions; partition += 1) {
    const activation = { kind: 'activation', version: 1, hash: 'plain:1', author: 'a', note: '' };
    writer.append(partition, { id: `activation/${partition}`, ...activation });
  }
  for (let member = 0; member < MEMBERS; member += 1) {
    writer.send({ id: `enrol/${member}`, kind: 'enrol', member: `m${member}` });
  }
  const sent: Record<string, unknown>[] = [];
  while (writer.count < length) {
    const transaction = nextTransaction(random, sent);
    sent.push(transaction);
    writer.send(transaction);
    if (random.chance(0.05)) writer.sendBytes(random.below(partitions), '{"broken":');
    if (random.chance(0.03)) {
      const at = new Date(writer.now).toISOString();
      const partition = random.below(partitions);
      writer.append(partition, { id: `tick/${writer.count}`, kind: 'tick', at });
    }
  }
  return writer.log();
}

function nextTransaction(
  random: SeededRandom,
  sent: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const again = random.pick(sent);
  const id = `t${sent.length}`;
  if (again && random.chance(0.1)) return again;
  if (again && random.chance(0.03)) return { ...again, delivery: 7, kind: 'checkout' };
  if (again?.['kind'] === 'checkout' && random.chance(0.3)) {
    const member = again['member'];
    const whole = { id, kind: 'return', checkout: again['id'], ...(member ? { member } : {}) };
    return random.chance(0.5) ? whole : { ...whole, lines: [{ id: '1', quantity: 1 }] };
  }
  const other = again && random.chance(0.25) ? aboutEarlier(random, id, again) : undefined;
  if (other) return other;
  const price = 100 + random.below(5_000);
  const lines = [
    { sku: 'A', quantity: 1 + random.below(3), price },
    { sku: 'B', quantity: '0.125', price: price * 2 },
  ];
  const member = `m${random.below(MEMBERS + 1)}`;
  const pay = random.chance(0.3) ? { pay: { points: 'main', amount: random.below(60) } } : {};
  const kind = random.chance(0.2) ? 'hold' : 'checkout';
  return { id, kind, member, store: random.chance(0.95) ? 's-1' : 'x', lines, ...pay };
}

/** What happens to a hold or a delivery, points by hand, and points for somebody else. */
function aboutEarlier(
  random: SeededRandom,
  id: string,
  earlier: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const member = earlier['member'];
  if (typeof member !== 'string') return undefined;
  if (earlier['kind'] === 'hold') {
    const kind = random.chance(0.6) ? 'capture' : 'release';
    return { id, kind, member, hold: earlier['id'] };
  }
  if (random.chance(0.3)) return { id, kind: 'deliver', member, checkout: earlier['id'] };
  const amount = random.below(50);
  if (random.chance(0.5)) {
    return { id, kind: 'transfer', member, to: `m${random.below(MEMBERS)}`, type: 'main', amount };
  }
  const signed = random.chance(0.5) ? amount : -amount;
  return { id, kind: 'adjust', member, type: 'main', amount: signed, comment: 'simulated' };
}

class LogWriter {
  readonly #partitions: QueuedMessage[][];
  readonly #ids = new Set<string>();
  now = START;
  count = 0;

  constructor(partitions: number) {
    this.#partitions = Array.from({ length: partitions }, () => []);
  }

  send(transaction: Record<string, unknown>): void {
    const key = partitionKey(transaction) ?? '';
    this.append(partitionOf(key, this.#partitions.length), transaction);
  }

  append(partition: number, transaction: Record<string, unknown>): void {
    this.#ids.add(String(transaction['id']));
    this.sendBytes(partition, JSON.stringify(transaction));
  }

  sendBytes(partition: number, text: string): void {
    const messages = this.#partitions[partition] ?? [];
    this.now += STEP_MILLISECONDS;
    this.count += 1;
    messages.push({
      sequence: messages.length + 1,
      storedAt: this.now,
      store: '',
      format: 'json',
      answer: true,
      answerTo: `${partition}/${messages.length + 1}`,
      data: Buffer.from(text),
    });
  }

  log(): ScriptedLog {
    return { partitions: this.#partitions, ids: this.#ids };
  }
}
