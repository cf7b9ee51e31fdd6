const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** What decides the partition of a transaction, decoded or not. */
export interface Keyed {
  readonly kind?: unknown;
  readonly id?: unknown;
  readonly member?: unknown;
  readonly checkout?: unknown;
  readonly card?: unknown;
  readonly to?: unknown;
}

/**
/**
 * The key whose hash names the partition: the member; of a checkout that shows nothing but a
 * card the card, whose partition knows whose it is; of an anonymous return, cancel or delivery the
 * checkout it names, so that it meets that checkout; of a relay whom it is for; else the
 * transaction's own id. Undefined when there is none of them: then any partition may record the
 * rejection.
 */
export function partitionKey(transaction: Keyed): string | undefined {
  if (isKey(transaction.member)) return transaction.member;
  const { kind } = transaction;
  if (followsCheckout(kind)) {
    if (isKey(transaction.checkout)) return transaction.checkout;
  } else if (kind === 'relay' || kind === 'relayed') {
    if (isKey(transaction.to)) return transaction.to;
  } else if (isKey(transaction.card)) {
    return `card/${transaction.card}`;
  }
  return isKey(transaction.id) ? transaction.id : undefined;
}

/** Kinds that name an earlier checkout, and may leave out its member. */
function followsCheckout(kind: unknown): boolean {
  return kind === 'return' || kind === 'cancel' || kind === 'deliver';
}

/** The partition of a key: FNV-1a 32 of its UTF-8 bytes, as nats-server's `partition()`. */
export function partitionOf(key: string, partitions: number): number {
  return fnv1a32(key) % partitions;
}

/** FNV-1a, 32 bits, over the UTF-8 bytes of the text. */
export function fnv1a32(text: string): number {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) {
      hash = Math.imul(hash ^ unit, PRIME);
      continue;
    }
    const point = codePointAt(text, index);
    if (point > 0xffff) index += 1;
    hash = mixWide(hash, point);
  }
  return hash >>> 0;
}

/** A code point; half a surrogate pair counts as U+FFFD, which is how it would be encoded. */
function codePointAt(text: string, index: number): number {
  const point = text.codePointAt(index) ?? 0xfffd;
  return point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
}

function mixWide(start: number, point: number): number {
  const continuation = point > 0xffff ? 3 : point > 0x7ff ? 2 : 1;
  const lead = continuation === 1 ? 0xc0 : continuation === 2 ? 0xe0 : 0xf0;
  let hash = Math.imul(start ^ (lead | (point >>> (6 * continuation))), PRIME);
  for (let left = continuation - 1; left >= 0; left -= 1) {
    hash = Math.imul(hash ^ (0x80 | ((point >>> (6 * left)) & 0x3f)), PRIME);
  }
  return hash;
}

function isKey(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0;
}
