// Which process plays the seeds of `npm run faults`? This one, so that what ends it natively ends no more than one seed.
import { startSeeds } from './runSeeds.ts';
import { serveSeeds } from './serveSeeds.ts';

await serveSeeds(startSeeds);
