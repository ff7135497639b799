// Where, as AWS would say it, does the local runtime run? The constants behind its ARNs and pseudo parameters.

/** No account has this number; the region decides nothing locally. */
export const place = {
  partition: 'aws',
  region: 'us-east-1',
  account: '000000000000',
  urlSuffix: 'amazonaws.com',
} as const;

/** The access key of whoever operates: what they may do is granted to them, and stands in no template. */
export const operatorKey = 'operator';

/** The ARN of something here, as the services that take part write it. */
export const arn = {
  queue: (name: string): string => `arn:${place.partition}:sqs:${place.region}:${place.account}:${name}`,
  table: (name: string): string => `arn:${place.partition}:dynamodb:${place.region}:${place.account}:table/${name}`,
  stream: (table: string): string => `${arn.table(table)}/stream/local`,
  bus: (name: string): string => `arn:${place.partition}:events:${place.region}:${place.account}:event-bus/${name}`,
  rule: (name: string): string => `arn:${place.partition}:events:${place.region}:${place.account}:rule/${name}`,
  function: (name: string): string => `arn:${place.partition}:lambda:${place.region}:${place.account}:function:${name}`,
  role: (name: string): string => `arn:${place.partition}:iam::${place.account}:role/${name}`,
  /** Who calls with a function's credentials: its role, assumed in the function's name. */
  assumed: (role: string, functionName: string): string =>
    `arn:${place.partition}:sts::${place.account}:assumed-role/${role}/${functionName}`,
  user: (name: string): string => `arn:${place.partition}:iam::${place.account}:user/${name}`,
  /** What a log group answers as its ARN: all of its streams. */
  logStreams: (group: string): string =>
    `arn:${place.partition}:logs:${place.region}:${place.account}:log-group:${group}:*`,
} as const;
