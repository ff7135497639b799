// What does `npm start` do from its first line to its last? Starts the runtime, says where it is, plays a sample, waits for Ctrl-C.
import { createWriteStream, mkdirSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { dataFiles } from '../local/core/dataDirectory.ts';
import { type Runtime, startRuntime } from '../local/runtime.ts';
import { serveCommands } from './commandServer.ts';
import { createScreen, type Progress } from './screen.ts';

export interface StartOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly reset: boolean;
  readonly once: boolean;
  readonly json: boolean;
  /** Checks every call of the functions against the policies of the template. */
  readonly authorise: boolean;
  /** Lists what the template names and is not run here. */
  readonly verbose: boolean;
  /** The channel that is played on an empty data directory; absent with --no-sample. */
  readonly sample?: Sample;
}

/** A sample channel, played through the real doors. */
export interface Sample {
  /** Before the start: whether it is to be played on this data directory (it is empty, or a sample was interrupted there). */
  prepare(dataDir: string): boolean;
  /** Plays it, telling its progress, and answers the closing summary: as data for --json, and as text for people. */
  play(
    runtime: Runtime,
    progress: (progress: Progress) => void,
  ): Promise<{ readonly summary: object; readonly text: string }>;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

function readyText(runtime: Runtime, since: number, verbose: boolean): string {
  const { url, dataDir, plan } = runtime;
  const notRun = [
    '  What the template names and is not run on one machine:',
    ...plan.notRun.map(({ type, count, why }) => `    ${type} (${count}): ${why}`),
  ];
  return [
    `Throughline is ready at ${url} (${seconds(since)} s)`,
    `  ${plan.functions.length} functions, ${plan.tables.length} tables, ${plan.queues.length} queues, ${plan.rules.length} rules, from the template of stack ${plan.stack}`,
    `  data      ${relative(process.cwd(), resolve(dataDir)) || '.'}`,
    `  tables    ${runtime.endpoints.dynamodb} (DynamoDB)`,
    `  output    ${relative(process.cwd(), dataFiles.output(resolve(dataDir)))}`,
    ...(verbose ? notRun : []),
    '  Connect a source:  npm run connect -- stripe --tenant acme',
    '  Get a token:       npm run token -- --role vendor --tenant acme',
    `  Ask:               curl -H "authorization: Bearer $TOKEN" ${url}/v1/engagements`,
    '',
  ].join('\n');
}

/** Starts, and resolves when everything has stopped again. */
export async function start(options: StartOptions): Promise<void> {
  const began = performance.now();
  const { dataDir, once, json, authorise, verbose, sample } = options;
  // With --json standard output is for the one object.
  const { tell, progress, endProgress } = createScreen(json ? process.stderr : process.stdout);
  mkdirSync(dataDir, { recursive: true });
  // A reset empties the directory, so that whatever lies there now says nothing about a sample.
  const plays = sample?.prepare(options.reset ? join(dataDir, '.absent') : dataDir) ?? false;

  const output = createWriteStream(dataFiles.output(dataDir), { flags: 'a' });
  const runtime = await startRuntime({
    dataDir,
    port: options.port,
    reset: options.reset,
    authorise,
    serveCommands,
    engineEndpoint: process.env.DYNAMODB_ENDPOINT,
    log: tell,
    output: (name, text) => void output.write(`${name}: ${text.endsWith('\n') ? text : `${text}\n`}`),
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
  tell(readyText(runtime, began, verbose));

  try {
    // A start is a deployment: where other code has computed the rows, sweep brings them up to date, and need not wait for its clock.
    runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify({ sweep: 'deployment' }) }]);
    if (plays && sample !== undefined) {
      const { summary, text } = await sample.play(runtime, progress).finally(endProgress);
      if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else tell(text);
    }
  } catch (error) {
    // Ctrl-C in the middle of a sample is no failure: it goes on with the next start.
    if (!stopping) {
      await runtime.stop();
      throw error;
    }
  }
  if (once && !stopping) {
    await runtime.drained();
    await runtime.stop();
  }
  await runtime.stopped;
  output.end();
}
