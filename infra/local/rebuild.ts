// What does `npm run rebuild` do? Has every row brought up to date that is behind, and shows how much is left until none is.
import { setTimeout as delay } from 'node:timers/promises';
import { command, readCommandLine, usualDataDir } from './commandLine.ts';
import { sendCommand } from './control.ts';
import { carriedOut } from './instance.ts';
import { properties } from './properties.ts';
import {
  leftUndone,
  type RebuildStatus,
  rebuildRequest,
  rebuildStatus,
  refuseUnknownStream,
  startRebuild,
  statusOf,
} from './rebuilding.ts';
import { Refusal, refuse } from './refusal.ts';

const usage = `Usage: npm run rebuild -- [--stream ID] [--data DIR]
  --stream      one stream ({tenant}/{kind}/{id}); all that are behind without it
  --data DIR    the data directory of the instance (${usualDataDir})`;

const tell = ({ pages, streams }: RebuildStatus): void =>
  void process.stderr.write(`${streams} streams and ${pages} pages are waiting\n`);

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
  const asked = async (): Promise<RebuildStatus> => {
    const sent = await sendCommand(dataDir, 'rebuildStatus', {});
    if (sent === undefined) return refuse('The instance has stopped before every row was up to date: rebuild again.');
    return statusOf(properties(sent.answer, 'the answer'));
  };
  let ended: RebuildStatus | undefined;
  const answer = await carriedOut({
    dataDir,
    command: 'rebuild',
    input,
    async alone(runtime) {
      await refuseUnknownStream(runtime, request);
      const begun = startRebuild(runtime, request);
      await watch(runtime.drained(), async () => rebuildStatus(runtime));
      ended = rebuildStatus(runtime);
      return begun;
    },
  });
  if (ended === undefined) {
    await watch(sendCommand(dataDir, 'drained', {}), asked);
    ended = await asked();
  }
  const left = leftUndone(statusOf(properties(answer, 'the answer')), ended, dataDir);
  if (left.length > 0) throw new Refusal(left);
  process.stdout.write('Every row is up to date.\n');
});
