/** The five lines of business of the sample coalition and how people shop in them. */
export const BUSINESSES = ['food', 'fuel', 'outfit', 'electronics', 'pharmacy'] as const;
export type Business = (typeof BUSINESSES)[number];

export interface Habits {
  /** Of all checkouts, over the day. */
  readonly share: number;
  /** Mean number of lines in a basket, before scaling to the mean that is asked for. */
  readonly lines: number;
  /** Shares of pos, web and app. */
  readonly channels: readonly [pos: number, web: number, app: number];
  /** May goods come back? */
  readonly isReturnable: boolean;
  /** Weight of each local hour, from midnight on. */
  readonly hours: readonly number[];
}

export const CHANNELS = ['pos', 'web', 'app'] as const;

const DAY_SHOP = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 5, 6, 7, 7, 6, 6, 7, 8, 9, 9, 7, 4, 1, 0];

export const HABITS: Readonly<Record<Business, Habits>> = {
  food: {
    share: 0.55,
    lines: 7.4,
    channels: [0.87, 0.04, 0.09],
    isReturnable: true,
    hours: [1, 0, 0, 0, 0, 0, 1, 3, 5, 5, 5, 6, 8, 8, 6, 6, 7, 10, 12, 11, 8, 6, 4, 2],
  },
  fuel: {
    share: 0.2,
    lines: 1.3,
    channels: [0.93, 0, 0.07],
    isReturnable: false,
    hours: [1, 1, 1, 1, 1, 2, 4, 9, 10, 7, 5, 5, 6, 6, 5, 5, 6, 9, 10, 7, 5, 3, 2, 2],
  },
  outfit: {
    share: 0.07,
    lines: 2.1,
    channels: [0.7, 0.18, 0.12],
    isReturnable: true,
    hours: DAY_SHOP,
  },
  electronics: {
    share: 0.05,
    lines: 1.6,
    channels: [0.5, 0.32, 0.18],
    isReturnable: true,
    hours: DAY_SHOP,
  },
  pharmacy: {
    share: 0.13,
    lines: 2.6,
    channels: [0.91, 0.02, 0.07],
    isReturnable: false,
    hours: [1, 1, 0, 0, 0, 0, 1, 3, 6, 7, 7, 7, 6, 6, 6, 6, 7, 8, 8, 7, 5, 3, 2, 1],
  },
};

/** The line of business of each partner of `coalition.yaml`. */
export const PARTNER_BUSINESS: Readonly<Record<string, Business>> = {
  'dala-market': 'food',
  'ayan-foods': 'food',
  'chorsu-food': 'food',
  'altyn-fuel': 'fuel',
  'steppe-petrol': 'fuel',
  'zarafshan-oil': 'fuel',
  'tumar-outfit': 'outfit',
  'ipak-fashion': 'outfit',
  'nomad-electronics': 'electronics',
  'registan-digital': 'electronics',
  'shipa-pharmacy': 'pharmacy',
  'ibn-sino-pharmacy': 'pharmacy',
};
