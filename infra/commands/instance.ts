// Which instance carries out a command? The one that runs on the data directory; where none runs, one is started for this command.
// `npm run connect` and others call it; it may start a whole local runtime.

import { type Runtime, startRuntime } from '../local/runtime.ts';
import { sendCommand } from './commandServer.ts';

/** Sends a command to the running instance. Where none runs, it starts one, runs the same command there, and stops it. */
export async function carriedOut<T>(options: {
  readonly dataDir: string;
  readonly command: string;
  readonly input: unknown;
  readonly alone: (runtime: Runtime) => Promise<T>;
}): Promise<unknown> {
  const { dataDir, command, input, alone } = options;
  const sent = await sendCommand(dataDir, command, input);
  if (sent !== undefined) return sent.answer;
  const runtime = await startRuntime({
    dataDir,
    engineEndpoint: process.env.DYNAMODB_ENDPOINT,
    log: (line) => process.stderr.write(`${line}\n`),
  });
  try {
    return await alone(runtime);
  } finally {
    await runtime.stop();
  }
}
