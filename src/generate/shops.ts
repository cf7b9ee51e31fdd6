import { must } from '../../core/assert.ts';
import { offsetAt } from '../../core/time/zone.ts';
import { CITIES } from '../samples/coalition-cities.ts';
import { type Store, storesOf } from '../samples/coalition-places.ts';
import { BUSINESSES, type Business, PARTNER_BUSINESS } from './business.ts';
import { cumulative } from './random.ts';

/** A region of the coalition with its stores by line of business. */
export interface Region {
  readonly id: string;
  readonly country: string;
  readonly zone: string;
  readonly stores: readonly Shop[];
  /** Only lines of business that have a store there. */
  readonly byBusiness: ReadonlyMap<Business, readonly Shop[]>;
}

/** A store with the counters of its tills: the only part of it that changes. */
export interface Shop {
  readonly store: Store;
  readonly business: Business;
  /** Last receipt number of each till. */
  readonly receipts: number[];
}

const TILLS = 4;

export interface Shops {
  readonly regions: readonly Region[];
  /** Running sums of the regions' populations. */
  readonly weights: Float64Array;
}

/** All regions and stores of the sample coalition, with fresh tills. */
export function openShops(): Shops {
  const regions = CITIES.map((city): Region => {
    const stores = storesOf(city).map(
      (store): Shop => ({
        store,
        business: must(PARTNER_BUSINESS[store.partner], 'a partner has a line of business'),
        receipts: new Array<number>(TILLS).fill(0),
      }),
    );
    const lists = BUSINESSES.map(
      (business) => [business, stores.filter((shop) => shop.business === business)] as const,
    );
    const country = city.zone.slice(0, 2);
    const zone = must(stores[0], 'every region has a store').store.zone;
    const byBusiness = new Map(lists.filter(([, list]) => list.length > 0));
    return { id: city.id, country, zone, stores, byBusiness };
  });
  return { regions, weights: cumulative(CITIES.map((city) => city.size ** 1.6)) };
}

/** A wall clock that writes ISO 8601 with offset, and remembers the second it wrote last. */
export class WallClock {
  readonly #zone: string;
  #second = Number.NaN;
  #text = '';
  #hour = 0;

  constructor(zone: string) {
    this.#zone = zone;
  }

  /** `2026-11-21T18:04:11+05:00`. */
  text(at: number): string {
    this.#turnTo(at);
    return this.#text;
  }

  /** The local hour, 0 to 23. */
  hour(at: number): number {
    this.#turnTo(at);
    return this.#hour;
  }

  #turnTo(at: number): void {
    const second = Math.floor(at / 1_000);
    if (second === this.#second) return;
    this.#second = second;
    const minutes = offsetAt(this.#zone, at) / 60_000;
    const wall = new Date(second * 1_000 + minutes * 60_000).toISOString().slice(0, 19);
    const size = Math.abs(minutes);
    const hours = String(Math.floor(size / 60)).padStart(2, '0');
    const rest = String(size % 60).padStart(2, '0');
    this.#text = `${wall}${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
    this.#hour = Number(wall.slice(11, 13));
  }
}
