// What does `npm start` do? It starts the runtime, prints its addresses, plays a sample, says what is there, and waits for Ctrl-C.
// startMain.ts calls it; it uses the data directory, local ports and standard output.
import { join } from 'node:path';
import { clockAhead } from '../../local/core/clock.ts';
import { dataFiles } from '../../local/core/dataDirectory.ts';
import { aheadOf, aheadText, clockTarget, moveClock } from '../../local/core/directoryClock.ts';
import { installLastResort } from '../../local/core/lastResort.ts';
import { openOutputFile } from '../../local/core/outputFile.ts';
import { takeDataDirectory } from '../../local/core/privateDirectory.ts';
import { namedFault } from '../../local/core/storageFault.ts';
import { type Runtime, startRuntime } from '../../local/runtime.ts';
import { serveCommands } from '../commandServer.ts';
import { shownDirectory } from './hints.ts';
import { createScreen, type Progress } from './screen.ts';
import { settles } from './settles.ts';

export interface StartOptions {
  readonly dataDir: string;
  readonly port: number;
  /** Names under which requests may come, beside those of this machine. */
  readonly hosts: readonly string[];
  readonly reset: boolean;
  readonly once: boolean;
  readonly json: boolean;
  /** Checks every call of the functions against the policies of the template. */
  readonly authorise: boolean;
  /** Lists the resources of the template that the local runtime doesn't run. */
  readonly verbose: boolean;
  /** To when the clock is moved; absent: it stays as it stands. */
  readonly clockTo?: string;
  /** Whether to play the sample on an empty data directory. */
  readonly plays: boolean;
  readonly sample: Sample;
}

/** A sample channel, sent through the real API; and the summary, on every start. */
export interface Sample {
  /** Called before the start: whether to play it on this data directory (it is empty, or a sample was interrupted there). */
  prepare(dataDir: string): boolean;
  /** Plays it and reports its progress; resolves when all its work is done. */
  play(runtime: Runtime, progress: (progress: Progress) => void): Promise<void>;
  /** What is there: as data for --json, and as text for people. */
  summarise(runtime: Runtime, options: SummaryOptions): Promise<{ readonly summary: object; readonly text: string }>;
}

export interface SummaryOptions {
  /** Whether the instance stops after the summary. */
  readonly once: boolean;
  /** Whether work is still being done. */
  readonly underWay: boolean;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

function readyText(runtime: Runtime, since: number, verbose: boolean): string {
  const { url, dataDir, plan } = runtime;
  const ahead = aheadText(runtime.clock);
  const notRun = [
    '  Resources of the template that are not run on one machine:',
    ...plan.notRun.map(({ type, count, why }) => `    ${type} (${count}): ${why}`),
  ];
  return [
    `Throughline is ready at ${url} (${seconds(since)} s)`,
    `  ${plan.functions.length} functions, ${plan.tables.length} tables, ${plan.queues.length} queues, ${plan.rules.length} rules, from the template of stack ${plan.stack}`,
    `  data      ${shownDirectory(dataDir)}`,
    `  tables    ${runtime.endpoints.dynamodb} (DynamoDB; sign with ${shownDirectory(dataFiles.credentials(dataDir))})`,
    `  output    ${shownDirectory(dataFiles.output(dataDir))}`,
    ...(ahead === undefined ? [] : [`  clock     ${ahead}: this is not the real time`]),
    ...(verbose ? notRun : []),
  ].join('\n');
}

/** How long a start waits for work that an earlier run has left, or that fell due, before it says what is there. */
const patienceMs = 5_000;

/** Says what is there. An instance that serves goes on where that can't be read: its engine may just start again. */
async function summarise(
  { once, json, sample }: StartOptions,
  runtime: Runtime,
  now: { readonly tell: (text: string) => void; readonly underWay: boolean; readonly isStopping: () => boolean },
): Promise<void> {
  try {
    const { summary, text } = await sample.summarise(runtime, { once, underWay: now.underWay });
    if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
    else now.tell(text);
  } catch (error) {
    if (once || json || now.isStopping()) throw error;
    now.tell(
      `What is there can't be told now: ${error instanceof Error ? error.message : String(error)}. The instance goes on.`,
    );
  }
}

/** Starts the runtime, and resolves when everything has stopped. */
export async function start(options: StartOptions): Promise<void> {
  const began = performance.now();
  const { dataDir, once, json, authorise, verbose, sample } = options;
  // With --json, standard output carries only the JSON object.
  const { tell, progress, endProgress } = createScreen(json ? process.stderr : process.stdout);
  takeDataDirectory(dataDir);
  // A reset empties the directory, so its current content doesn't matter for the sample.
  const plays = options.plays && sample.prepare(options.reset ? join(dataDir, '.absent') : dataDir);

  // A clock that nobody has moved yet can be moved later, by a command.
  const clock = clockAhead(options.reset ? 0 : aheadOf(dataDir));
  const clockTo = options.clockTo === undefined ? undefined : clockTarget(options.clockTo, clock.now());

  installLastResort({ dataDir, log: tell, end: (code) => process.exit(code) });
  const output = openOutputFile({ path: dataFiles.output(dataDir), log: tell });
  const runtime = await startRuntime({
    dataDir,
    port: options.port,
    hosts: options.hosts,
    reset: options.reset,
    clock,
    authorise,
    serveCommands,
    engineEndpoint: process.env.DYNAMODB_ENDPOINT,
    log: tell,
    output: (name, text) => output.write(`${name}: ${text.endsWith('\n') ? text : `${text}\n`}`),
  });

  let stopping = false;
  const stop = (): void => {
    endProgress();
    tell('\nStopping …');
    stopping = true;
    process.once('SIGINT', () => process.exit(130));
    void runtime.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // A sample ends on the real day, so after it the clock is moved.
  const moves = (): void => {
    if (clockTo !== undefined && clockTo > clock.now()) moveClock(dataDir, clock, clockTo);
  };

  try {
    if (!plays) moves();
    tell(readyText(runtime, began, verbose));
    // A start counts as a deployment: where older code computed the rows, sweep updates them now, without waiting for its clock. So it
    // does with what fell due while nothing ran.
    const queue = runtime.queueOf('sweep');
    runtime.queueStore.sendAll(['deployment', 'due'].map((sweep) => ({ queue, body: JSON.stringify({ sweep }) })));
    if (plays) await sample.play(runtime, progress).finally(endProgress);
    if (plays && clockTo !== undefined) {
      moves();
      runtime.queueStore.sendAll([{ queue, body: JSON.stringify({ sweep: 'due' }) }]);
      tell(`The clock was moved to ${aheadText(clock)}: this is not the real time.`);
    }
    // With --once all work is done before the summary, however long it takes. A stopped runtime never becomes drained.
    const settled = once
      ? await Promise.race([runtime.drained(), runtime.stopped]).then(() => true)
      : await settles(runtime, patienceMs);
    await summarise(options, runtime, { tell, underWay: !settled, isStopping: () => stopping });
  } catch (error) {
    // Ctrl-C during a sample or a summary is no failure: the next start continues the sample.
    if (!stopping) {
      await runtime.stop();
      throw namedFault(error, { path: dataDir });
    }
  }
  if (once && !stopping) {
    await runtime.stop();
  }
  await runtime.stopped;
  await output.end();
}
