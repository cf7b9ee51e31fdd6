import type { EnrolJson } from './transaction-json.ts';

/** A member, made of nothing but the index, so that a hundred thousand of them need no memory. */
export interface Person {
  readonly id: string;
  /** Index of the home region. */
  readonly home: number;
}

/** A large prime as step walks through all indices, so that active members have ids far apart. */
const STEP = 2_147_483_647;
const YOUNGEST = 2_008;
const OLDEST = 1_942;

export class Population {
  readonly #size: number;
  readonly #homes: ArrayLike<number>;

  /** `homes` are the running sums of the regions' weights. */
  constructor(size: number, homes: ArrayLike<number>) {
    this.#size = size;
    this.#homes = homes;
  }

  /** The member at a rank of activity, 0 being the most active. */
  at(rank: number): Person {
    const index = (rank * STEP) % this.#size;
    return { id: idOf(index), home: this.#homeOf(index) };
  }

  /** The enrolment of a member. Always the same, so that sending it again changes nothing. */
  enrolment(person: Person, store: string): EnrolJson {
    const chance = mix(Number(person.id.slice(2)));
    const year = OLDEST + (chance % (YOUNGEST - OLDEST));
    const month = 1 + ((chance >>> 8) % 12);
    const day = 1 + ((chance >>> 16) % 28);
    const isStudent = year > 2_000 && (chance >>> 4) % 5 < 2;
    return {
      id: `enrol/${person.id}`,
      kind: 'enrol',
      member: person.id,
      store,
      birthday: `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
      segments: isStudent ? ['student'] : [],
      fields: { payWithPoints: (chance >>> 20) % 7 === 0 },
    };
  }

  #homeOf(index: number): number {
    const total = this.#homes[this.#homes.length - 1] ?? 1;
    const target = (mix(index ^ 0x5bd1e995) / 2 ** 32) * total;
    let home = 0;
    while (home < this.#homes.length - 1 && (this.#homes[home] ?? 0) <= target) home += 1;
    return home;
  }
}

function idOf(index: number): string {
  return `m-${String(index + 1).padStart(6, '0')}`;
}

/** Scatters the bits of a number over all 32 (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
