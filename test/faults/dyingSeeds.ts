// Which seeds end the process that plays them? The second natively, the fourth by an error; the sixth is killed, and leaves its engine behind.
import { serveSeeds } from '../../infra/faults/serveSeeds.ts';
import { startEngine } from '../../infra/local/storage/engine.ts';

await serveSeeds(async ({ dataDir, facts, tell, log }) => {
  if (facts === 0) throw new Error('there is nothing to play');
  return {
    messages: 7,
    async run(seed) {
      tell('fail', 'Sell', 'Query');
      if (seed === 2) {
        process.stderr.write('  #  node[1]: void at ../src/node.cc:1\n  #  Assertion failed: it is at work\n\n');
        process.abort();
      }
      if (seed === 4) throw new Error('nobody took them');
      if (seed === 6) {
        tell('left', dataDir, (await startEngine({ dataDir, log })).endpoint);
        process.kill(process.pid, 'SIGKILL');
      }
      // The seventh never ends.
      if (seed === 7) await new Promise(() => undefined);
      return { documents: 3, queued: seed === 5 ? ['relay: 1'] : [] };
    },
    stop: async () => undefined,
  };
});
