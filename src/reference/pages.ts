import { join } from 'node:path';
import { configurationDocument } from './configuration.ts';
import { reasonsDocument } from './reasons.ts';
import { ruleLanguageDocument, ruleSetSchemaDocument } from './rule-language.ts';

export const REFERENCE_FOLDER = join(import.meta.dirname, '../../docs/reference');

/** A file of `docs/reference`: its text, and the `npm run docs:…` that writes it. */
export interface GeneratedPage {
  readonly command: string;
  readonly text: () => string;
}

export const GENERATED_PAGES: Readonly<Record<string, GeneratedPage>> = {
  'reasons.md': { command: 'reasons', text: reasonsDocument },
  'configuration.md': { command: 'configuration', text: configurationDocument },
  'rule-language.md': { command: 'rules', text: ruleLanguageDocument },
  'rule-set.schema.json': { command: 'rules', text: ruleSetSchemaDocument },
};
