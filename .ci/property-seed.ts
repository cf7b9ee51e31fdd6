import fc from 'fast-check';

/** The seed of all property tests in a normal run. */
const SEED = 20_261_121;

/**
 * Property tests draw the same cases in every normal run, so that a change is judged by what it
 * changed. `npm run fuzz` draws new ones; what it finds becomes a regression case.
 */
fc.configureGlobal({ seed: Number(process.env['SEED'] ?? SEED) });
