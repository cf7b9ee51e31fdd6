import type { Business } from './business.ts';

/** What a line of business sells: product groups with how many products, what they cost. */
export interface ProductGroup {
  readonly category: string;
  readonly products: number;
  /** Tenge. */
  readonly from: number;
  readonly to: number;
  /** How it is measured; default pieces. */
  readonly unit?: 'litre' | 'kilogram';
  readonly flag?: 'tobacco' | 'prescription';
  /** Share of products whose packages carry a code. */
  readonly coded?: number;
  /** Its own category above the group; default the line of business. */
  readonly above?: string;
}

/** 5,000 products in all; a test counts them. */
export const ASSORTMENT: Readonly<Record<Business, readonly ProductGroup[]>> = {
  food: [
    { category: 'dairy', products: 300, from: 250, to: 2_400 },
    { category: 'bakery', products: 180, from: 120, to: 1_500 },
    { category: 'fruit', products: 120, from: 350, to: 2_800, unit: 'kilogram' },
    { category: 'vegetables', products: 120, from: 150, to: 1_600, unit: 'kilogram' },
    { category: 'meat', products: 160, from: 1_800, to: 6_500, unit: 'kilogram' },
    { category: 'drinks', products: 360, from: 200, to: 2_200, coded: 0.06 },
    { category: 'sweets', products: 340, from: 180, to: 3_200, coded: 0.06 },
    { category: 'grocery', products: 540, from: 200, to: 3_500 },
    { category: 'household', products: 240, from: 350, to: 6_000 },
    { category: 'tobacco', products: 60, from: 650, to: 1_400, flag: 'tobacco' },
  ],
  fuel: [
    { category: 'petrol', products: 4, from: 205, to: 310, unit: 'litre' },
    { category: 'diesel', products: 3, from: 295, to: 340, unit: 'litre' },
    { category: 'gas', products: 1, from: 95, to: 100, unit: 'litre' },
    { category: 'coffee', products: 22, from: 500, to: 1_500, above: 'station-shop' },
    { category: 'snacks', products: 50, from: 250, to: 2_500, above: 'station-shop' },
    { category: 'car-care', products: 40, from: 900, to: 9_000, above: 'station-shop' },
  ],
  outfit: [
    { category: 'shoes', products: 240, from: 7_000, to: 55_000 },
    { category: 'outerwear', products: 180, from: 14_000, to: 90_000 },
    { category: 'dresses', products: 200, from: 6_000, to: 45_000 },
    { category: 'shirts', products: 260, from: 3_500, to: 18_000 },
    { category: 'children', products: 220, from: 2_500, to: 22_000 },
  ],
  electronics: [
    { category: 'phones', products: 120, from: 45_000, to: 690_000 },
    { category: 'laptops', products: 80, from: 160_000, to: 990_000 },
    { category: 'audio', products: 100, from: 6_000, to: 190_000 },
    { category: 'accessories', products: 220, from: 1_500, to: 25_000 },
    { category: 'appliances', products: 120, from: 12_000, to: 420_000 },
  ],
  pharmacy: [
    { category: 'medicine', products: 280, from: 300, to: 9_000 },
    { category: 'prescription', products: 160, from: 900, to: 22_000, flag: 'prescription' },
    { category: 'vitamins', products: 120, from: 1_200, to: 14_000 },
    { category: 'care', products: 160, from: 800, to: 12_000 },
  ],
};

/** Brand names per line of business; invented. */
export const BRANDS: Readonly<Record<Business, readonly string[]>> = {
  food: [
    'Ayan',
    'Dala',
    'Bereke',
    'Kokzhiek',
    'Nur',
    'Zhuldyz',
    'Chorsu',
    'Mehr',
    'Tabiat',
    'Alma',
  ],
  fuel: ['Altyn', 'Steppe', 'Zarafshan'],
  outfit: ['Tumar', 'Ipak', 'Kesh', 'Zere', 'Ulytau', 'Atlas'],
  electronics: ['Nomad', 'Kairos', 'Sary', 'Voltan', 'Registan', 'Helio'],
  pharmacy: ['Shipa', 'Darmen', 'Sino', 'Zhusan', 'Vitalis'],
};
