import { Packr } from 'msgpackr';
import { partitionOf } from '../../core/transaction/key.ts';
import { Population } from '../../src/generate/population.ts';
import { openShops } from '../../src/generate/shops.ts';
import { TrafficGenerator } from '../../src/generate/traffic.ts';

export type Format = 'json' | 'msgpack';

export interface TrafficOptions {
  readonly seed: number;
  readonly format: Format;
  readonly partitions: number;
  readonly members: number;
  /** Exactly so many lines in each checkout. */
  readonly lines: number;
  /** Different checkouts; then the same ones come again under new ids. */
  readonly checkouts: number;
}

/** A message that is ready to be published. */
export interface Message {
  readonly partition: number;
  readonly transactions: number;
  readonly bytes: Buffer;
}

/** An encoded checkout whose id is written anew each time it is sent. */
interface Draft {
  readonly partition: number;
  readonly bytes: Buffer;
  readonly idAt: number;
  /** Its partition is that of its id, so the id has to be one of this partition. */
  readonly isAnonymous: boolean;
}

/** `b/<run>/<serial>`: every id has the same length, so that it can be overwritten in place. */
const SERIAL_DIGITS = 10;
const RUN_DIGITS = 6;
const ID_LENGTH = 2 + RUN_DIGITS + 1 + SERIAL_DIGITS;
const PLACEHOLDER = '#'.repeat(ID_LENGTH);
const NOON = Date.UTC(2026, 0, 15, 7);

// Records are an extension of msgpackr that no other reader knows.
const packr = new Packr({ useRecords: false, variableMapSize: true });

function encode(value: unknown, format: Format): Buffer {
  return format === 'json' ? Buffer.from(JSON.stringify(value)) : packr.pack(value);
}

/**
 * Checkouts of the sample coalition, encoded before anything is measured. To send one costs a new
 * id written over the old one, so that the load takes little of the processors it shares with
 * what it measures. Returns and cancels are left out: they name earlier checkouts by id.
 */
export class Traffic {
  readonly #format: Format;
  readonly #partitions: number;
  readonly #drafts: readonly Draft[];
  readonly #run: string;
  #serial = 0;

  constructor(options: TrafficOptions, run: string) {
    this.#format = options.format;
    this.#partitions = options.partitions;
    this.#run = run.padStart(RUN_DIGITS, '0').slice(-RUN_DIGITS);
    this.#drafts = draftsOf(options);
  }

  /** Mean bytes of a checkout on the wire. */
  get checkoutBytes(): number {
    return this.#drafts.reduce((sum, { bytes }) => sum + bytes.length, 0) / this.#drafts.length;
  }

  /**
   * Messages of one checkout each, without end. The bytes of a message are used again after all
   * drafts were sent once, so no more than those may be on their way.
   */
  *singles(): Generator<Message> {
    for (;;) {
      for (const draft of this.#drafts) {
        this.#stamp(draft.bytes, draft);
        yield { partition: draft.partition, transactions: 1, bytes: draft.bytes };
      }
    }
  }

  /** Envelopes of so many checkouts of one partition, without end; used again like `singles`. */
  *envelopes(size: number): Generator<Message> {
    const envelopes = this.#drafted(size);
    for (;;) {
      for (const { drafts, ...message } of envelopes) {
        for (const draft of drafts) this.#stamp(message.bytes, draft);
        yield message;
      }
    }
  }

