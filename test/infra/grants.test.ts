// May each function do what it needs, and nothing else?
import { describe, expect, it } from 'vitest';
import { lifecycle, type Owner, type StreamKind, streamKindsOf } from '../../domain/lifecycle.ts';
import { referenceTables, scopeTables, tables } from '../../domain/rows/catalog.ts';
import type { Grain } from '../../domain/rows/table.ts';
import { streamKinds } from '../../events/identifiers.ts';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { functionsOf, grantsOf, synthesized } from './synthesized.ts';

const template = synthesized({ partnerSources: ['aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA'] });

const idOf = (table: string): string =>
  table.replace(/(^|_)([a-z])/g, (_whole: string, _gap: string, letter: string) => letter.toUpperCase());
const events = '{FoundationEventsTable.Arn}';
const operational = (table: string): string => `{FoundationOperational${table}.Arn}`;
const projection = (table: string): string => `{FoundationRows${idOf(table)}.Arn}`;
const every = (...actions: readonly string[]): readonly string[] =>
  tables.flatMap(({ name }) => actions.map((action) => `dynamodb:${action} ${projection(name)}`));
const levelOf = (grain: Grain) => (grain === 'group' ? 'groups' : 'streams');

/** The tables of rows beside heads that the functions of a level write. */
const tablesOf = (level: 'streams' | 'groups'): readonly string[] =>
  tables.filter(({ name, grain }) => name !== 'engagements' && levelOf(grain) === level).map(({ name }) => name);
const on = (resource: string, ...actions: readonly string[]): readonly string[] =>
  actions.map((action) => `dynamodb:${action} ${resource}`);
const log = (construct: string): readonly string[] =>
  ['CreateLogStream', 'PutLogEvents'].map((action) => `logs:${action} {${construct}FunctionLog.Arn}`);
const consume = (construct: string): readonly string[] =>
  ['DeleteMessage', 'GetQueueAttributes', 'ReceiveMessage'].map(
    (action) => `sqs:${action} {${construct}WorkQueue.Arn}`,
  );
const stream = (table: string, construct: string): readonly string[] => [
  ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(
    (action) => `dynamodb:${action} {${table}.StreamArn}`,
  ),
  `sqs:SendMessage {${construct}StreamFailuresQueue.Arn}`,
];
const depthsOf = (consumers: readonly string[]): readonly string[] =>
  consumers.flatMap((name) =>
    ['WorkQueue', 'WorkDeadLettersQueue'].map((queue) => `sqs:GetQueueAttributes {${idOf(name)}${queue}.Arn}`),
  );
const query = (of: string): string => `dynamodb:Query ${of}`;
const put = (source: string): string =>
  `events:PutEvents {FoundationPipelineBus.Arn} {"StringEquals":{"events:source":"${source}"}}`;

const secrets =
  'ssm:GetParameter arn:{AWS::Partition}:ssm:{AWS::Region}:{AWS::AccountId}:parameter/throughline/Throughline/connections/*';

/** Actions in partitions alone whose key is there and matches. */
const within = (patterns: readonly string[], resource: string, ...actions: readonly string[]): readonly string[] => {
  const condition = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  return on(resource, ...actions).map((line) => `${line} ${JSON.stringify(condition)}`);
};
const streams = (...kinds: readonly string[]): readonly string[] => kinds.map((kind) => `*/${kind}/*`);

const stageGrants = (name: Owner): readonly string[] => {
  const construct = idOf(name);
  return [
    ...log(construct),
    ...consume(construct),
    ...on(events, 'BatchGetItem', 'Query'),
    ...within(streams(...streamKindsOf(name)), events, 'PutItem'),
    ...on(operational('Failures'), 'PutItem'),
  ];
};
const owners: readonly Owner[] = [...lifecycle.map(({ stage }) => stage), 'control'];

