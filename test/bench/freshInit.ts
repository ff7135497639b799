// How long does a fresh process take to load a bundle? Prints the milliseconds: node freshInit.ts BUNDLE
import { createRequire } from 'node:module';

const [bundle = ''] = process.argv.slice(2);
const require = createRequire(bundle);
const began = performance.now();
require(bundle);
process.stdout.write(String(performance.now() - began));
process.exit(0);
