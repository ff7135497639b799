// What does `npm start` do? It starts the runtime, prints its addresses, plays a sample, and waits for Ctrl-C.
// startMain.ts calls it; it uses the data directory, local ports and standard output.
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
  /** Lists the resources of the template that the local runtime doesn't run. */
  readonly verbose: boolean;
  /** The sample to play on an empty data directory; absent with --no-sample. */
  readonly sample?: Sample;
}

/** A sample channel, sent through the real API. */
export interface Sample {
  /** Called before the start: whether to play it on this data directory (it is empty, or a sample was interrupted there). */
  prepare(dataDir: string): boolean;
  /** Plays it, reports its progress, and answers the summary: as data for --json, and as text for people. */
  play(
    runtime: Runtime,
    progress: (progress: Progress) => void,
  ): Promise<{ readonly summary: object; readonly text: string }>;
}

const seconds = (since: number): string => ((performance.now() - since) / 1000).toFixed(1);

function readyText(runtime: Runtime, since: number, verbose: boolean): string {
  const { url, dataDir, plan } = runtime;
  const notRun = [
    '  Resources of the template that are not run on one machine:',
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

/** Starts the runtime, and resolves when everything has stopped. */
export async function start(options: StartOptions): Promise<void> {
  const began = performance.now();
  const { dataDir, once, json, authorise, verbose, sample } = options;
  // With --json, standard output carries only the JSON object.
  const { tell, progress, endProgress } = createScreen(json ? process.stderr : process.stdout);
  mkdirSync(dataDir, { recursive: true });
  // A reset empties the directory, so its current content doesn't matter for the sample.
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
    // A start counts as a deployment: where older code computed the rows, sweep updates them now, without waiting for its clock.
    runtime.queueStore.sendAll([{ queue: runtime.queueOf('sweep'), body: JSON.stringify({ sweep: 'deployment' }) }]);
    if (plays && sample !== undefined) {
      const { summary, text } = await sample.play(runtime, progress).finally(endProgress);
      if (json) process.stdout.write(`${JSON.stringify(summary)}\n`);
      else tell(text);
    }
  } catch (error) {
    // Ctrl-C during a sample is no failure: the next start continues the sample.
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