const expected: Readonly<Record<string, readonly string[]>> = {
  receive: [
    ...log('Receive'),
    ...consume('Receive'),
    ...on(operational('Receipts'), 'PutItem'),
    ...on(operational('Connections'), 'GetItem'),
    ...on(operational('Sources'), 'UpdateItem'),
    ...on(operational('Failures'), 'PutItem'),
    secrets,
  ],
  translate: [
    ...log('Translate'),
    ...consume('Translate'),
    ...stream('FoundationOperationalReceipts', 'Translate'),
    ...on(operational('Receipts'), 'GetItem', 'UpdateItem', 'Query'),
    ...within(['wait#*'], operational('Receipts'), 'PutItem', 'DeleteItem'),
    ...within(['again#*'], operational('Receipts'), 'PutItem'),
    ...on(operational('Connections'), 'GetItem'),
    ...on(operational('Sources'), 'UpdateItem'),
    ...on(operational('Failures'), 'PutItem'),
    ...within(streams('engagement', 'identity', 'offer', 'campaign', 'party', 'source'), events, 'Query'),
    ...within(streams('identity'), events, 'BatchGetItem'),
    'sqs:SendMessage {TranslateWorkQueue.Arn}',
    put('throughline.intake'),
  ],
  ...Object.fromEntries(owners.map((name) => [name, stageGrants(name)])),
  record: [
    ...log('Record'),
    ...on(events, 'BatchGetItem', 'PutItem', 'Query'),
    ...on(operational('Names'), 'DeleteItem', 'PutItem'),
  ],
  relay: [
    ...log('Relay'),
    ...consume('Relay'),
    ...on(events, 'GetItem'),
    ...stream('FoundationEventsTable', 'Relay'),
    ...on(operational('Failures'), 'PutItem'),
    'sqs:SendMessage {RelayWorkQueue.Arn}',
    put('throughline'),
  ],
  project: [
    ...log('Project'),
    ...consume('Project'),
    ...stream('FoundationEventsTable', 'Project'),
    ...on(events, 'BatchGetItem', 'Query'),
    `dynamodb:Query ${events}/index/shards`,
    ...on(operational('Failures'), 'PutItem'),
    'sqs:SendMessage {ProjectWorkQueue.Arn}',
    'sqs:SendMessage {RollupWorkQueue.Arn}',
    ...on(projection('engagements'), 'GetItem', 'PutItem', 'ConditionCheckItem'),
    ...on(projection('reference_heads'), 'GetItem', 'PutItem', 'ConditionCheckItem'),
    ...[...tablesOf('streams'), 'contributions'].flatMap((name) => on(projection(name), 'PutItem', 'DeleteItem')),
  ],
  rollup: [
    ...log('Rollup'),
    ...consume('Rollup'),
    ...stream('FoundationRowsContributions', 'Rollup'),
    ...on(operational('Failures'), 'PutItem'),
    'sqs:SendMessage {RollupWorkQueue.Arn}',
    ...on(projection('rollup_heads'), 'GetItem', 'PutItem', 'ConditionCheckItem'),
    ...on(projection('contributions'), 'Query'),
    ...[...tablesOf('groups'), 'contributions'].flatMap((name) => on(projection(name), 'PutItem', 'DeleteItem')),
  ],
  answer: [
    ...log('Answer'),
    ...consume('Answer'),
    'sqs:SendMessage {AnswerWorkQueue.Arn}',
    ...on(events, 'BatchGetItem', 'Query'),
    `dynamodb:Query ${events}/index/shards`,
    ...scopeTables.flatMap((name) => on(projection(name), 'BatchGetItem')),
    ...scopeTables.map((name) => `dynamodb:Query ${projection(name)}/index/byLeadPartner`),
    ...on(projection('arr_quartiles'), 'Query'),
    ...on('{AnswerAnswers.Arn}', 'GetItem', 'PutItem', 'UpdateItem'),
    ...on(operational('Failures'), 'PutItem'),
  ],
  sweep: [
    ...log('Sweep'),
    ...consume('Sweep'),
    ...['Project', 'Rollup', 'Translate', 'Sweep'].map((construct) => `sqs:SendMessage {${construct}WorkQueue.Arn}`),
    ...['', '/index/shards'].map((index) => `dynamodb:Query ${events}${index}`),
    ...[`${operational('Receipts')}/index/open`, `${operational('Sources')}/index/watched`].map(query),
    ...within(['tenants'], operational('Receipts'), 'Query'),
    ...[...on(operational('Sources'), 'UpdateItem'), put('throughline.intake')],
    `dynamodb:Query ${projection('engagements')}/index/byCustomer`,
    ...[`${projection('flags')}/index/byRaising`, `${projection('deadlines')}/index/byConnection`].map(query),
    ...['engagements', 'reference_heads', 'rollup_heads'].flatMap((name) => [
      `dynamodb:Query ${projection(name)}/index/due`,
      ...on(projection(name), 'GetItem'),
    ]),
    `dynamodb:Query ${projection('rollup_heads')}/index/shards`,
    ...on('{SweepRuns.Arn}', 'GetItem', 'PutItem'),
    ...on(operational('Failures'), 'PutItem'),
  ],
  seal: [
    ...log('Seal'),
    ...consume('Seal'),
    'sqs:SendMessage {SealWorkQueue.Arn}',
    `dynamodb:Query ${events}`,
    `dynamodb:Query ${events}/index/shards`,
    ...on('{SealRoots.Arn}', 'PutItem', 'Query'),
    ...on(operational('Failures'), 'PutItem'),
  ],
  query: [
    ...log('Query'),
    ...every('BatchGetItem', 'Query'),
    ...['reference_heads', 'rollup_heads'].flatMap((name) => on(projection(name), 'Query')),
    // Whose each is now: a partner's run shows no other, and a what-if's partner must be one that some fact names.
    ...['engagements', ...referenceTables.map(({ name }) => name)].flatMap((name) => on(projection(name), 'GetItem')),
    ...tables.flatMap(({ name, indexes }) =>
      indexes
        .filter((index) => !index.acrossTenants && index.readBy === undefined)
        .map((index) => `dynamodb:Query ${projection(name)}/index/${index.name}`),
    ),
    ...on(events, 'BatchGetItem', 'Query'),
    `dynamodb:Query ${events}/index/shards`,
    ...on(projection('reference_heads'), 'BatchGetItem'),
    ...on(operational('Receipts'), 'GetItem', 'BatchGetItem', 'Query'),
    ...['open', 'ended'].map((index) => `dynamodb:Query ${operational('Receipts')}/index/${index}`),
    ...on(operational('Sources'), 'Query'),
    ...on(operational('Names'), 'BatchGetItem', 'Query'),
    ...depthsOf(['receive', 'translate', ...owners, 'relay', 'project', 'rollup', 'answer', 'sweep', 'seal']),
    ...on('{AnswerAnswers.Arn}', 'GetItem', 'PutItem', 'UpdateItem', 'Query'),
    'sqs:SendMessage {AnswerWorkQueue.Arn}',
  ],
};

