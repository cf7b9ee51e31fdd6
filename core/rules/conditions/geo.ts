import type { GeoPoint } from '../../transaction/transaction.ts';
import type { Area } from '../condition.ts';

/** Mean radius of the earth, as the haversine formula wants it. */
const EARTH_METRES = 6_371_008.8;
/** Degrees. About a tenth of a millimetre: closer than any receiver knows. */
const EDGE = 1e-9;

/** In an area or on its edge. */
export function isInside(area: Area, point: GeoPoint): boolean {
  if (area.kind === 'circle') return metresBetween(area, point) <= area.metres;
  return insidePolygon(area.points, point);
}

/** Great-circle distance. */
export function metresBetween(from: GeoPoint, to: GeoPoint): number {
  const radians = Math.PI / 180;
  const halfLat = Math.sin(((to.lat - from.lat) * radians) / 2);
  const halfLon = Math.sin(((to.lon - from.lon) * radians) / 2);
  const chord =
    halfLat * halfLat +
    Math.cos(from.lat * radians) * Math.cos(to.lat * radians) * halfLon * halfLon;
  return 2 * EARTH_METRES * Math.asin(Math.min(1, Math.sqrt(chord)));
}

/** Even-odd rule; the edge counts as inside. Edges take the short way over the antimeridian. */
function insidePolygon(polygon: readonly GeoPoint[], point: GeoPoint): boolean {
  const corners = unrolled(polygon);
  return [-360, 0, 360].some((turn) =>
    insideFlat(corners, { lat: point.lat, lon: point.lon + turn }),
  );
}

function insideFlat(corners: readonly GeoPoint[], point: GeoPoint): boolean {
  let inside = false;
  for (const [index, from] of corners.entries()) {
    const to = corners[(index + 1) % corners.length] ?? from;
    if (onSegment(from, to, point)) return true;
    if (from.lat > point.lat === to.lat > point.lat) continue;
    const crossing =
      from.lon + ((point.lat - from.lat) / (to.lat - from.lat)) * (to.lon - from.lon);
    if (point.lon < crossing) inside = !inside;
  }
  return inside;
}

function onSegment(from: GeoPoint, to: GeoPoint, point: GeoPoint): boolean {
  const length = Math.hypot(to.lat - from.lat, to.lon - from.lon);
  const area = Math.abs(turn(from, to, point));
  const between =
    point.lat >= Math.min(from.lat, to.lat) - EDGE &&
    point.lat <= Math.max(from.lat, to.lat) + EDGE &&
    point.lon >= Math.min(from.lon, to.lon) - EDGE &&
    point.lon <= Math.max(from.lon, to.lon) + EDGE;
  return between && area <= EDGE * Math.max(length, 1);
}

/** Positive when the third point lies left of the way from the first to the second. */
function turn(from: GeoPoint, to: GeoPoint, point: GeoPoint): number {
  return (
    (to.lon - from.lon) * (point.lat - from.lat) - (to.lat - from.lat) * (point.lon - from.lon)
  );
}

/** Longitudes made continuous: an edge longer than half the globe goes the other way round. */
export function unrolled(polygon: readonly GeoPoint[]): GeoPoint[] {
  const corners: GeoPoint[] = [];
  for (const { lat, lon } of polygon) {
    const before = corners.at(-1)?.lon ?? lon;
    const turns = Math.round((before - lon) / 360);
    corners.push({ lat, lon: lon + turns * 360 });
  }
  return corners;
}

/** True when two edges that are not neighbours touch: then "inside" would be anybody's guess. */
export function intersectsItself(polygon: readonly GeoPoint[]): boolean {
  const corners = unrolled(polygon);
  const edges = corners.map((from, index) => ({
    from,
    to: corners[(index + 1) % corners.length] ?? from,
  }));
  return edges.some((edge, index) =>
    edges.some((other, otherIndex) => {
      const apart = otherIndex - index;
      const neighbours = apart <= 1 || apart === edges.length - 1;
      return !neighbours && crosses(edge, other);
    }),
  );
}

interface Edge {
  readonly from: GeoPoint;
  readonly to: GeoPoint;
}

function crosses(left: Edge, right: Edge): boolean {
  const sides = [
    turn(left.from, left.to, right.from),
    turn(left.from, left.to, right.to),
    turn(right.from, right.to, left.from),
    turn(right.from, right.to, left.to),
  ].map(Math.sign);
  if (sides[0] !== sides[1] && sides[2] !== sides[3]) return true;
  return [right.from, right.to].some((point) => onSegment(left.from, left.to, point));
}
