import { fileURLToPath } from 'node:url';

/** The rule sets that ship with the project: where they are, and which programme they describe. */
export const SAMPLES = {
  /** A coalition of twelve partners in two countries; what the demo runs. */
  coalition: sample('coalition.yaml', 'silk-road'),
  /** For replaying the UCI Online Retail data. */
  'online-retail': sample('online-retail.yaml', 'online-retail'),
} as const;
export type SampleName = keyof typeof SAMPLES;

interface Sample {
  readonly path: string;
  readonly programme: string;
}

function sample(file: string, programme: string): Sample {
  return { path: fileURLToPath(new URL(`./${file}`, import.meta.url)), programme };
}
