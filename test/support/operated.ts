// How does a test run a command against a deployed stack? As its own process, which finds the SDK's services only where AWS_ENDPOINT_URL_* says.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { sendCommand } from '../../infra/commands/commandServer.ts';
import { openAccessKeys } from '../../infra/local/core/accessKeys.ts';
import { operatorKey } from '../../infra/local/core/awsNames.ts';
import { properties } from '../../infra/local/core/json.ts';

const root = join(import.meta.dirname, '..', '..');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The compile cache is handed on: every script compiles the same code. */
const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;

/** Runs a script of infra/ to its end; a failure is an answer, too. */
export const runScript = (
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', join(root, 'infra', script), ...args],
      { cwd: root, env: { PATH, NODE_COMPILE_CACHE, ...environment } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });

/** An environment in which the instance on a data directory is all there is of AWS. */
export const asAws = async (dataDir: string): Promise<Readonly<Record<string, string>>> => {
  const endpoints = properties((await sendCommand(dataDir, 'endpoints', {}))?.answer, 'the endpoints');
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: operatorKey,
    AWS_SECRET_ACCESS_KEY: openAccessKeys(dataDir).secretOf(operatorKey),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_CLOUDFORMATION: endpoints.text('sqs'),
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.text('dynamodb'),
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.text('eventbridge'),
    AWS_ENDPOINT_URL_SQS: endpoints.text('sqs'),
    AWS_ENDPOINT_URL_SSM: endpoints.text('ssm'),
  };
};
