// Which environment variables does a function get on one machine? Those of the template, and those that point its SDK at this machine.
import type { AccessKeys } from '../core/accessKeys.ts';
import { arn, place } from '../core/awsNames.ts';
import type { FunctionPlan } from '../core/plan.ts';

/** The endpoints of the services. */
export interface Endpoints {
  readonly dynamodb: string;
  readonly eventbridge: string;
  readonly sqs: string;
  readonly ssm: string;
}

/** The whole environment; it holds no variable of this machine, so no AWS profile and no real credentials. */
export function functionEnvironment(
  plan: FunctionPlan,
  { endpoints, keys }: { readonly endpoints: Endpoints; readonly keys: AccessKeys },
): Readonly<Record<string, string>> {
  return {
    AWS_REGION: place.region,
    AWS_DEFAULT_REGION: place.region,
    // The endpoints read from it which function calls.
    AWS_ACCESS_KEY_ID: plan.name,
    AWS_SECRET_ACCESS_KEY: keys.secretOf(plan.name),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_EVENTBRIDGE: endpoints.eventbridge,
    AWS_ENDPOINT_URL_SQS: endpoints.sqs,
    AWS_ENDPOINT_URL_SSM: endpoints.ssm,
    AWS_LAMBDA_FUNCTION_NAME: plan.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(plan.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_ARN: arn.function(plan.name),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${plan.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    LAMBDA_TASK_ROOT: plan.folder,
    _HANDLER: plan.handler,
    TZ: 'UTC',
    LANG: 'en_US.UTF-8',
    ...plan.environment,
  };
}
