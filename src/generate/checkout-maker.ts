import { must } from '../../core/assert.ts';
import { BASKET_LINES_MAX, fillBasket } from './basket.ts';
import { BUSINESSES, type Business, CHANNELS, HABITS } from './business.ts';
import { CURRENCIES, makeCatalogue } from './catalogue.ts';
import { type Person, Population } from './population.ts';
import { cumulative, type Random, zipf } from './random.ts';
import { openShops, type Region, type Shop, WallClock } from './shops.ts';
import type { CheckoutJson, EnrolJson } from './transaction-json.ts';

export interface MakerOptions {
  readonly run: number;
  readonly members: number;
  readonly linesMean: number;
  readonly lines?: number;
  readonly anonymous: number;
}

export interface MadeCheckout {
  readonly checkout: CheckoutJson;
  /** When it is the member's first one. */
  readonly enrolment: EnrolJson | undefined;
}

/** Lines of an average checkout by the habits as they stand; `linesMean` scales them. */
const HABITUAL_LINES_MEAN = BUSINESSES.reduce(
  (sum, business) => sum + HABITS[business].share * HABITS[business].lines,
  0,
);
/** Shares of checkouts away from the home region. */
const AWAY = 0.08;
const WITH_CODE = 0.05;
const CODES = ['WELCOME10', 'AUTUMN7', 'AUTUMN7', 'FUEL5', 'NAURYZ26', 'FREE4ALL'];
const WITH_POINTS = 0.07;
const POINTS_WISHES = [50, 100, 200, 500, 1_000, 2_000];
const TENDERS = ['card', 'card', 'card', 'mobile', 'mobile', 'cash'];
/** Tills are synchronised within half a minute. */
const CLOCK_SKEW_MS = 30_000;

/** Makes checkouts: who, where, when, what, and how they pay. */
export class CheckoutMaker {
  readonly #random: Random;
  readonly #options: MakerOptions;
  readonly #shops = openShops();
  readonly #shelves = makeCatalogue();
  readonly #population: Population;
  readonly #byStore = new Map<string, Shop>();
  readonly #clocks = new Map<string, WallClock>();
  /** One bit of memory a member: whose enrolment was sent. */
  readonly #enrolled: Uint8Array;
  /** Running sums of the lines of business by local hour. */
  readonly #byHour = Array.from({ length: 24 }, (_, hour) => businessesAt(hour));

  constructor(random: Random, options: MakerOptions) {
    this.#random = random;
    this.#options = options;
    this.#population = new Population(options.members, this.#shops.weights);
    this.#enrolled = new Uint8Array(options.members);
    for (const region of this.#shops.regions) {
      this.#clocks.set(region.zone, new WallClock(region.zone));
      for (const shop of region.stores) this.#byStore.set(shop.store.id, shop);
    }
  }

  make(at: number): MadeCheckout {
    const rank = this.#random.chance(this.#options.anonymous)
      ? undefined
      : zipf(this.#random, this.#options.members);
    const person = rank === undefined ? undefined : this.#population.at(rank);
    const region = this.#region(person);
    const checkout = this.#checkout(region, { person, at });
    if (rank === undefined || person === undefined || this.#enrolled[rank] === 1) {
      return { checkout, enrolment: undefined };
    }
    this.#enrolled[rank] = 1;
    return { checkout, enrolment: this.#population.enrolment(person, this.#homeStore(person)) };
  }

  /** A checkout of somebody without a card. */
  anonymous(at: number): CheckoutJson {
    return this.#checkout(this.#region(undefined), { person: undefined, at });
  }

  timeIn(zone: string, at: number): string {
    return this.#clock(zone).text(at);
  }

  zoneOf(store: string): string {
    return this.#shop(store).store.zone;
  }

  isReturnable(store: string): boolean {
    return HABITS[this.#shop(store).business].isReturnable;
  }

  #checkout(region: Region, who: { person: Person | undefined; at: number }): CheckoutJson {
    const random = this.#random;
    const till = who.at - random.below(CLOCK_SKEW_MS);
    const shop = this.#pickShop(region, till);
    const { business, store } = shop;
    const occurredAt = this.timeIn(region.zone, till);
    const channel = must(
      CHANNELS[random.weighted(cumulative(HABITS[business].channels))],
      'a channel for each weight',
    );
    const lines = this.#options.lines ?? this.#basketSize(business);
    const { country } = store;
    const checkout: CheckoutJson = {
      id: this.#receipt(shop, occurredAt),
      kind: 'checkout',
      store: store.id,
      channel,
      occurredAt,
      currency: CURRENCIES[country]?.code ?? 'KZT',
      tender: random.pick(TENDERS),
      lines: fillBasket(random, this.#shelves[business], { business, country, lines }),
    };
    if (channel !== 'pos') checkout.delivery = (CURRENCIES[country]?.perTiyn ?? 1) * 99_000;
    if (random.chance(WITH_CODE)) checkout.codes = [random.pick(CODES)];
    return who.person === undefined ? checkout : this.#asMember(checkout, who.person);
  }

  #asMember(checkout: CheckoutJson, person: Person): CheckoutJson {
    checkout.member = person.id;
    if (this.#random.chance(WITH_POINTS)) {
      checkout.pay = { points: 'main', amount: this.#random.pick(POINTS_WISHES) };
    }
    return checkout;
  }

  #basketSize(business: Business): number {
    const mean = (HABITS[business].lines * this.#options.linesMean) / HABITUAL_LINES_MEAN;
    return Math.min(BASKET_LINES_MAX, this.#random.geometric(mean));
  }

  #region(person: Person | undefined): Region {
    const { regions, weights } = this.#shops;
    const isHome = person !== undefined && !this.#random.chance(AWAY);
    const index = isHome ? person.home : this.#random.weighted(weights);
    return must(regions[index], 'a region for each weight');
  }

  /** What is open and near: a line of business that the region has, then one of its stores. */
  #pickShop(region: Region, at: number): Shop {
    const weights = must(this.#byHour[this.#clock(region.zone).hour(at)], 'a day has 24 hours');
    const business = BUSINESSES[this.#random.weighted(weights)] ?? 'food';
    return this.#random.pick(region.byBusiness.get(business) ?? region.stores);
  }

  /** `<store>/<till>/<date>/<run>-<receipt>`, as a till would number it. */
  #receipt(shop: Shop, occurredAt: string): string {
    const till = this.#random.below(shop.receipts.length);
    const receipt = (shop.receipts[till] ?? 0) + 1;
    shop.receipts[till] = receipt;
    const number = String(receipt).padStart(6, '0');
    return `${shop.store.id}/${till + 1}/${occurredAt.slice(0, 10)}/${this.#options.run}-${number}`;
  }

  #homeStore(person: Person): string {
    const region = must(this.#shops.regions[person.home], 'a home is a region');
    return must(region.stores[0], 'every region has a store').store.id;
  }

  #shop(store: string): Shop {
    return must(this.#byStore.get(store), 'a store of the coalition');
  }

  #clock(zone: string): WallClock {
    return must(this.#clocks.get(zone), 'a clock for each zone');
  }
}

function businessesAt(hour: number): Float64Array {
  return cumulative(
    BUSINESSES.map((business) => {
      const { share, hours } = HABITS[business];
      const day = hours.reduce((sum, weight) => sum + weight, 0);
      return (share * (hours[hour] ?? 0)) / day;
    }),
  );
}
