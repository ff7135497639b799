// What does `npm run rebuild` do? Has every row brought up to date that is behind, and shows how much is left until none is.
import { setTimeout as delay } from 'node:timers/promises';
import { command, readCommandLine, usualDataDir } from './commandLine.ts';
import { sendCommand } from './control.ts';
import { carriedOut } from './instance.ts';
import { properties } from './properties.ts';
import { type RebuildStatus, rebuildRequest, rebuildStatus, startRebuild } from './rebuilding.ts';

const usage = `Usage: npm run rebuild -- [--stream ID] [--data DIR]
  --stream      one stream ({tenant}/{kind}/{id}); all that are behind without it
  --data DIR    the data directory of the instance (${usualDataDir})`;

const tell = ({ pages, streams }: RebuildStatus): void =>
  void process.stderr.write(`${streams} streams and ${pages} pages are waiting\n`);

const statusOf = (answer: unknown): RebuildStatus => {
  const given = properties(answer, 'the answer');
  return { pages: given.number('pages'), streams: given.number('streams') };
};

/** Shows the status every second until the work is done. */
async function watch(done: Promise<unknown>, status: () => Promise<RebuildStatus>): Promise<void> {
  const ended = new AbortController();
  const finished = done.finally(() => ended.abort());
  while (!ended.signal.aborted) {
    tell(await status());
    await delay(1_000, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  await finished;
}

await command(async () => {
  const { flags } = readCommandLine({ texts: ['stream', 'data'], usage });
  const dataDir = flags.text('data', usualDataDir);
  const input = { stream: flags.text('stream', '') };
  const request = rebuildRequest(properties(input, 'rebuild'));
  let alone = false;
  await carriedOut({
    dataDir,
    command: 'rebuild',
    input,
    async alone(runtime) {
      alone = true;
      startRebuild(runtime, request);
      await watch(runtime.drained(), async () => rebuildStatus(runtime));
    },
  });
  if (!alone) {
    await watch(sendCommand(dataDir, 'drained', {}), async () =>
      statusOf((await sendCommand(dataDir, 'rebuildStatus', {}))?.answer ?? { pages: 0, streams: 0 }),
    );
  }
  process.stdout.write('Every row is up to date.\n');
});
