import { Bug, must } from '../assert.ts';

/** The strings that a piece of the store mentions again and again, by their place in its table. */
export interface Names {
  readonly at: (place: number) => string;
}

/** For bytes that mention none. */
export const NO_NAMES: Names = {
  at: (place) => {
    throw new Bug('a name without a table', [place]);
  },
};

/** Gives each string a place in the order of their first use: equal input, equal table. */
export class NamePlaces implements Names {
  readonly #places = new Map<string, number>();
  readonly #all: string[] = [];
  /** Of the empty name, by far the most frequent: what most records do not have. */
  #nothing = -1;

  /** All strings, in the order of their places. */
  get all(): readonly string[] {
    return this.#all;
  }

  at(place: number): string {
    return must(this.#all[place], 'a place that was never given');
  }

  placeOf(name: string): number {
    if (name === '' && this.#nothing >= 0) return this.#nothing;
    const known = this.#places.get(name);
    if (known !== undefined) return known;
    const place = this.#all.push(name) - 1;
    this.#places.set(name, place);
    if (name === '') this.#nothing = place;
    return place;
  }

  clear(): void {
    if (this.#all.length > 0) this.#places.clear();
    this.#all.length = 0;
    this.#nothing = -1;
  }
}
