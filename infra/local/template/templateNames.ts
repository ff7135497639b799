// Which name does each resource of a template have on this machine? Its own name, else a name made from its construct path.
import { arn } from '../core/awsNames.ts';
import { isObject, type JsonObject } from '../core/json.ts';

export interface Resource {
  readonly id: string;
  readonly type: string;
  readonly properties: JsonObject;
  /** Its construct path (`Throughline/Receive/Work/Queue/Resource`), where the CDK wrote it. */
  readonly path?: string;
  /** Where its asset lies, relative to the template. */
  readonly assetPath?: string;
}

/** The URLs of the local endpoints. */
export interface Addresses {
  /** The beginning of every queue URL. */
  readonly queues: string;
  /** The URL of the HTTP API. */
  readonly api: string;
}

/** Path segments that name the kind of a construct, not its purpose. */
const plainSegments = new Set(['Resource', 'Default', 'Handler', 'Function', 'Queue', 'Rule', 'Table', 'Bus']);

const givenName: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Events::Rule': 'Name',
  'AWS::Events::EventBus': 'Name',
  'AWS::SSM::Parameter': 'Name',
};

const kindOf = (type: string): string => (type === 'AWS::DynamoDB::GlobalTable' ? 'AWS::DynamoDB::Table' : type);

/** A name for people that is as stable as the logical id: `Receive-Work` for `Throughline/Receive/Work/Queue/Resource`. */
function madeName({ id, path }: Resource): string {
  const segments = (path ?? '').split('/').slice(1);
  while (segments.length > 1 && plainSegments.has(segments.at(-1) ?? '')) segments.pop();
  const name = segments.join('-').replaceAll(/[^A-Za-z0-9_.-]/g, '-');
  return name.length >= 3 && name.length <= 64 ? name : id;
}

/** Names every resource; two resources of one kind never share a name. */
export function nameResources(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const wished = resources.map((resource) => {
    const own = resource.properties[givenName[resource.type] ?? ''];
    return { resource, name: typeof own === 'string' ? own : madeName(resource) };
  });
  const uses = Map.groupBy(wished, ({ resource, name }) => `${kindOf(resource.type)} ${name}`);
  return new Map(
    wished.map(({ resource, name }) => {
      const alone = uses.get(`${kindOf(resource.type)} ${name}`)?.length === 1;
      return [resource.id, alone ? name : resource.id];
    }),
  );
}

/** The value of Ref for a resource. */
export function refOf(type: string, name: string, addresses: Addresses): string {
  return type === 'AWS::SQS::Queue' ? `${addresses.queues}/${name}` : name;
}

/** The value of Fn::GetAtt for a resource; undefined for an attribute that the local runtime doesn't have. */
export function attributeOf(
  type: string,
  name: string,
  wanted: { attribute: string; addresses: Addresses },
): string | undefined {
  switch (`${kindOf(type)} ${wanted.attribute}`) {
    case 'AWS::DynamoDB::Table Arn':
      return arn.table(name);
    case 'AWS::DynamoDB::Table StreamArn':
      return arn.stream(name);
    case 'AWS::SQS::Queue Arn':
      return arn.queue(name);
    case 'AWS::SQS::Queue QueueName':
    case 'AWS::Events::EventBus Name':
      return name;
    case 'AWS::SQS::Queue QueueUrl':
      return `${wanted.addresses.queues}/${name}`;
    case 'AWS::Lambda::Function Arn':
      return arn.function(name);
    case 'AWS::Events::EventBus Arn':
      return arn.bus(name);
    case 'AWS::Events::Rule Arn':
      return arn.rule(name);
    case 'AWS::IAM::Role Arn':
      return arn.role(name);
    case 'AWS::Logs::LogGroup Arn':
      return arn.logStreams(name);
    case 'AWS::ApiGatewayV2::Api ApiEndpoint':
      return wanted.addresses.api;
    default:
      return undefined;
  }
}

/** The resources of a template, as it lists them. */
export function resourcesOf(template: unknown): readonly Resource[] {
  const found = isObject(template) && isObject(template.Resources) ? template.Resources : {};
  return Object.entries(found).flatMap(([id, resource]) => {
    if (!isObject(resource)) return [];
    const metadata = isObject(resource.Metadata) ? resource.Metadata : {};
    const path = metadata['aws:cdk:path'];
    const assetPath = metadata['aws:asset:path'];
    return [
      {
        id,
        type: String(resource.Type),
        properties: isObject(resource.Properties) ? resource.Properties : {},
        ...(typeof path === 'string' ? { path } : {}),
        ...(typeof assetPath === 'string' ? { assetPath } : {}),
      },
    ];
  });
}
