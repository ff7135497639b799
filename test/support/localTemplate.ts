// What would a synthesized template look like, of just the parts that a test of the local runtime names?
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Assembly } from '../../infra/local/template/synthesize.ts';

/** A resource as CloudFormation writes it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

export type Resources = Readonly<Record<string, TemplateResource>>;

export const arnOf = (id: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [id, attribute] });
export const ref = (id: string) => ({ Ref: id });

/** A table with a text key `id`, and a stream of new images. */
export const table = (name: string): TemplateResource => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [{ Region: ref('AWS::Region') }],
  },
});

export const queue = (name: string, properties: Readonly<Record<string, unknown>> = {}): TemplateResource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName: name, ...properties },
});

/** A function whose bundle `assemble` makes from the source of the same name. */
export const lambda = (
  name: string,
  environment: Readonly<Record<string, unknown>> = {},
  properties: Readonly<Record<string, unknown>> = {},
): TemplateResource => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: name,
    Code: { S3Bucket: 'assets', S3Key: `${assetHash(name)}.zip` },
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Timeout: 10,
    Role: arnOf('Role'),
    Environment: { Variables: environment },
    ...properties,
  },
});

export const fromQueue = (
  functionId: string,
  queueId: string,
  properties: Readonly<Record<string, unknown>> = {},
): TemplateResource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: ref(functionId),
    EventSourceArn: arnOf(queueId),
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ...properties,
  },
});

export const fromStream = (
  functionId: string,
  tableId: string,
  properties: Readonly<Record<string, unknown>> = {},
): TemplateResource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    FunctionName: ref(functionId),
    EventSourceArn: arnOf(tableId, 'StreamArn'),
    BatchSize: 100,
    StartingPosition: 'TRIM_HORIZON',
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ eventName: ['INSERT'] }) }] },
    ...properties,
  },
});

const assetHash = (name: string): string => createHash('sha256').update(name).digest('hex');

/** A new folder under the system's own for temporary files, with the function that removes it. */
export function temporaryFolder(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'throughline-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** A template and, in a folder, the bundles of its functions: the source of each (TypeScript, exporting `handler`) by its name. */
export async function assemble(
  folder: string,
  resources: Resources,
  sources: Readonly<Record<string, string>> = {},
): Promise<Assembly> {
  await Promise.all(
    Object.entries(sources).map(([name, contents]) =>
      build({
        stdin: { contents, resolveDir: join(import.meta.dirname, '..', '..'), loader: 'ts' },
        outfile: join(folder, `asset.${assetHash(name)}`, 'index.js'),
        bundle: true,
        platform: 'node',
        format: 'cjs',
        target: 'node24',
        mainFields: ['module', 'main'],
        logLevel: 'error',
      }),
    ),
  );
  const role = { Role: { Type: 'AWS::IAM::Role', Properties: {} } };
  return { text: JSON.stringify({ Resources: { ...role, ...resources } }), stack: 'Test', folder };
}
