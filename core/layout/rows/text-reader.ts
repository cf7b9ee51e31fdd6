import type { OpenBlock } from '../block.ts';
import { ByteReader } from '../bytes.ts';
import type { StoredNames } from '../stored-names.ts';

/**
 * Where a text begins in the bytes of its block: there its length is, and its UTF-8 behind it.
 * These are the very bytes that a column of texts has, so a text need not become a string on its
 * way from the ledger to ClickHouse. A name has one place in its block: equal names, equal places.
 */
export type Text = number;

/** A text that is not there; columns show it as the empty one. */
export const NO_TEXT: Text = -1;

/** Reads records of a block and leaves their texts where they lie. */
export class TextReader {
  /** Of the block: what the places of texts count in. */
  readonly bytes: Uint8Array;
  /** For everything but texts. */
  readonly numbers: ByteReader;
  readonly #names: StoredNames;

  constructor({ hashed, body, names }: OpenBlock) {
    this.bytes = hashed;
    this.numbers = new ByteReader(hashed, hashed.length - body.length, names);
    this.#names = names;
  }

  text(): Text {
    return this.numbers.skipString();
  }

  optionalText(): Text {
    return this.numbers.byte() === 0 ? NO_TEXT : this.numbers.skipString();
  }

  name(): Text {
    return this.#names.startOf(this.numbers.unsigned());
  }

  skipTexts(): void {
    for (let left = this.numbers.unsigned(); left > 0; left--) this.numbers.skipString();
  }

  list<T>(read: (from: TextReader) => T): readonly T[] {
    const length = this.numbers.unsigned();
    if (length === 0) return NOTHING;
    // With its length, or it would get room for more than it needs.
    const list = new Array<T>(length);
    for (let i = 0; i < length; i++) list[i] = read(this);
    return list;
  }
}

const NOTHING: readonly never[] = [];
