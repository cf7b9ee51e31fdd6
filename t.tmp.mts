import { readRuleSetFile } from './src/rules/read-document.ts';
