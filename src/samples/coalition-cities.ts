/** A region of the sample coalition: a city with its surroundings. */
export interface City {
  readonly id: string;
  readonly zone: string;
  readonly lat: number;
  readonly lon: number;
  /** 1 (a small town) to 8 (the capital): how many stores each line of business has there. */
  readonly size: number;
}

type Row = readonly [id: string, lat: number, lon: number, size: number];

const KZ_EAST: readonly Row[] = [
  ['almaty', 43.24, 76.91, 8],
  ['astana', 51.17, 71.43, 7],
  ['shymkent', 42.32, 69.59, 6],
  ['karaganda', 49.8, 73.1, 4],
  ['taraz', 42.9, 71.37, 3],
  ['pavlodar', 52.29, 76.97, 3],
  ['oskemen', 49.95, 82.61, 3],
  ['semey', 50.41, 80.23, 3],
  ['kostanay', 53.21, 63.63, 2],
  ['petropavl', 54.87, 69.16, 2],
  ['turkistan', 43.3, 68.25, 2],
  ['kokshetau', 53.28, 69.39, 2],
  ['taldykorgan', 45.02, 78.37, 2],
  ['temirtau', 50.05, 72.96, 2],
  ['ekibastuz', 51.72, 75.32, 2],
  ['rudny', 52.96, 63.12, 1],
  ['zhezkazgan', 47.8, 67.71, 1],
  ['balkhash', 46.84, 74.98, 1],
  ['kentau', 43.52, 68.5, 1],
  ['konaev', 43.86, 77.06, 1],
  ['stepnogorsk', 52.35, 71.88, 1],
  ['ridder', 50.34, 83.51, 1],
  ['saryagash', 41.46, 69.17, 1],
];

const KZ_WEST: readonly Row[] = [
  ['aktobe', 50.28, 57.21, 4],
  ['atyrau', 47.11, 51.92, 3],
  ['aktau', 43.65, 51.17, 3],
  ['oral', 51.23, 51.37, 2],
  ['kyzylorda', 44.85, 65.51, 2],
  ['zhanaozen', 43.34, 52.86, 1],
  ['aksai', 51.17, 52.99, 1],
];

const UZ_EAST: readonly Row[] = [
  ['tashkent', 41.31, 69.28, 8],
  ['namangan', 41, 71.67, 4],
  ['andijan', 40.78, 72.34, 4],
  ['fergana', 40.39, 71.78, 3],
  ['kokand', 40.53, 70.94, 2],
  ['margilan', 40.47, 71.72, 2],
  ['chirchiq', 41.47, 69.58, 2],
  ['angren', 41.02, 70.14, 2],
  ['olmaliq', 40.84, 69.6, 1],
  ['gulistan', 40.49, 68.78, 1],
  ['bekabad', 40.22, 69.27, 1],
  ['yangiyul', 41.11, 69.05, 1],
];

const UZ_WEST: readonly Row[] = [
  ['samarkand', 39.65, 66.96, 5],
  ['bukhara', 39.77, 64.42, 3],
  ['nukus', 42.46, 59.6, 2],
  ['qarshi', 38.86, 65.79, 2],
  ['navoi', 40.1, 65.37, 2],
  ['urgench', 41.55, 60.63, 2],
  ['termez', 37.22, 67.28, 2],
  ['jizzakh', 40.12, 67.84, 2],
  ['shahrisabz', 39.06, 66.83, 1],
  ['zarafshan', 41.57, 64.2, 1],
  ['khiva', 41.38, 60.36, 1],
  ['kattaqurgan', 39.9, 66.26, 1],
];

/** All 54 regions, by zone, the larger ones first. */
export const CITIES: readonly City[] = [
  ...KZ_EAST.map((row) => city('kz-east', row)),
  ...KZ_WEST.map((row) => city('kz-west', row)),
  ...UZ_EAST.map((row) => city('uz-east', row)),
  ...UZ_WEST.map((row) => city('uz-west', row)),
];

function city(zone: string, [id, lat, lon, size]: Row): City {
  return { id, zone, lat, lon, size };
}
