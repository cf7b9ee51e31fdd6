import type { Level } from '../interpret/state.ts';
import type { Plan, PlannedBody } from './plan.ts';

/** Lists kept ready: one for each way that places differ in the rules. */
const LISTS_MAX = 256;

/** By position, the body of each promotion that counts at a place, and when it acts. */
export interface Bodies {
  readonly list: readonly PlannedBody[];
  /** 1 for bodies that have something to say at the level. */
  readonly acts: Readonly<Record<Level, Uint8Array>>;
}

function bodiesOf(list: readonly PlannedBody[]): Bodies {
  const acting = (level: Level) =>
    Uint8Array.from(list, (body) => (body[level].length > 0 ? 1 : 0));
  return { list, acts: { product: acting('product'), order: acting('order') } };
}

/** Finds the bodies of a place. Where no promotion differs by place, there is one list. */
export class BodiesByPlace {
  readonly #plan: Plan;
  readonly #usual: Bodies;
  /** Places that have bodies of their own. */
  readonly #places: ReadonlySet<string>;
  readonly #kept = new Map<string, Bodies>();
  /** By the path of a declared place, so that the usual checkout needs no text. */
  readonly #byPath = new WeakMap<readonly string[], Bodies>();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#usual = bodiesOf(plan.promotions.map(({ body }) => body));
    this.#places = new Set(plan.promotions.flatMap(({ variants }) => [...variants.keys()]));
  }

  at(path: readonly string[]): Bodies {
    if (this.#places.size === 0) return this.#usual;
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const bodies = this.#shared(path);
    this.#byPath.set(path, bodies);
    return bodies;
  }

  #shared(path: readonly string[]): Bodies {
    const told = path.filter((place) => this.#places.has(place));
    if (told.length === 0) return this.#usual;
    const key = JSON.stringify(told);
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    if (this.#kept.size >= LISTS_MAX) this.#kept.clear();
    const list = this.#plan.promotions.map(({ body, variants }) => {
      const place = told.find((one) => variants.has(one));
      return (place === undefined ? undefined : variants.get(place)) ?? body;
    });
    const bodies = bodiesOf(list);
    this.#kept.set(key, bodies);
    return bodies;
  }
}
