// Does it matter where a function dies? Before and after each of its calls, and the end is the same: nothing lost, nothing doubled.
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { partnerSourcesOf } from '../../infra/local/core/dataDirectory.ts';
import { synthesize } from '../../infra/local/template/synthesize.ts';
import { grantsOf } from '../infra/synthesized.ts';
import { createCrasher } from './crasher.ts';
import { createCrashes } from './crashes.ts';
import { scenarios } from './scenarios.ts';
import { startWorld, type World } from './world.ts';

const startCrashWorld = async () => {
  let world: World | undefined;
  const crasher = createCrasher((name) => world?.runtime.crash(name));
  world = await startWorld([crasher.interceptor], crasher.deliver);
  return { world, crasher };
};

/**
 * `THROUGHLINE_CRASHES=all` plays every story and takes every way to a call, `none` leaves them to another run; a usual run plays the
 * first, and takes each call once.
 */
const asked = process.env.THROUGHLINE_CRASHES;
const isWhole = asked === 'all';
const every = isWhole ? 1 : Number.POSITIVE_INFINITY;
const played = isWhole ? scenarios : scenarios.slice(0, asked === 'none' ? 0 : 3);

const worlds: Awaited<ReturnType<typeof startCrashWorld>>[] = [];
let crashes: ReturnType<typeof createCrashes>;
let template: Template;
let runs = 0;

beforeAll(async () => {
  if (played.length === 0) return;
  // Two worlds keep two cores busy. The second starts after the first, because both synthesize the template.
  const first = await startCrashWorld();
  worlds.push(first);
  const second = await startCrashWorld();
  worlds.push(second);
  crashes = createCrashes([first, second], every);
  const partnerSources = partnerSourcesOf(first.world.runtime.dataDir);
  template = Template.fromJSON(JSON.parse((await synthesize({ partnerSources })).text));
}, 120_000);
afterAll(async () => {
  for (const { world } of worlds) await world.stop();
});

for (const scenario of played) {
  test(scenario.name, { timeout: 900_000 }, async () => {
    const crashed = await crashes.in(scenario);
    runs += crashed.runs;
    expect(crashed.differences).toEqual([]);
  });
}

/** `query` changes nothing: whoever asks it asks again. What `seal` has not done in an hour it does in the next. */
const crashed = functionNames.filter((name) => name !== 'query' && name !== 'seal');

/** A resource as the template and as the runtime call it, in one spelling. */
const spelled = (resource: string): string =>
  resource
    .replace(/^.*:parameter/, 'parameter')
    .replaceAll(/table\/|event-bus\/|\{|\}|-|Throughline(?=Foundation)|\.Arn/g, '')
    .replaceAll(/(Table|Queue)(?=\/|$)/g, '')
    .replace(/[0-9A-F]{8}$/, '');

/** Calls that AWS makes in the function's name: the lines of its log, and what its event source mappings take. */
const notTheFunctions =
  /^(logs:|sqs:(DeleteMessage|GetQueueAttributes|ReceiveMessage)|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams))|StreamFailures/;

/**
 * Granted, and not crashed at one by one. A transaction is one call, whichever tables it writes; what deletes or checks a row
 * is met on the tables whose rows the scenarios make and take away.
 */
const oneCallForAll = /^(project|rollup) dynamodb:(PutItem|DeleteItem|ConditionCheckItem|GetItem) FoundationRows/;

/**
 * A run of rows reads the heads of a partner's offers, campaigns and parties as it reads those of its engagements, where over 200 are
 * asked for: one call, whichever table it reads.
 */
const asOfEngagements = /^answer dynamodb:(BatchGetItem|Query) FoundationRows/;

test.skipIf(played.length === 0)('functions died', () => {
  expect(worlds.flatMap(({ crasher }) => [...crasher.killedAt()]).length).toBeGreaterThan(20);
});

test.runIf(isWhole)('every crash was met', () => {
  expect(crashes.notMet()).toEqual([]);
});

test.runIf(isWhole)('every granted call of a function was a crash point', () => {
  const killedAt = worlds
    .flatMap(({ crasher }) => [...crasher.killedAt()])
    .map((call) => {
      const [name = '', action = '', resource = ''] = call.split(' ');
      return `${name.toLowerCase()} ${action} ${spelled(resource)}`;
    });
  const granted = crashed.flatMap((name) =>
    grantsOf(template, name)
      .filter((grant) => !notTheFunctions.test(grant))
      .map((grant) => grant.split(' '))
      .map(([action = '', resource = '']) => `${name} ${action} ${spelled(resource)}`),
  );
  const left = granted.filter((grant) => !killedAt.includes(grant));
  expect(left.filter((grant) => !oneCallForAll.test(grant) && !asOfEngagements.test(grant))).toEqual([]);
  expect(killedAt.filter((call) => asOfEngagements.test(call))).not.toEqual([]);
  for (const action of ['PutItem', 'DeleteItem', 'ConditionCheckItem', 'GetItem']) {
    for (const name of ['project', 'rollup']) {
      const met = killedAt.filter((call) => call.startsWith(`${name} dynamodb:${action} FoundationRows`));
      expect(met, `${name} ${action}`).not.toEqual([]);
    }
  }
  expect(runs).toBeGreaterThan(200);
});
