// How does a process play seeds for its parent? It receives a seed, and sends the injected faults and the result.
import { on } from 'node:events';
import * as z from 'zod';
import { command } from '../commands/commandLine.ts';
import type { Tell } from './faultState.ts';
import type { SeedResult, SeedRunner, SeedsRequest } from './runSeeds.ts';

/** The messages of such a process. */
export type FromSeeds =
  | { readonly kind: 'ready'; readonly messages: number }
  | { readonly kind: 'injected'; readonly what: Readonly<Parameters<Tell>> }
  | { readonly kind: 'played'; readonly result: SeedResult };

const Differences = z.object({ lost: z.array(z.string()), more: z.array(z.string()) });

export const FromSeeds: z.ZodType<FromSeeds> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), messages: z.number() }),
  z.object({ kind: z.literal('injected'), what: z.tuple([z.string(), z.string(), z.string()]) }),
  z.object({
    kind: z.literal('played'),
    result: z.object({
      documents: z.number(),
      recorded: Differences.optional(),
      rows: Differences.optional(),
      queued: z.array(z.string()),
    }),
  }),
]);

/** The messages to it: a seed to play, or that there are no more. */
export const ToSeeds = z.union([z.object({ seed: z.number() }), z.literal('no more')]);
export type ToSeeds = z.infer<typeof ToSeeds>;

const say = (said: FromSeeds): void => void process.send?.(said);

/** Plays seeds until there are no more, and ends the process; its arguments are the data directory and how many facts. */
export const serveSeeds = async (start: (request: SeedsRequest) => Promise<SeedRunner>): Promise<void> => {
  // The parent has ended.
  process.once('disconnect', () => process.exit());
  await command(async () => {
    const [dataDir = '', facts = ''] = process.argv.slice(2);
    const runner = await start({
      ...{ dataDir, facts: Number(facts), log: () => undefined },
      tell: (...what) => say({ kind: 'injected', what }),
    });
    say({ kind: 'ready', messages: runner.messages });
    for await (const [message] of on(process, 'message')) {
      const told = ToSeeds.parse(message);
      if (told === 'no more') break;
      say({ kind: 'played', result: await runner.run(told.seed) });
    }
    await runner.stop();
  });
  // A failed seed may have left a timer or a socket that would keep the process alive.
  process.exit();
};
