import type { GeoPoint } from '../../transaction/transaction.ts';
import type { Area } from '../condition.ts';
import { intersectsItself } from '../conditions/geo.ts';
import { quoted } from '../diagnostic.ts';
import { parseDecimal } from '../shape/decimal.ts';
import { type Cursor, down, isPlainObject, report, type Shape } from '../shape/shape.ts';
import { list, record, required } from '../shape/structures.ts';

/** Corners of one polygon. */
export const CORNERS_MAX = 1_000;
/** Half way round the earth. */
const RADIUS_MAX = 20_040_000;

function degrees(max: number): Shape<number> {
  return real({ min: -max, max });
}

function real(bounds: { readonly min: number; readonly max: number }): Shape<number> {
  return {
    decode: (value, at) => {
      const found = parseDecimal(value);
      const number = found === undefined ? Number.NaN : found.digits / 10 ** found.places;
      if (number >= bounds.min && number <= bounds.max) return number;
      return report(at, {
        code: 'out-of-range',
        message: `${quoted(value)} is not from ${bounds.min} to ${bounds.max}`,
        hint: 'check latitude and longitude',
      });
    },
    schema: () => ({ type: 'number', minimum: bounds.min, maximum: bounds.max }),
  };
}

/** A place on the globe. */
export const geoPoint: Shape<GeoPoint> = record({
  lat: required(degrees(90), 'degrees north, -90 to 90'),
  lon: required(degrees(180), 'degrees east, -180 to 180'),
});

const circle = record({
  lat: required(degrees(90), 'latitude of the centre'),
  lon: required(degrees(180), 'longitude of the centre'),
  radius: required(real({ min: 0, max: RADIUS_MAX }), 'in metres'),
});

/** `{ circle: { lat, lon, radius } }` or `{ polygon: [ { lat, lon }, … ] }`. */
export const area: Shape<Area> = {
  decode: (value, at) => {
    const keys = isPlainObject(value) ? Object.keys(value) : [];
    if (!isPlainObject(value) || keys.length !== 1 || !/^(circle|polygon)$/.test(keys[0] ?? '')) {
      return report(at, {
        code: 'wrong-type',
        message: `${quoted(value)} is not an area`,
        hint: 'write `circle: { lat, lon, radius }` or `polygon: [ { lat, lon }, … ]`',
      });
    }
    if (keys[0] === 'circle') return decodeCircle(value['circle'], down(at, 'circle'));
    return decodePolygon(value['polygon'], down(at, 'polygon'));
  },
  schema: (definitions) => ({
    type: 'object',
    properties: { circle: circle.schema(definitions), polygon: corners.schema(definitions) },
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
  }),
};

const corners = list(geoPoint, { min: 3, max: CORNERS_MAX });

/** A centre may also stand in an object of its own. */
function decodeCircle(value: unknown, at: Cursor): Area | undefined {
  const { center, ...rest } = isPlainObject(value) ? value : {};
  const found = circle.decode(isPlainObject(center) ? { ...center, ...rest } : value, at);
  if (found === undefined) return undefined;
  return { kind: 'circle', lat: found.lat, lon: found.lon, metres: found.radius };
}

function decodePolygon(value: unknown, at: Cursor): Area | undefined {
  const given: unknown = Array.isArray(value) ? value.map(asPoint) : value;
  const points = corners.decode(given, at);
  if (points === undefined) return undefined;
  if (!intersectsItself(points)) return { kind: 'polygon', points };
  return report(at, {
    code: 'self-intersecting-area',
    message: 'the boundary crosses itself',
    hint: 'list the corners in order around the area',
  });
}

/** A corner may also be a pair, latitude first. */
function asPoint(value: unknown): unknown {
  return Array.isArray(value) && value.length === 2 ? { lat: value[0], lon: value[1] } : value;
}
