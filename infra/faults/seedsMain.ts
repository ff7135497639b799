// Which process plays the seeds of `npm run faults`? This one, so that a native crash ends only one seed.
import { startSeeds } from './runSeeds.ts';
import { serveSeeds } from './serveSeeds.ts';

await serveSeeds(startSeeds);
