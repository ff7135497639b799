// How is a Lambda function made? Every function is made here, with its own role and log, its bundle, and only the permissions given.
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyDocument, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Bundles } from './bundleAssets.ts';
import { writeLog } from './permissions.ts';
import type { Trigger } from './trigger.ts';

export interface PipelineFunctionProps {
  /** The name of the function's file in functions/, and of its bundle. */
  readonly name: string;
  readonly describes: string;
  readonly bundles: Bundles;
  readonly timeout: Duration;
  readonly memory: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly permissions: readonly PolicyStatement[];
  readonly triggers?: readonly Trigger[];
  /** The HTTP API calls it. */
  readonly behindHttp?: boolean;
  /** It sends messages to its own queue on purpose; without this, Lambda would stop the loop after 16 messages. */
  readonly sendsToItself?: boolean;
}

export class PipelineFunction extends Construct {
  readonly name: string;
  readonly handler: LambdaFunction;
  readonly readsStream: boolean;

  constructor(scope: Construct, id: string, props: PipelineFunctionProps) {
    super(scope, id);
    this.name = props.name;
    const triggers = props.triggers ?? [];
    this.readsStream = triggers.some(({ from }) => from === 'stream');
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        work: new PolicyDocument({
          statements: [
            writeLog(logGroup.logGroupArn),
            ...props.permissions,
            ...triggers.flatMap((trigger) => trigger.permissions),
          ],
        }),
      },
    });
    this.handler = new LambdaFunction(this, 'Handler', {
      description: `${props.name}: ${props.describes}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundles.folderOf(props.name)),
      handler: 'index.handler',
      timeout: props.timeout,
      memorySize: props.memory,
      environment: props.environment,
      role: role.withoutPolicyUpdates(),
      logGroup,
      ...(props.sendsToItself ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    });
    for (const trigger of triggers) trigger.attachTo(this.handler, props.name);
    const failuresGo = [
      ...(props.behindHttp ? ['to the caller, as the HTTP API’s answer'] : []),
      ...triggers.map((trigger) => trigger.failuresGo),
    ];
    acknowledge(
      this.handler,
      'Serverless-LambdaDLQ',
      `Such a queue is for asynchronous calls, and nothing calls it asynchronously. Failures of ${props.name} go ${failuresGo.join('; ')}.`,
    );
    acknowledge(
      this.handler,
      'Serverless-LambdaTracing',
      'A trace ends at every queue and table stream. The correlation id of each event and log line goes all the way instead. X-Ray would need a grant on every resource.',
    );
  }
}

/** Long enough for a batch of ten on a cold start, short enough for an early retry of a stuck batch. */
export const batchTimeout = Duration.seconds(30);
