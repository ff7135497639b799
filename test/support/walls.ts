// What may each folder import? One line a folder: other folders and single files of ours, and packages by name.
// The doorman (`test/architecture.test.ts`) reads it. A folder that has no line is refused.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { cdk, command, domain, job, local, type Wall, wall } from './wallOf.ts';

const fn = (name: string): string => `functions/${name}.ts`;

/** How the store reads streams, and how work on them is sent to queues. */
const streams = ['aws/messageGroup', 'aws/parallel', 'aws/queryPages', 'store/dynamoEventStore', 'store/streamPages'];

/** How the store keeps and reads chains: verifying with other code than the store's would prove little. */
const chains = ['aws/queryPages', 'seal/dailyRoots', 'seal/sealedDay', 'store/commit'];

/** The parts of each source's adapter stand in a folder of its name. */
const adapters = readdirSync(fileURLToPath(new URL('../../events/sources', import.meta.url)), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const adapter = (source: string): Wall =>
  wall(`events/sources/${source}/`, ['events/', 'events/sources/'], ['zod', 'node:crypto', 'jose', 'standardwebhooks']);

export const walls: readonly Wall[] = [
  wall(
    'events/',
    ['control', 'procure', 'report', 'sell'].map((part) => `events/${part}/`),
    ['zod', 'node:crypto'],
  ),
  ...['control', 'procure', 'report', 'sell'].map((part) => wall(`events/${part}/`, ['events/'], ['zod'])),
  wall(
    'events/sources/',
    ['events/', ...adapters.map((name) => `events/sources/${name}/`)],
    ['zod', 'node:crypto', 'jose', 'standardwebhooks'],
  ),
  ...adapters.map(adapter),

  wall('domain/', ['events/', 'domain/context/'], ['zod']),
  domain('time/'),
  domain('context/'),
  domain('engagement/', 'context/', 'time/', 'engagement/deviations/', 'engagement/sell/'),
  domain('engagement/deviations/', 'context/', 'time/', 'engagement/', 'engagement/sell/'),
  domain('engagement/sell/', 'context/', 'time/', 'engagement/'),
  domain('engagement/value/', 'context/', 'engagement/', 'time/'),
  domain('stages/', 'context/', 'engagement/', 'engagement/sell/', 'engagement/value/'),
  domain('patterns/', 'context/', 'engagement/', 'engagement/sell/', 'engagement/value/', 'patterns/partner/', 'time/'),
  domain('patterns/partner/', 'patterns/'),
  domain('scores/', 'context/', 'engagement/', 'engagement/value/', 'patterns/', 'time/'),
  domain(
    'rows/',
    ...['context/', 'engagement/', 'engagement/sell/', 'engagement/value/'],
    ...['patterns/', 'patterns/partner/', 'scores/', 'time/'],
  ),
  domain('rollups/', 'context/', 'engagement/sell/', 'patterns/', 'patterns/partner/', 'rows/', 'scores/', 'time/'),
  domain('changes/', 'rows/'),
  domain('whatIf/', 'context/', 'engagement/', 'patterns/', 'rollups/', 'rows/'),

  // A function's entry file puts its job together.
  wall(
    'functions/',
    [
      'domain/rows/catalog.ts',
      'domain/rows/ownTables.ts',
      ...'again answer aws http intake project query receipts record relay rollup seal stages store sweep'
        .split(' ')
        .map((name) => `functions/${name}/`),
    ],
    ['aws-lambda', 'zod', 'node:'],
  ),
  job('aws/', [], ['fflate']),
  job('http/', ['functions/aws/'], ['jose']),
  job('store/', ['domain/', 'functions/aws/'], ['lru-cache']),
  job('intake/', [
    'domain/',
    'domain/context/',
    'domain/engagement/',
    'events/sources/',
    'functions/aws/',
    'functions/http/',
    'functions/receipts/',
    'functions/store/',
  ]),
  job('again/', [
    ...['domain/', 'events/sources/'],
    ...['aws', 'intake', 'receipts', 'store'].map((name) => `functions/${name}/`),
  ]),
  job('receipts/', ['domain/', 'events/sources/', 'functions/aws/', 'functions/intake/', 'functions/store/']),
  // Who a person is: put by record, and seen beside answers of the read API.
  job('names/', ['events/sources/', ...['aws', 'http', 'query'].map((name) => `functions/${name}/`)]),
  job('stages/', [
    ...['domain/', 'domain/stages/'],
    ...['aws', 'intake', 'receipts', 'store'].map((name) => `functions/${name}/`),
  ]),
  job(
    'project/',
    [
      ...['', 'context/', 'rollups/', 'rows/'].map((name) => `domain/${name}`),
      ...['aws', 'intake', 'store'].map((name) => `functions/${name}/`),
    ],
    ['lru-cache'],
  ),
  job('rollup/', ['domain/rollups/', 'functions/aws/', 'functions/project/']),
  job('record/', [
    ...['', 'context/', 'engagement/', 'patterns/'].map((name) => `domain/${name}`),
    'events/sources/',
    ...['aws', 'http', 'intake', 'names', 'project', 'stages', 'store'].map((name) => `functions/${name}/`),
  ]),
  job('relay/', ['functions/aws/']),
  job('seal/', ['functions/aws/', 'functions/store/']),
  job('sweep/', [
    'domain/',
    'domain/rollups/',
    'domain/rows/',
    'events/sources/',
    ...['aws', 'intake', 'project', 'receipts', 'store'].map((name) => `functions/${name}/`),
  ]),
  // Long questions: folded in the request or in runs, for the read API.
  job('answer/', [
    ...['', 'changes/', 'context/', 'patterns/', 'rollups/', 'rows/', 'whatIf/'].map((name) => `domain/${name}`),
    ...['aws', 'http', 'intake', 'project', 'query', 'query/visibility', 'store'].map((name) => `functions/${name}/`),
  ]),
  job('query/', [
    ...['', 'context/', 'patterns/', 'rollups/', 'rows/'].map((name) => `domain/${name}`),
    ...['flags', 'visibility', 'health'].map((room) => `functions/query/${room}/`),
    ...['answer', 'aws', 'http', 'intake', 'names', 'project', 'receipts', 'store'].map((name) => `functions/${name}/`),
  ]),
  job('query/health/', [
    ...['', 'rows/'].map((name) => `domain/${name}`),
    ...['aws', 'project', 'query', 'receipts', 'store'].map((name) => `functions/${name}/`),
  ]),
  ...['flags', 'visibility'].map((room) =>
    job(`query/${room}/`, [
      ...['', 'context/', 'engagement/', 'patterns/', 'rows/'].map((name) => `domain/${name}`),
      ...['http', 'query', 'query/visibility'].map((name) => `functions/${name}/`),
    ]),
  ),
  job('documents/rules/', []),
  job('documents/pages/', [
    ...['', 'patterns/', 'rollups/', 'rows/'].map((name) => `domain/${name}`),
    ...['events/sources/', 'functions/documents/', 'functions/documents/rules/'],
  ]),
  job('documents/', [
    ...['', 'changes/', 'patterns/', 'rollups/', 'rows/', 'whatIf/'].map((name) => `domain/${name}`),
    ...['events/sources/', 'functions/documents/pages/', 'functions/query/visibility/', 'functions/query/health/'],
    // What a sender of CloudEvents sends, type by type.
    'events/sources/cloudevents/cloudEventSchema.ts',
    ...['answer', 'aws', 'http', 'intake', 'names', 'query', 'receipts', 'record'].map((name) => `functions/${name}/`),
  ]),

  cdk('', 'build/', 'constructs/', 'foundation/', 'functions/', 'operations/'),
  wall('infra/build/', [], ['aws-cdk-lib', 'aws-cdk-lib/', 'cdk-nag', 'constructs', 'esbuild', 'zod', 'node:']),
  cdk('constructs/'),
  // A setting names types of events.
  cdk('foundation/', 'constructs/', 'events/catalog.ts'),
  cdk('functions/', 'constructs/', 'foundation/'),
  cdk('operations/', 'constructs/', 'functions/'),

  local('core/', []),
  local('storage/', ['core/']),
  local('bus/', ['core/', 'storage/']),
  local('aws/', ['core/', 'storage/', 'bus/']),
  local('lambda/', ['core/']),
  wall('infra/local/template/', ['infra/build/', 'infra/local/core/'], ['esbuild', 'zod', 'node:']),
  local('iam/', ['core/', 'bus/', 'aws/', 'template/']),
  local('http/', ['core/', 'lambda/', 'template/'], ['jose']),
  local('eventSources/', ['core/', 'bus/', 'lambda/', 'storage/']),
  wall(
    'infra/local/',
    [
      ...['aws', 'bus', 'core', 'eventSources', 'http', 'iam', 'lambda', 'storage', 'template'].map(
        (name) => `infra/local/${name}/`,
      ),
      // What is to be connected is held against the catalogs themselves.
      ...['events/catalog.ts', 'functions/intake/connect.ts'],
      ...['catalog', 'defaultTypes', 'mappingIssues', 'source'].map((name) => `events/sources/${name}.ts`),
    ],
    ['@aws-sdk/', 'zod', 'node:'],
  ),
  wall(
    'infra/sample/',
    [
      ...['infra/local/', 'infra/local/core/', 'infra/local/http/', 'infra/sample/chapters/'],
      ...['events/identifiers.ts', 'events/sources/externalIds.ts', 'functions/intake/connect.ts'],
    ],
    ['zod', 'node:'],
  ),
  wall('infra/sample/chapters/', ['infra/sample/']),
  command(
    '',
    ...['connect', 'redrive', 'start', 'verify'].map((name) => `infra/commands/${name}/`),
    ...['http', 'lambda'].map((name) => `infra/local/${name}/`),
    ...['catalog', 'identifiers', 'instant'].map((name) => `events/${name}.ts`),
    // What a run of translate-again is asked for, and what it finds out.
    ...['againPage', 'runItems'].map((name) => `functions/again/${name}.ts`),
    ...['connect', 'connections', 'secretParameter'].map((name) => `functions/intake/${name}.ts`),
    ...['catalog', 'delivery', 'source'].map((name) => `events/sources/${name}.ts`),
    ...[
      'aws/messageGroup',
      'aws/parallel',
      'seal/sealedDay',
      'store/checkedStream',
      'store/dynamoEventStore',
      'store/streamPages',
    ].map(fn),
    'functions/sweep/rebuildRuns.ts',
  ),
  command(
    'connect/',
    ...['events/identifiers.ts', 'functions/again/sameAccount.ts'],
    // What connect makes, shows and changes, and what it reads for a dry run: the intake's own forms and code.
    ...['connect', 'connections', 'readReceipt', 'secretParameter'].map((name) => `functions/intake/${name}.ts`),
    // Whom a text names, by its streams.
    ...['intake/identityResolver', 'intake/knownIds', 'store/dynamoEventStore'].map(fn),
    ...['catalog', 'defaultTypes', 'delivery', 'source', 'sourceJson'].map((name) => `events/sources/${name}.ts`),
  ),
  command(
    'erase/',
    'infra/commands/connect/',
    ...['freeText', 'plainText'].map((name) => `events/${name}.ts`),
    // What holds names and raw messages, in the forms of those who store them.
    ...['aws/queryPages', 'intake/waitingIndex', 'names/names'].map(fn),
    ...['bodyParts', 'receipt', 'receiptId', 'receiptPartitions', 'sourceRows'].map(
      (name) => `functions/receipts/${name}.ts`,
    ),
  ),
  wall('infra/commands/names/', ['infra/commands/', 'infra/local/core/', 'infra/local/http/'], ['csv-parse/sync']),
  wall('infra/commands/whatIf/', ['infra/commands/', 'infra/local/core/', 'infra/local/http/'], ['zod', 'node:']),
  command('redrive/', 'events/identifiers.ts', ...streams.map(fn)),
  command('verify/', 'events/identifiers.ts', ...chains.map(fn)),
  command('start/', 'infra/local/http/', 'infra/sample/', 'events/identifiers.ts'),
  wall(
    'infra/faults/',
    [
      ...['infra/commands/', 'infra/local/', 'infra/local/core/', 'infra/local/lambda/', 'infra/local/storage/'],
      ...['infra/sample/', 'events/identifiers.ts', 'functions/intake/connect.ts'],
    ],
    ['@aws-sdk/', 'fflate', 'zod', 'node:'],
  ),
];

/** Folders of one kind each, which may grow beyond 30 files. */
export const foldersOfOneKind = [
  'domain/rows/',
  'domain/rollups/',
  'domain/patterns/',
  'events/sources/',
  'infra/commands/',
  'test/bench/',
  'test/domain/patterns/',
];
