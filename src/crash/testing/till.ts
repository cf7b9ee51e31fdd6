import type { OutcomeJson } from '../../client/outcome-json.ts';
import type { TransactionClient } from '../../client/transaction-client.ts';
import { Random } from '../../generate/random.ts';
import { type Answers, asRecorded, type Sent } from './answers.ts';

/** Transactions that a till sends before it waits for their outcomes. */
const BURST_MAX = 12;
const PAUSE_AFTER_FAILURE_MS = 100;

type Draft = Sent['transaction'] & Readonly<Record<string, unknown>>;

interface Sale {
  readonly id: string;
  readonly member: string | undefined;
}

/**
 * One till with its outbox: it enrols a member, sells, takes back, sends some of it twice and
 * some of it spoiled, and repeats everything under its id until a durable outcome comes. The same
 * seed and number sell the same goods.
 */
export class Till {
  readonly #client: TransactionClient;
  readonly #answers: Answers;
  readonly #random: Random;
  readonly #name: string;
  readonly #sales: Sale[] = [];
  readonly #past: Sent[] = [];
  #count = 0;
  #points = 0;

  constructor(options: {
    readonly client: TransactionClient;
    readonly answers: Answers;
    readonly seed: number;
    readonly number: number;
  }) {
    this.#client = options.client;
    this.#answers = options.answers;
    this.#random = new Random(options.seed, options.number);
    this.#name = `${options.seed}-${options.number}`;
  }

  /** Works until it is told to stop; then everything it sent has a durable outcome. */
  async work(stopped: () => boolean): Promise<void> {
    const enrol: Draft = { id: this.#id(), kind: 'enrol', member: this.#name };
    await this.#send([this.#answers.note(enrol)]);
    while (!stopped()) {
      const burst = this.#random.between(1, BURST_MAX);
      await this.#send(Array.from({ length: burst }, () => this.#next()));
      await this.#quote();
    }
  }

  #id(): string {
    this.#count += 1;
    return `${this.#name}/${this.#count}`;
  }

  /** Written down before it is sent. */
  #next(): Sent {
    const chance = this.#random.unit();
    if (chance < 0.1) return this.#again() ?? this.#answers.note(this.#checkout());
    if (chance < 0.13) return this.#reuse() ?? this.#answers.note(this.#checkout());
    return this.#answers.note(this.#draft(this.#random.unit()));
  }

  #draft(chance: number): Draft {
    if (chance < 0.12) return this.#return() ?? this.#checkout();
    if (chance < 0.2) return this.#spoiled();
    if (chance < 0.22) return { ...this.#checkout(), kind: 'quote' };
    return this.#checkout();
  }

  #checkout(): Draft {
    const id = this.#id();
    const member = this.#random.chance(0.85) ? this.#name : undefined;
    const pay = member !== undefined && this.#points > 0 && this.#random.chance(0.3);
    this.#sales.push({ id, member });
    return {
      id,
      kind: 'checkout',
      ...(member === undefined ? {} : { member }),
      store: 's-1',
      lines: Array.from({ length: this.#random.between(1, 4) }, (_, line) => ({
        id: String(line + 1),
        sku: `sku-${this.#random.below(40)}`,
        ...(this.#random.chance(0.5) ? { category: ['toys'] } : {}),
        quantity: this.#random.between(1, 3),
        price: this.#random.between(50, 9_000),
      })),
      ...(pay ? { pay: { points: 'main', amount: this.#random.between(1, this.#points) } } : {}),
    };
  }

  #return(): Draft | undefined {
    const at = this.#random.below(Math.max(1, this.#sales.length));
    const [sale] = this.#sales.splice(at, 1);
    if (!sale) return undefined;
    const { id: checkout, member } = sale;
    const to = member === undefined ? {} : { member };
    return { id: this.#id(), kind: this.#random.pick(['return', 'cancel']), ...to, checkout };
  }

  /** Something that was sent before, unchanged. */
  #again(): Sent | undefined {
    return this.#past.length === 0 ? undefined : this.#random.pick(this.#past);
  }

  /** Other content under an id that is taken; once for each id, to tell the two apart. */
  #reuse(): Sent | undefined {
    const { transaction } = this.#again() ?? {};
    if (transaction?.kind !== 'checkout' || !('member' in transaction)) return undefined;
    if (this.#answers.reused.has(transaction.id)) return undefined;
    return this.#answers.noteReuse(otherContent(transaction));
  }

  #spoiled(): Draft {
    const checkout = this.#checkout();
    return this.#random.pick([
      { ...checkout, store: 'nowhere' },
      { ...checkout, lines: [] },
      { ...checkout, lines: [{ sku: 'x', quantity: -1, price: 5 }] },
      { ...checkout, kind: 'purchase' },
      { ...checkout, pay: { points: 'main', amount: 10 ** 9 } },
    ]);
  }

  /** The outbox: what was written down is forgotten only with a durable outcome. */
  async #send(outbox: readonly Sent[]): Promise<void> {
    const format = this.#random.pick(['json', 'msgpack'] as const);
    for (;;) {
      try {
        const transactions = outbox.map(({ transaction }) => transaction);
        const outcomes = await this.#client.submit(transactions, { format });
        for (const [position, outcome] of outcomes.entries())
          this.#settle(outbox[position], outcome);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_FAILURE_MS));
      }
    }
  }

  #settle(sent: Sent | undefined, outcome: OutcomeJson): void {
    if (!sent) return;
    // A quote has no recorded outcome: asked later, it may well be answered otherwise.
    if (sent.transaction.kind === 'quote') sent.answer ??= asRecorded(outcome);
    else {
      this.#answers.settle(sent, outcome);
      this.#past.push(sent);
    }
    const points = outcome['points'];
    const main: unknown = Array.isArray(points) ? points[0] : undefined;
    if (typeof main === 'object' && main !== null && 'after' in main) {
      this.#points = Math.max(0, Math.floor(Number(main.after)));
    }
  }

  /** A question that leaves nothing behind; nobody repeats it when the processor is down. */
  async #quote(): Promise<void> {
    if (!this.#random.chance(0.2)) return;
    const sale = this.#sales.at(-1);
    const quote = { ...this.#checkout(), kind: 'quote' };
    if (sale) this.#sales.length = Math.max(1, this.#sales.length - 1);
    const noted = this.#answers.note(quote);
    const [outcome] = await this.#client.quote([quote]).catch(() => []);
    noted.answer = outcome ? asRecorded(outcome) : { id: quote.id, status: 'rejected' };
  }
}

function otherContent(transaction: Sent['transaction']): Draft {
  return { ...transaction, delivery: 77 };
}
