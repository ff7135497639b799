// Where does a command act? On a deployed stack or on this machine: both give it the stack's outputs and clients of the AWS SDK.
// The operator's commands call it; it reads the stack's outputs, and may start a local runtime.
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { type Credentials, openAccessKeys } from '../local/core/accessKeys.ts';
import { operatorKey, place } from '../local/core/awsNames.ts';
import { aheadOf } from '../local/core/directoryClock.ts';
import { type Properties, properties } from '../local/core/json.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Endpoints } from '../local/lambda/functionEnvironment.ts';
import { startRuntime } from '../local/runtime.ts';
import { sendCommand } from './commandServer.ts';

export interface Target {
  /** Its name in messages to a person. */
  readonly name: string;
  /** The stack's output of that name; refuses where the stack has none. */
  readonly output: (name: string) => string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly dynamo: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly bus: EventBridgeClient;
  readonly ssm: SSMClient;
  /** The time there, in epoch milliseconds: on this machine it may be moved ahead. */
  readonly now: () => number;
  /** Resolves when no work is due; only the local runtime can tell. */
  readonly drained?: () => Promise<unknown>;
}

/** Where the command is to act. */
export interface Whereabouts {
  /** The name of a deployed stack; absent: this machine. */
  readonly stack?: string;
  readonly dataDir: string;
}

/** The services of this machine, and with which credentials they are called. */
interface Local {
  readonly endpoints: Endpoints;
  readonly credentials: Credentials;
}

interface Place {
  readonly name: string;
  readonly stack: string;
  /** Absent on AWS: the SDK finds the services and the credentials itself. */
  readonly local?: Local;
  readonly drained?: () => Promise<unknown>;
  /** By how many milliseconds its clock is ahead. */
  readonly ahead?: number;
}

/** The client's settings for a service: none on AWS, where the environment and the person's profile give them. */
const settingsFor = (local: Local | undefined, service: keyof Endpoints) =>
  local === undefined
    ? { maxAttempts: 5 }
    : {
        maxAttempts: 5,
        endpoint: local.endpoints[service],
        region: place.region,
        credentials: local.credentials,
      };

/** Refuses with the reason why CloudFormation gave no answer, and with what to do. */
function refuseStack(stack: string, error: unknown): never {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (/does not exist/.test(message)) {
    return refuse(
      `There is no stack ${stack} in this account and region. Set AWS_PROFILE and AWS_REGION to those of the stack.`,
      error,
    );
  }
  if (name === 'CredentialsProviderError' || /credential/i.test(message)) {
    return refuse(`There are no AWS credentials: sign in, or name a profile with AWS_PROFILE (${message}).`, error);
  }
  if (/region is missing/i.test(message)) return refuse('No region is named: set AWS_REGION.', error);
  return refuse(`Stack ${stack} could not be read: ${name}: ${message}`, error);
}

async function outputsOf(stack: string, local: Local | undefined): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient(settingsFor(local, 'sqs'));
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
        OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
      ),
    );
  } catch (error) {
    return refuseStack(stack, error);
  } finally {
    client.destroy();
  }
}

async function at<T>(
  { name, stack, local, drained, ahead = 0 }: Place,
  work: (site: Target) => Promise<T>,
): Promise<T> {
  const outputs = await outputsOf(stack, local);
  const clients = {
    dynamo: new DynamoDBClient(settingsFor(local, 'dynamodb')),
    sqs: new SQSClient(settingsFor(local, 'sqs')),
    bus: new EventBridgeClient(settingsFor(local, 'eventbridge')),
    ssm: new SSMClient(settingsFor(local, 'ssm')),
  };
  const output = (wanted: string): string =>
    outputs[wanted] ??
    refuse(`Stack ${stack} has no output ${wanted}: deploy the stack from this version of the code first.`);
  try {
    return await work({
      name,
      output,
      outputs,
      now: () => Date.now() + ahead,
      ...clients,
      ...(drained !== undefined && { drained }),
    });
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

function endpointsOf(given: Properties): Endpoints {
  const of = (service: string): string => given.text(service);
  return { dynamodb: of('dynamodb'), eventbridge: of('eventbridge'), sqs: of('sqs'), ssm: of('ssm') };
}

/** Runs the work on a deployed stack, on the running instance, or on an instance started for it. That instance stops when no work is due. */
export async function onTarget<T>({ stack, dataDir }: Whereabouts, work: (site: Target) => Promise<T>): Promise<T> {
  if (stack !== undefined) return at({ name: `stack ${stack}`, stack }, work);
  const name = `the data directory ${dataDir}`;
  const running = await sendCommand(dataDir, 'site', {});
  if (running !== undefined) {
    const said = properties(running.answer, 'the answer');
    const endpoints = endpointsOf(said.object('endpoints'));
    const drained = (): Promise<unknown> => sendCommand(dataDir, 'drained', {});
    const local = { endpoints, credentials: openAccessKeys(dataDir).credentialsOf(operatorKey) };
    return at({ name, stack: said.text('stack'), local, drained, ahead: aheadOf(dataDir) }, work);
  }
  const log = (line: string): void => void process.stderr.write(`${line}\n`);
  const runtime = await startRuntime({ dataDir, engineEndpoint: process.env.DYNAMODB_ENDPOINT, log });
  try {
    const { plan, endpoints, keys, drained } = runtime;
    const local = { endpoints, credentials: keys.credentialsOf(operatorKey) };
    const done = await at({ name, stack: plan.stack, local, drained, ahead: aheadOf(dataDir) }, work);
    await drained();
    return done;
  } finally {
    await runtime.stop();
  }
}
