// Which resource types and properties can the local runtime run, which can't matter on one machine, and which are refused?

export interface RunType {
  /** Properties that it obeys. */
  readonly obeyed: readonly string[];
  /** Properties that change nothing that can be seen on one machine. Any other is refused by name. */
  readonly withoutEffect: readonly string[];
}

/** The types that it runs. */
export const runTypes: Readonly<Record<string, RunType>> = {
  'AWS::DynamoDB::GlobalTable': {
    obeyed: ['TableName', 'KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes', 'StreamSpecification'],
    withoutEffect: [
      'BillingMode',
      'Replicas',
      'SSESpecification',
      // The engine keeps expired items, as DynamoDB does for a while: readers have to look at the attribute in either place.
      'TimeToLiveSpecification',
      'WarmThroughput',
      'WriteOnDemandThroughputSettings',
      'WriteProvisionedThroughputSettings',
    ],
  },
  'AWS::DynamoDB::Table': {
    obeyed: ['TableName', 'KeySchema', 'AttributeDefinitions', 'GlobalSecondaryIndexes', 'StreamSpecification'],
    withoutEffect: [
      'BillingMode',
      'ContributorInsightsSpecification',
      'DeletionProtectionEnabled',
      'OnDemandThroughput',
      'PointInTimeRecoverySpecification',
      'ProvisionedThroughput',
      'ResourcePolicy',
      'SSESpecification',
      'TableClass',
      'Tags',
      'TimeToLiveSpecification',
      'WarmThroughput',
    ],
  },
  'AWS::Lambda::Function': {
    obeyed: ['FunctionName', 'Code', 'Handler', 'Runtime', 'Timeout', 'MemorySize', 'Environment', 'PackageType'],
    withoutEffect: [
      'Architectures',
      // A worker takes one event at a time, which is within any limit.
      'ReservedConcurrentExecutions',
      'Description',
      'EphemeralStorage',
      'KmsKeyArn',
      'LoggingConfig',
      'RecursiveLoop',
      'Role',
      'Tags',
      'TracingConfig',
    ],
  },
  'AWS::Lambda::EventSourceMapping': {
    obeyed: [
      'BatchSize',
      'BisectBatchOnFunctionError',
      'DestinationConfig',
      'Enabled',
      'EventSourceArn',
      'FilterCriteria',
      'FunctionName',
      'FunctionResponseTypes',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ScalingConfig',
      'StartingPosition',
    ],
    // A window gathers fuller batches, and parallel batches keep the order a key has: neither changes what is delivered.
    withoutEffect: ['MaximumBatchingWindowInSeconds', 'ParallelizationFactor', 'MetricsConfig', 'Tags'],
  },
  'AWS::Events::EventBus': {
    obeyed: ['Name', 'EventSourceName'],
    withoutEffect: ['DeadLetterConfig', 'Description', 'KmsKeyIdentifier', 'LogConfig', 'Policy', 'Tags'],
  },
  'AWS::Events::Rule': {
    obeyed: ['Name', 'EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
    withoutEffect: ['Description', 'RoleArn', 'Tags'],
  },
  'AWS::SQS::Queue': {
    obeyed: ['QueueName', 'RedrivePolicy', 'VisibilityTimeout', 'DelaySeconds'],
    withoutEffect: [
      'KmsDataKeyReusePeriodSeconds',
      'KmsMasterKeyId',
      'MaximumMessageSize',
      // Messages are kept for ever here.
      'MessageRetentionPeriod',
      'ReceiveMessageWaitTimeSeconds',
      'RedriveAllowPolicy',
      'SqsManagedSseEnabled',
      'Tags',
    ],
  },
  'AWS::ApiGatewayV2::Api': {
    obeyed: ['ProtocolType'],
    withoutEffect: ['Name', 'Description', 'DisableExecuteApiEndpoint', 'IpAddressType', 'Tags', 'Version'],
  },
  'AWS::ApiGatewayV2::Stage': {
    obeyed: ['StageName'],
    // Throttling is the one that a sender could feel; `template` says so in its list of what isn't run.
    withoutEffect: [
      'AccessLogSettings',
      'ApiId',
      'AutoDeploy',
      'DefaultRouteSettings',
      'DeploymentId',
      'Description',
      'Tags',
    ],
  },
  'AWS::ApiGatewayV2::Integration': {
    obeyed: ['IntegrationType', 'IntegrationUri', 'PayloadFormatVersion'],
    withoutEffect: ['ApiId', 'Description', 'IntegrationMethod', 'TimeoutInMillis'],
  },
  'AWS::ApiGatewayV2::Route': {
    obeyed: ['RouteKey', 'Target', 'AuthorizationType', 'AuthorizerId'],
    withoutEffect: ['ApiId', 'OperationName'],
  },
  'AWS::ApiGatewayV2::Authorizer': {
    obeyed: ['AuthorizerType', 'IdentitySource', 'JwtConfiguration'],
    withoutEffect: ['ApiId', 'Name'],
  },
  'AWS::SSM::Parameter': {
    obeyed: ['Name', 'Type', 'Value'],
    withoutEffect: ['Description', 'Tags', 'Tier'],
  },
};

/** The types that can't matter on one machine, and why; a name that ends in `::` stands for all types below it. */
const typesWithoutEffect: Readonly<Record<string, string>> = {
  'AWS::IAM::': 'who may do what is enforced with --authorise only',
  'AWS::Lambda::Permission': 'who may do what is not enforced here',
  'AWS::SQS::QueuePolicy': 'who may do what is not enforced here',
  'AWS::Events::EventBusPolicy': 'who may do what is not enforced here',
  'AWS::Logs::': 'output of the functions goes to a file',
  'AWS::CloudWatch::': 'nobody is called',
  'AWS::SNS::': 'only alarms speak there, and nobody is called',
  'AWS::KMS::': 'only what alarms say is encrypted with it',
  'AWS::Events::Archive': 'the event store keeps everything',
  'AWS::CDK::Metadata': 'says only how the template was made',
};

/** Why a type can't matter on one machine; undefined for one that can. */
export const whyWithoutEffect = (type: string): string | undefined =>
  Object.entries(typesWithoutEffect).find(([name]) =>
    name.endsWith('::') ? type.startsWith(name) : type === name,
  )?.[1];
