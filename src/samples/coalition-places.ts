import { must } from '../../core/assert.ts';
import { CITIES, type City } from './coalition-cities.ts';

/**
 * The places of `coalition.yaml` (two countries, four zones, 54 regions, their stores) are too
 * many to write by hand and too regular to be worth it. `write-coalition.ts` puts this text
 * between the two marks of the file; a test holds that the shipped file has it.
 */
export const PLACES_START = '# --- places: written by src/samples/write-coalition.ts ---';
export const PLACES_END = '# --- end of places ---';

/** A partner's chain of stores: where it is present, and how dense for the size of a city. */
interface Chain {
  readonly partner: string;
  readonly countries: readonly string[];
  /** Stores in a city of size `s`: `ceil((s − from + 1) × density)`, none below `from`. */
  readonly from: number;
  readonly density: number;
}

const CHAINS: readonly Chain[] = [
  { partner: 'dala-market', countries: ['kz', 'uz'], from: 1, density: 0.8 },
  { partner: 'ayan-foods', countries: ['kz'], from: 2, density: 0.6 },
  { partner: 'chorsu-food', countries: ['uz'], from: 1, density: 0.7 },
  { partner: 'altyn-fuel', countries: ['kz'], from: 1, density: 0.6 },
  { partner: 'steppe-petrol', countries: ['kz'], from: 1, density: 0.4 },
  { partner: 'zarafshan-oil', countries: ['uz'], from: 1, density: 0.6 },
  { partner: 'tumar-outfit', countries: ['kz', 'uz'], from: 3, density: 0.5 },
  { partner: 'ipak-fashion', countries: ['uz'], from: 2, density: 0.5 },
  { partner: 'nomad-electronics', countries: ['kz'], from: 2, density: 0.4 },
  { partner: 'registan-digital', countries: ['uz'], from: 2, density: 0.4 },
  { partner: 'shipa-pharmacy', countries: ['kz'], from: 1, density: 0.5 },
  { partner: 'ibn-sino-pharmacy', countries: ['uz'], from: 1, density: 0.5 },
];

const COUNTRIES = [
  '  # Kazakhstan. One legal time since 2024, but two zones in the calendar of the IANA.',
  '  - { id: kz, kind: country, zone: Asia/Almaty }',
  '  - { id: kz-east, kind: zone, parent: kz }',
  '  - { id: kz-west, kind: zone, parent: kz, zone: Asia/Aqtobe }',
  '  # Uzbekistan. 25 som are worth a tenge, so a point is worth 25 som there.',
  '  - { id: uz, kind: country, zone: Asia/Tashkent, currency: { code: UZS, rate: 25 } }',
  '  - { id: uz-east, kind: zone, parent: uz }',
  '  - { id: uz-west, kind: zone, parent: uz, zone: Asia/Samarkand }',
];

/** A store of the sample programme. */
export interface Store {
  readonly id: string;
  readonly partner: string;
  readonly region: string;
  readonly country: string;
  /** IANA zone. */
  readonly zone: string;
}

const IANA_ZONES: Readonly<Record<string, string>> = {
  'kz-east': 'Asia/Almaty',
  'kz-west': 'Asia/Aqtobe',
  'uz-east': 'Asia/Tashkent',
  'uz-west': 'Asia/Samarkand',
};

/** The stores of one region, partner by partner. */
export function storesOf(city: City): Store[] {
  const country = city.zone.slice(0, 2);
  return CHAINS.filter((chain) => chain.countries.includes(country)).flatMap((chain) =>
    chainStores(city, chain),
  );
}

/** The `places` section of the sample programme as YAML text, without the marks. */
export function coalitionPlaces(): string {
  const lines = ['places:', ...COUNTRIES];
  for (const city of CITIES) {
    const where = `location: { lat: ${city.lat}, lon: ${city.lon} }`;
    lines.push(`  - { id: ${city.id}, kind: region, parent: ${city.zone}, ${where} }`);
    for (const { id, partner } of storesOf(city)) {
      lines.push(`  - { id: ${id}, kind: store, parent: ${city.id}, partner: ${partner} }`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Replaces what stands between the marks of the document by the current places. */
export function withPlaces(document: string): string {
  const start = document.indexOf(PLACES_START);
  const end = document.indexOf(PLACES_END);
  if (start < 0 || end < start) throw new Error('the document has no marks for its places');
  return `${document.slice(0, start)}${PLACES_START}\n${coalitionPlaces()}${document.slice(end)}`;
}

function chainStores(city: City, chain: Chain): Store[] {
  const short = chain.partner.slice(0, chain.partner.lastIndexOf('-'));
  return Array.from({ length: storesIn(city, chain) }, (_, index) => ({
    id: `${city.id}-${short}-${index + 1}`,
    partner: chain.partner,
    region: city.id,
    country: city.zone.slice(0, 2),
    zone: must(IANA_ZONES[city.zone], 'every zone of the cities has its IANA name'),
  }));
}

function storesIn(city: City, chain: Chain): number {
  if (city.size < chain.from) return 0;
  return Math.ceil((city.size - chain.from + 1) * chain.density);
}
