// In which account and region does the local runtime run? These are the constants in its ARNs and pseudo parameters.

/** No real account has this number; the region has no effect locally. */
export const place = {
  partition: 'aws',
  region: 'us-east-1',
  account: '000000000000',
  urlSuffix: 'amazonaws.com',
} as const;

/** The access key of an operator: their permissions come from their own account, not from the template. */
export const operatorKey = 'operator';

/** The ARN of a local resource, in the form of its AWS service. */
export const arn = {
  queue: (name: string): string => `arn:${place.partition}:sqs:${place.region}:${place.account}:${name}`,
  table: (name: string): string => `arn:${place.partition}:dynamodb:${place.region}:${place.account}:table/${name}`,
  stream: (table: string): string => `${arn.table(table)}/stream/local`,
  bus: (name: string): string => `arn:${place.partition}:events:${place.region}:${place.account}:event-bus/${name}`,
  rule: (name: string): string => `arn:${place.partition}:events:${place.region}:${place.account}:rule/${name}`,
  function: (name: string): string => `arn:${place.partition}:lambda:${place.region}:${place.account}:function:${name}`,
  role: (name: string): string => `arn:${place.partition}:iam::${place.account}:role/${name}`,
  /** The caller's ARN for a function's credentials: its role, assumed under the function's name. */
  assumed: (role: string, functionName: string): string =>
    `arn:${place.partition}:sts::${place.account}:assumed-role/${role}/${functionName}`,
  user: (name: string): string => `arn:${place.partition}:iam::${place.account}:user/${name}`,
  /** The ARN of a log group, with all of its streams. */
  logStreams: (group: string): string =>
    `arn:${place.partition}:logs:${place.region}:${place.account}:log-group:${group}:*`,
} as const;
