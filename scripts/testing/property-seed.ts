/**
 * What property tests draw from. Tests of a change draw the same every time, so that what fails fails again;
 * `npm run soak` draws anew. fast-check names the seed of what fails: `SIDEREAL_PROPERTY_SEED` takes it.
 */
import fc from 'fast-check';

const given = process.env['SIDEREAL_PROPERTY_SEED'];
fc.configureGlobal({ seed: given === 'random' ? Date.now() : Number(given ?? 1) });