describe('grants', () => {
  it('are listed here for every function', () => {
    expect([...functionsOf(template).keys()].sort()).toEqual([...functionNames].sort());
    expect(Object.keys(expected).sort()).toEqual([...functionNames].sort());
  });

  it.each(functionNames)('of %s are single actions on single resources', (name) => {
    expect(grantsOf(template, name)).toEqual([...(expected[name] ?? [])].sort());
  });

  it('let no function change or remove an item of the event store', () => {
    const onEvents = functionNames.flatMap((name) =>
      grantsOf(template, name)
        .filter((line) => line.includes('{FoundationEventsTable.Arn}'))
        .map((line) => line.split(' ')[0]),
    );
    expect([...new Set(onEvents)].sort()).toEqual(
      ['BatchGetItem', 'GetItem', 'PutItem', 'Query'].map((action) => `dynamodb:${action}`),
    );
  });

  it('let only seal put a root, and seal puts nothing else but failures', () => {
    const putters = functionNames.filter((name) => grantsOf(template, name).some((line) => line.includes('SealRoots')));
    expect(putters).toEqual(['seal']);
    const puts = grantsOf(template, 'seal').filter(
      (line) => /:(Put|Update|Delete|Batch)/.test(line) && !line.startsWith('logs:'),
    );
    expect(puts.filter((line) => !line.startsWith('sqs:'))).toEqual(
      on(operational('Failures'), 'PutItem').concat(on('{SealRoots.Arn}', 'PutItem')),
    );
  });

  it('name no wildcard in an action or resource but the connections’ own path of secrets', () => {
    const wild = functionNames.flatMap((name) =>
      grantsOf(template, name)
        .map((line) => line.replace(/ \{"(StringEquals|ForAllValues).*$/, ''))
        .filter((line) => line.includes('*')),
    );
    expect(wild).toEqual([secrets]);
  });

  it('let a stage append only to streams of its own kinds; links, policies and sources belong to control, which may take back a fact of any stream', () => {
    const kinds = Object.fromEntries(owners.map((name) => [name, streamKindsOf(name)]));
    expect(kinds).toMatchObject({
      create: ['engagement', 'offer', 'campaign', 'party'],
      ...Object.fromEntries(lifecycle.slice(1).map(({ stage }) => [stage, ['engagement', 'campaign', 'party']])),
      control: streamKinds,
    });
    // Of a stage that isn't named here, too.
    const holders = (kind: StreamKind): readonly string[] => owners.filter((name) => kinds[name]?.includes(kind));
    for (const kind of ['identity', 'source', 'policy'] as const) expect(holders(kind), kind).toEqual(['control']);
    expect(holders('offer')).toEqual(['create', 'control']);
  });
});
