import { join } from 'node:path';
import { configurationDocument } from './configuration.ts';
import { reasonsDocument } from './reasons.ts';

export const REFERENCE_FOLDER = join(import.meta.dirname, '../../docs/reference');

/** Page of `docs/reference` → its text. */
export const GENERATED_PAGES: Readonly<Record<string, () => string>> = {
  reasons: reasonsDocument,
  configuration: configurationDocument,
};
