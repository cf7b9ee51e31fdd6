import { quoted } from '../diagnostic.ts';
import type { RuleSetDocument } from '../document.ts';
import { runsAt } from '../regions.ts';
import type { Claims } from './claims.ts';
import type { Report } from './report.ts';
import type { Search } from './search.ts';

/** Regions in which no promotion runs. */
export function findEmptyRegions(
  { rules }: Claims,
  document: RuleSetDocument,
  { search, report }: { readonly search: Search; readonly report: Report },
): void {
  if (rules.promotions.length === 0) return;
  const declared = new Map(document.places.map(({ id }, index) => [id, index]));
  for (const place of rules.places) {
    const index = declared.get(place.id);
    if (place.kind !== 'region' || index === undefined) continue;
    if (rules.promotions.some(({ regions }) => runsAt(regions, place.path))) continue;
    const finding = search.anywhereAt(place.id, ({ lines, accruals, texts, redemptions }) => {
      const isUntouched = lines.every(({ awards }) => awards.length === 0);
      return isUntouched && accruals.length + texts.length + redemptions.length === 0;
    });
    report.tell(finding, `region-without-promotion of ${quoted(place.id)}`, () => ({
      code: 'region-without-promotion',
      path: `/places/${index}`,
      message: `no promotion runs in ${quoted(place.id)}`,
      hint: 'add the region to `regions.in` of a promotion, if that is not meant',
    }));
  }
}
