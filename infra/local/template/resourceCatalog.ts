// Which resource types and properties does the local runtime run, which does it ignore, and which does it refuse?

export interface RunType {
  /** Properties that the runtime follows. */
  readonly obeyed: readonly string[];
  /** Properties without a visible effect on one machine. Any other property is refused by name. */
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
      // The engine keeps expired items, and DynamoDB does so for a while: readers must check the attribute in both.
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
      // A worker takes one event at a time, so it never exceeds a limit.
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
      'MaximumBatchingWindowInSeconds',
      'MaximumRecordAgeInSeconds',
      'MaximumRetryAttempts',
      'ScalingConfig',
      'StartingPosition',
    ],
    // Parallel batches keep the order of each key: they change nothing of what is delivered.
    withoutEffect: ['ParallelizationFactor', 'MetricsConfig', 'Tags'],
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
    // A sender could notice missing throttling, so `template` lists it as not run.
    withoutEffect: [
      'AccessLogSettings',
      'ApiId',
      'AutoDeploy',
      'DefaultRouteSettings',
      'DeploymentId',
      'Description',
      'RouteSettings',
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

/** The types without effect on one machine, and why; a name that ends in `::` stands for all types below it. */
const typesWithoutEffect: Readonly<Record<string, string>> = {
  'AWS::IAM::': 'permissions are checked only with --authorise',
  'AWS::Lambda::Permission': 'permissions are not checked here',
  'AWS::SQS::QueuePolicy': 'permissions are not checked here',
  'AWS::Events::EventBusPolicy': 'permissions are not checked here',
  'AWS::Logs::': 'output of the functions goes to a file',
  'AWS::CloudWatch::': 'alarms call nobody here',
  'AWS::SNS::': 'only alarms send there, and they call nobody here',
  'AWS::KMS::': 'it encrypts only the texts of alarms',
  'AWS::Events::Archive': 'the event store keeps everything',
  'AWS::CDK::Metadata': 'says only how the template was made',
};

/** Why a type has no effect on one machine; undefined for other types. */
export const whyWithoutEffect = (type: string): string | undefined =>
  Object.entries(typesWithoutEffect).find(([name]) =>
    name.endsWith('::') ? type.startsWith(name) : type === name,
  )?.[1];
