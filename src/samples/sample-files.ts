import { fileURLToPath } from 'node:url';

/** The rule sets that ship with the project. */
export const SAMPLES = {
  /** A coalition of twelve partners in two countries; what the demo runs. */
  coalition: { path: fileURLToPath(new URL('./coalition.yaml', import.meta.url)) },
  /** For replaying the UCI Online Retail data. */
  'online-retail': { path: fileURLToPath(new URL('./online-retail.yaml', import.meta.url)) },
} as const;
