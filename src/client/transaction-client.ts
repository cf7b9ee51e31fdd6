import type { NatsConnection } from 'nats';
import { assert, must } from '../../core/assert.ts';
import { type Keyed, partitionKey, partitionOf } from '../../core/transaction/key.ts';
import { isTokenName } from '../../ops/access/nats/permissions.ts';
import { Fault } from '../fault.ts';
import type { NearExchange } from '../nats/near-exchange.ts';
import { Asker, type Request } from './asker.ts';
import { DirectLane } from './direct-lane.ts';
import { decodeAnswer, encodeOne, type Format, joinEncoded } from './format.ts';
import { Gate } from './gate.ts';
import { Lane, type Load, type Parcel } from './lane.ts';
import { type Outcome, outcomesIn } from './outcome.ts';
import type { MemberJson, OutcomeJson } from './outcome-json.ts';
import { Publisher } from './publisher.ts';
import { requireAnswer, UNKNOWN_MEMBER } from './refusal.ts';

export interface ClientOptions {
  /** Partitions of the deployment; a wrong number sends transactions to the wrong log. */
  readonly partitions: number;
  /** How long a transaction may take, from `submit` to its durable outcome. */
  readonly answerTimeoutMs?: number;
  /** How long a quote or a member view may take. */
  readonly requestTimeoutMs?: number;
  /** Envelopes a partition may have in flight. */
  readonly depth?: number;
  /** Partitions that may have envelopes on their way to the log at a time; without it, all. */
  readonly lanesAtOnce?: number;
  /** Transactions in one envelope. */
  readonly envelope?: number;
  /** Transactions and their bytes that may wait in this client before it says `overloaded`. */
  readonly maxWaiting?: number;
  readonly maxWaitingBytes?: number;
  /** Shared with a processor in this process, so that what is not stored takes no detour. */
  readonly near?: NearExchange;
  /** Called for every envelope that is sent again. */
  readonly onRepeat?: (subject: string, attempts: number) => void;
}

export interface SubmitOptions {
  readonly format?: Format;
  /** How long it may take; without it, as long as the client was told. */
  readonly timeoutMs?: number;
  /** The bytes of the one transaction, when its sender has them already. */
  readonly encoded?: Uint8Array | undefined;
  /** The store whose till speaks; the processor then holds the transactions to it. */
  readonly store?: string | undefined;
}

/** The limits of an envelope, agreed with the processor. */
export const MAX_ENVELOPE_TRANSACTIONS = 512;
export const MAX_ENVELOPE_BYTES = 256 * 1_024;

const ANSWER_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 5_000;
const DEPTH = 4;
const MAX_WAITING = 65_536;
/** Stores with ways of their own; tokens name them, so they are few. */
const STORES_MAX = 65_536;
const MAX_WAITING_BYTES = 128 * 1_024 * 1_024;

type Way = 'log' | 'quotes';

/** Where the transactions of one partition go. */
type ToPartition = Pick<Lane, 'add'>;

/**
 * Talks to the processor over NATS: transactions through the log, quotes and member views as
 * requests. Order is kept a partition as long as nothing has to be repeated; who depends on it (a
 * return after its checkout) waits for the outcome before sending the next.
 */
export class TransactionClient {
  readonly #asker: Asker;
  readonly #gate: Gate | undefined;
  readonly #publisher: Publisher;
  readonly #log: readonly ToPartition[];
  readonly #quotes: readonly ToPartition[];
  /** The ways of the stores' own tills, made when one is first heard of. */
  readonly #storeLanes = new Map<string, readonly ToPartition[]>();
  readonly #lanes: (subject: (partition: number) => string, way: Way) => readonly ToPartition[];
  readonly #partitions: number;
  readonly #answerTimeoutMs: number;
  readonly #requestTimeoutMs: number;
  readonly #maxWaiting: number;
  readonly #maxWaitingBytes: number;
  #unsettled = 0;
  #unsettledBytes = 0;
  #turn = 0;

