import type { NormalPromotion, PromotionBody } from '../normal.ts';
import { runsAt } from '../regions.ts';
import { type Bits, noBits, setBit } from './bits.ts';
import type { DimensionSummary } from './postings.ts';

/** Sets kept ready: one for each way that places and channels differ in the rules. */
const SITUATIONS_MAX = 256;

/** The body of a promotion that counts at a place, given its path from the store upwards. */
export function bodyAtPlace(
  { variants, body }: NormalPromotion,
  path: readonly string[],
): PromotionBody {
  if (variants.length === 0) return body;
  for (const place of path) {
    const variant = variants.find((one) => one.place === place);
    if (variant !== undefined) return variant.body;
  }
  return body;
}

/** Which promotions run at a place and in a channel: exactly these. */
export class Situations {
  readonly summaries: readonly DimensionSummary[];
  readonly #promotions: readonly NormalPromotion[];
  /** Places and channels that the rules tell apart; all others are alike. */
  readonly #places: ReadonlySet<string>;
  readonly #channels: ReadonlySet<string>;
  readonly #kept = new Map<string, Bits>();
  /** By the path of a declared place, so that the usual checkout needs no text. */
  readonly #byPath = new WeakMap<readonly string[], Map<string | undefined, Bits>>();

  constructor(promotions: readonly NormalPromotion[]) {
    this.#promotions = promotions;
    const regional = promotions.filter(({ regions }) => regions !== undefined);
    const named = regional.flatMap(({ regions }) => [
      ...(regions?.in ?? []),
      ...(regions?.except ?? []),
    ]);
    const variants = promotions.flatMap((promotion) => promotion.variants);
    this.#places = new Set([...named, ...variants.map(({ place }) => place)]);
    const bodies = [...promotions.map(({ body }) => body), ...variants.map(({ body }) => body)];
    this.#channels = new Set(bodies.flatMap(({ channels }) => channels));
    const choosy = promotions.filter(
      ({ body, variants: own }) =>
        body.channels.length > 0 || own.some((one) => one.body.channels.length > 0),
    );
    this.summaries = [
      { name: 'place', promotions: regional.length, values: new Set(named).size },
      { name: 'channel', promotions: choosy.length, values: this.#channels.size },
    ];
  }

  at(path: readonly string[], given: string | undefined): Bits {
    const channel = given !== undefined && this.#channels.has(given) ? given : undefined;
    let known = this.#byPath.get(path);
    if (known === undefined) {
      known = new Map();
      this.#byPath.set(path, known);
    }
    const found = known.get(channel);
    if (found !== undefined) return found;
    const bits = this.#shared(path, channel);
    known.set(channel, bits);
    return bits;
  }

  #shared(path: readonly string[], channel: string | undefined): Bits {
    const told = path.filter((place) => this.#places.has(place));
    const key = JSON.stringify([path.length === 0, told, channel]);
    const found = this.#kept.get(key);
    if (found !== undefined) return found;
    if (this.#kept.size >= SITUATIONS_MAX) this.#kept.clear();
    const bits = noBits(this.#promotions.length);
    for (const promotion of this.#promotions) {
      const { channels } = bodyAtPlace(promotion, path);
      const sells = channels.length === 0 || (channel !== undefined && channels.includes(channel));
      if (sells && runsAt(promotion.regions, path)) setBit(bits, promotion.position);
    }
    this.#kept.set(key, bits);
    return bits;
  }
}
