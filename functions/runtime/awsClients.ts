// How does a function talk to AWS? One low-level client a service, its connections kept alive, its patience bounded.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** A queue's batch must end within its function's time: better a quick retry than a long wait. */
const patience = { connectionTimeout: 1000, requestTimeout: 5000 };

export const createDynamoClient = (): DynamoDBClient =>
  new DynamoDBClient({ maxAttempts: 4, requestHandler: patience });

export const createBusClient = (): EventBridgeClient =>
  new EventBridgeClient({ maxAttempts: 3, requestHandler: patience });

export const createQueueClient = (): SQSClient => new SQSClient({ maxAttempts: 3, requestHandler: patience });

export const createParametersClient = (): SSMClient => new SSMClient({ maxAttempts: 3, requestHandler: patience });
