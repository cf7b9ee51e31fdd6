import { readFileSync, writeFileSync } from 'node:fs';
import { withPlaces } from './coalition-places.ts';

/** `node src/samples/write-coalition.ts`: brings the places of `coalition.yaml` up to date. */
const file = new URL('./coalition.yaml', import.meta.url);
writeFileSync(file, withPlaces(readFileSync(file, 'utf8')));
