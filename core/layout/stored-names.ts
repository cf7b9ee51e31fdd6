import { must } from '../assert.ts';
import { ByteReader } from './bytes.ts';
import type { Names } from './names.ts';

/**
 * A table of names in stored bytes: their number, then each as a string. A name is decoded when
 * it is first asked for, so that who reads one record of a large block pays for its names alone.
 */
export class StoredNames implements Names {
  readonly #bytes: Uint8Array;
  readonly #starts: number[] = [];
  readonly #known: string[] = [];

  /** Moves the reader of these bytes behind the table. */
  constructor(bytes: Uint8Array, reader: ByteReader) {
    this.#bytes = bytes;
    const size = reader.unsigned();
    for (let place = 0; place < size; place++) {
      this.#starts.push(reader.position);
      this.#known.push('');
      reader.skip(reader.unsigned());
    }
  }

  /** Where in the block's bytes the string of a name begins, with its length. */
  startOf(place: number): number {
    return must(this.#starts[place], 'a name is missing in its block');
  }

  at(place: number): string {
    const known = this.#known[place];
    if (known) return known;
    const name = new ByteReader(this.#bytes, this.startOf(place)).string();
    this.#known[place] = name;
    return name;
  }
}
