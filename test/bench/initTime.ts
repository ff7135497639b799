// How much processor time does a fresh process take until a bundle is loaded? Prints the milliseconds: node initTime.ts BUNDLE
import { createRequire } from 'node:module';

const [bundle = ''] = process.argv.slice(2);
createRequire(bundle)(bundle);
const { user, system } = process.cpuUsage();
process.stdout.write(String((user + system) / 1000));
process.exit(0);