  #drafted(size: number): readonly (Message & { readonly drafts: readonly Draft[] })[] {
    const open = Array.from({ length: this.#partitions }, (): Draft[] => []);
    const envelopes: (Message & { readonly drafts: readonly Draft[] })[] = [];
    for (const draft of this.#drafts) {
      const waiting = open[draft.partition] ?? [];
      waiting.push(draft);
      if (waiting.length < size) continue;
      envelopes.push(joined(waiting.splice(0), this.#format));
    }
    return envelopes;
  }

  #stamp(bytes: Buffer, draft: Draft): void {
    let id = this.#nextId();
    while (draft.isAnonymous && partitionOf(id, this.#partitions) !== draft.partition) {
      id = this.#nextId();
    }
    bytes.write(id, draft.idAt, 'latin1');
  }

  #nextId(): string {
    this.#serial += 1;
    return `b/${this.#run}/${String(this.#serial).padStart(SERIAL_DIGITS, '0')}`;
  }
}

function draftsOf(options: TrafficOptions): readonly Draft[] {
  const { seed, members, lines, checkouts, format, partitions } = options;
  const generator = new TrafficGenerator({
    seed,
    members,
    lines,
    returns: 0,
    cancels: 0,
    enrolments: false,
  });
  return Array.from({ length: checkouts }, (_, index): Draft => {
    const { transaction } = generator.next(NOON + index);
    // Nothing is spoiled here, so all of it is objects. Without a claimed time a checkout counts
    // as made when it is accepted, so that the traffic does not grow old.
    const { occurredAt, ...checkout } = transaction as { occurredAt?: string; member?: string };
    const bytes = encode({ ...checkout, id: PLACEHOLDER }, format);
    const { member } = checkout;
    const partition = member === undefined ? index % partitions : partitionOf(member, partitions);
    const idAt = bytes.indexOf(PLACEHOLDER);
    return { partition, bytes, idAt, isAnonymous: member === undefined };
  });
}

/** Drafts of one partition behind each other as a list; where their ids lie moves with them. */
function joined(drafts: readonly Draft[], format: Format) {
  const parts: Buffer[] = [listHead(drafts.length, format)];
  const moved: Draft[] = [];
  let at = parts[0]?.length ?? 0;
  for (const [index, draft] of drafts.entries()) {
    if (format === 'json' && index > 0) {
      parts.push(Buffer.from(','));
      at += 1;
    }
    moved.push({ ...draft, idAt: at + draft.idAt });
    parts.push(draft.bytes);
    at += draft.bytes.length;
  }
  if (format === 'json') parts.push(Buffer.from(']'));
  const partition = drafts[0]?.partition ?? 0;
  return { partition, transactions: drafts.length, bytes: Buffer.concat(parts), drafts: moved };
}

function listHead(length: number, format: Format): Buffer {
  if (format === 'json') return Buffer.from('[');
  return Buffer.from(length < 16 ? [0x90 | length] : [0xdc, length >>> 8, length & 0xff]);
}

const ENROLMENTS_IN_ENVELOPE = 128;

/** Envelopes that enrol all members. Sent again they change nothing. */
export function* enrolments(
  options: Pick<TrafficOptions, 'format' | 'partitions' | 'members'>,
): Generator<Message> {
  const { format, partitions, members } = options;
  const shops = openShops();
  const population = new Population(members, shops.weights);
  const open = Array.from({ length: partitions }, (): Buffer[] => []);
  for (let rank = 0; rank < members; rank += 1) {
    const person = population.at(rank);
    const store = shops.regions[person.home]?.stores[0]?.store.id ?? '';
    const partition = partitionOf(person.id, partitions);
    const waiting = open[partition] ?? [];
    waiting.push(encode(population.enrolment(person, store), format));
    if (waiting.length === ENROLMENTS_IN_ENVELOPE) {
      yield enrolmentEnvelope(waiting.splice(0), partition, format);
    }
  }
  for (const [partition, waiting] of open.entries()) {
    if (waiting.length > 0) yield enrolmentEnvelope(waiting, partition, format);
  }
}

function enrolmentEnvelope(parts: readonly Buffer[], partition: number, format: Format): Message {
  const drafts = parts.map((bytes) => ({ partition, bytes, idAt: 0, isAnonymous: false }));
  const { bytes, transactions } = joined(drafts, format);
  return { partition, transactions, bytes };
}
