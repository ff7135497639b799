// Who carries out a command: the instance that runs on the data directory, or, where none does, one started for it alone?

import { type Runtime, startRuntime } from '../local/runtime.ts';
import { sendCommand } from './commandServer.ts';

/** Sends a command to the running instance; where none runs, starts one on the directory, lets it do the same, and stops it. */
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