  /** Uses the connection, which stays the caller's to close. */
  constructor(connection: NatsConnection, options: ClientOptions) {
    this.#asker = new Asker(connection, options.near);
    this.#answerTimeoutMs = options.answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
    this.#requestTimeoutMs = options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
    this.#maxWaitingBytes = options.maxWaitingBytes ?? MAX_WAITING_BYTES;
    this.#partitions = options.partitions;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#publisher = new Publisher(connection, { onRepeat: options.onRepeat, near: options.near });
    const limits = {
      depth: options.depth ?? DEPTH,
      maxTransactions: Math.min(options.envelope ?? Infinity, MAX_ENVELOPE_TRANSACTIONS),
      maxBytes: MAX_ENVELOPE_BYTES,
    };
    const publish = (to: string, load: Load) => this.#publisher.publish(to, load);
    const ask = (to: string, load: Load) => this.#ask(to, load);
    this.#gate = options.lanesAtOnce === undefined ? undefined : new Gate(options.lanesAtOnce);
    const laneTo = (to: string, way: Way): ToPartition => {
      if (way === 'log') {
        return new Lane({ ...limits, gate: this.#gate, send: (load) => publish(to, load) });
      }
      if (options.near) return new DirectLane(this.#asker, to);
      return new Lane({ ...limits, send: (load) => ask(to, load) });
    };
    this.#lanes = (subject, way) =>
      Array.from({ length: options.partitions }, (_, partition) => laneTo(subject(partition), way));
    this.#log = this.#lanes((partition) => `tx.${partition}`, 'log');
    this.#quotes = this.#lanes((partition) => `quote.${partition}`, 'quotes');
  }

  /** Transactions without an outcome yet. */
  get unsettled(): number {
    return this.#unsettled;
  }

  /** True when another transaction would be refused as `overloaded`. */
  get isFull(): boolean {
    return this.#unsettled >= this.#maxWaiting || this.#unsettledBytes >= this.#maxWaitingBytes;
  }

  /**
   * Puts the transactions into the log and resolves with their outcomes, in the same order, once
   * they are durable. Rejects with a `Fault` when that cannot be said in time; repeating the same
   * transactions is then safe.
   */
  async submit(
    transactions: readonly unknown[],
    options: SubmitOptions = {},
  ): Promise<readonly OutcomeJson[]> {
    return (await this.submitted(transactions, options)).map(({ json }) => json);
  }

  /** What the transactions would give, without committing anything. */
  async quote(
    transactions: readonly unknown[],
    options: SubmitOptions = {},
  ): Promise<readonly OutcomeJson[]> {
    return (await this.quoted(transactions, options)).map(({ json }) => json);
  }

  /** As `submit`, for those who hand outcomes on without looking inside. */
  submitted(
    transactions: readonly unknown[],
    options: SubmitOptions = {},
  ): Promise<readonly Outcome[]> {
    return this.#send(this.#way('log', options.store), transactions, {
      timeoutMs: this.#answerTimeoutMs,
      ...options,
    });
  }

  /** As `quote`, for those who hand outcomes on without looking inside. */
  quoted(
    transactions: readonly unknown[],
    options: SubmitOptions = {},
  ): Promise<readonly Outcome[]> {
    const timeoutMs = this.#requestTimeoutMs;
    return this.#send(this.#way('quotes', options.store), transactions, { timeoutMs, ...options });
  }

  /**
   * The member's balances, or undefined when there is no such member. `expiringWithin` says how
   * far ahead expiring points are told of, like `P14D`.
   */
  async member(id: string, expiringWithin?: string): Promise<MemberJson | undefined> {
    const subject = `member.${partitionOf(id, this.#partitions)}`;
    const deadline = performance.now() + this.#requestTimeoutMs;
    const payload = encodeOne({ member: id, expiringWithin }, 'json');
    const answer = await this.#request(subject, { payload, format: 'json', deadline });
    return memberIn(decodeAnswer(answer, 'json'));
  }

  /** Whose an identifier (`card/…`, `phone/…`) is; `undefined` when it is nobody's now. */
  async identify(identifier: string): Promise<string | undefined> {
    const subject = `member.${partitionOf(identifier, this.#partitions)}`;
    const deadline = performance.now() + this.#requestTimeoutMs;
    const payload = encodeOne({ identifier }, 'json');
    const answer = await this.#request(subject, { payload, format: 'json', deadline });
    const found = decodeAnswer(answer, 'json');
    const named = typeof found === 'object' && found !== null && 'member' in found;
    return named && typeof found.member === 'string' ? found.member : undefined;
  }

  #way(way: Way, store: string | undefined): readonly ToPartition[] {
    if (store === undefined) return way === 'log' ? this.#log : this.#quotes;
    const name = `${way} ${store}`;
    const known = this.#storeLanes.get(name);
    if (known !== undefined) return known;
    assert(isTokenName(store), 'a store that cannot be part of a subject');
    assert(this.#storeLanes.size < STORES_MAX * 2, 'more stores than anybody has');
    const topic = way === 'log' ? 'tx' : 'quote';
    const made = this.#lanes((partition) => `${topic}.${partition}.${store}`, way);
    this.#storeLanes.set(name, made);
    return made;
  }

  async close(): Promise<void> {
    this.#asker.close();
    await this.#publisher.close();
  }

  async #send(
    lanes: readonly ToPartition[],
    transactions: readonly unknown[],
    how: SubmitOptions & { readonly timeoutMs: number },
  ): Promise<readonly Outcome[]> {
    const wanted = this.#unsettled + transactions.length;
    if (this.isFull || (wanted > this.#maxWaiting && this.#unsettled > 0)) {
      throw overloaded(this.#unsettled);
    }
    const { format = 'json', timeoutMs } = how;
    const deadline = performance.now() + timeoutMs;
    // All of them are encoded before the first is sent, so that a fault leaves nothing behind.
    const encoded = how.encoded
      ? [how.encoded]
      : transactions.map((transaction) => encodeOne(transaction, format));
    assert(encoded.length === transactions.length, 'the bytes are of one transaction');
    const outcomes = transactions.map((transaction, index) => {
      const lane = must(lanes[this.#partitionOf(transaction)], 'a partition has a lane');
      const bytes = must(encoded[index], 'a transaction has its bytes');
      return this.#travel(lane, { bytes, format, deadline });
    });
    const [first, ...others] = outcomes;
    return others.length === 0 && first !== undefined ? [await first] : Promise.all(outcomes);
  }

  #travel(lane: ToPartition, sent: Omit<Parcel, 'resolve' | 'reject'>): Promise<Outcome> {
    this.#unsettled += 1;
    this.#unsettledBytes += sent.bytes.length;
    return new Promise((resolve, reject) => {
      const settle = <T>(how: (value: T) => void) => {
        return (value: T) => {
          this.#unsettled -= 1;
          this.#unsettledBytes -= sent.bytes.length;
          how(value);
        };
      };
      lane.add({ ...sent, resolve: settle(resolve), reject: settle(reject) });
    });
  }

  /** What has no key is rejected wherever it goes, so it goes to each partition in turn. */
  #partitionOf(transaction: unknown): number {
    const key = isKeyed(transaction) ? partitionKey(transaction) : undefined;
    if (key !== undefined) return partitionOf(key, this.#partitions);
    this.#turn = (this.#turn + 1) % this.#partitions;
    return this.#turn;
  }

  async #ask(subject: string, load: Load): Promise<readonly Outcome[]> {
    const { format, parts, deadline } = load;
    const payload = joinEncoded(parts, format);
    const answer = await this.#request(subject, { payload, format, deadline });
    return outcomesIn(answer, format, parts.length);
  }

  async #request(subject: string, request: Request): Promise<Uint8Array> {
    const answer = await this.#asker.ask(subject, request);
    requireAnswer(answer, subject);
    return answer;
  }
}

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null;
}

function memberIn(answer: unknown): MemberJson | undefined {
  if (typeof answer === 'object' && answer !== null) {
    if ('error' in answer && answer.error === UNKNOWN_MEMBER) return undefined;
    // The processor made it; its shape is the contract of the member subject.
    if ('id' in answer && 'points' in answer) return answer as MemberJson;
  }
  const message = 'the processor answered with something else than a member';
  throw new Fault('unexpected-answer', message, { retry: 'operator', facts: { answer } });
}

function overloaded(waiting: number): Fault {
  const message = `${waiting} transactions already wait for their outcome`;
  return new Fault('overloaded', message, { retry: 'after-backoff' });
}
