// How does a script terminate many workers while they work?
// The test starts it as a process of its own, because an abort would end the test's process too.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const [script = '', count = '0'] = process.argv.slice(2);
const atOnce = 3;
let left = Number(count);
let ended = 0;

const endOneByOne = async (): Promise<void> => {
  while (left > 0) {
    left -= 1;
    const worker = new Worker(script);
    await once(worker, 'message');
    await worker.terminate();
    ended += 1;
  }
};

await Promise.all(Array.from({ length: atOnce }, endOneByOne));
process.stdout.write(`${ended} workers ended\n`);
