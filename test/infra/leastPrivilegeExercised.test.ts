// Does every function do its work with what it is granted, and is anything granted that no work needs?

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { engagementHead, headsOfLevel, type Level, tables, writtenTables } from '../../domain/rows/catalog.ts';
import { functionNames } from '../../infra/constructs/bundleAssets.ts';
import { arn } from '../../infra/local/core/awsNames.ts';
import { manualClock } from '../../infra/local/core/clock.ts';
import { type FunctionPolicy, functionPolicies } from '../../infra/local/iam/functionPolicies.ts';
import { arnPattern } from '../../infra/local/iam/wildcards.ts';
import { synthesize } from '../../infra/local/template/synthesize.ts';
import { type AuthorisedApp, startAuthorisedApp } from '../support/authorisedApp.ts';
import { playWholeJourney } from '../support/journey/wholeJourney.ts';
import { partnersSee } from '../support/rows/partnersSee.ts';

// Real processes and workers, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const clock = manualClock(Date.parse('2026-11-23T10:00:00.000Z'));
let app: AuthorisedApp;
let policies: ReadonlyMap<string, FunctionPolicy>;
beforeAll(async () => {
  app = await startAuthorisedApp({ clock, timing: { backoff: 1, longestBackoff: 5 } });
  const { text, stack } = await synthesize();
  policies = functionPolicies({
    template: JSON.parse(text),
    stack,
    addresses: { queues: 'http://q', api: 'http://a' },
  });
  await playWholeJourney({ runtime: app.runtime, clock });
});
afterAll(() => app.stop());

const deletes =
  'a row goes when a correction or a late fact takes back what it said, which depends on the order of arrival';
const vendorsAlone = 'no row stands in its index by partner';
const ofMany = 'only of a tenant with over 100 heads does health ask for the streams of the newest receipts';
const longLists = 'only where a partner leads over 200 is a list of them, as of a date, answered by a run';
const silences = 'no connection of the journey is silent for longer than a rhythm that it declares';
const chunks = 'only an owner of more rows than one transaction holds is written in chunks';

/** `stage_history` as the template calls it: `StageHistory`. */
const idOf = (table: string): string =>
  table.replace(/(^|_)([a-z])/g, (_whole: string, _gap: string, letter: string) => letter.toUpperCase());

const deletesOf = (name: string, level: Level): Readonly<Record<string, string>> =>
  Object.fromEntries(
    writtenTables(level)
      .filter((table) => table !== engagementHead && table !== headsOfLevel[level])
      .map((table) => [`${name} DeleteItem ${idOf(table)}`, deletes]),
  );

/** What is granted and the journey may not use, by `function action resource`: why it is granted all the same. */
const unused: Readonly<Record<string, string>> = {
  ...deletesOf('Project', 'streams'),
  ...deletesOf('Rollup', 'groups'),
  'Project ConditionCheckItem ReferenceHeads': chunks,
  'Rollup ConditionCheckItem RollupHeads': chunks,
  ...Object.fromEntries(
    tables.filter((table) => !partnersSee(table)).map(({ name }) => [`Query BatchGetItem ${idOf(name)}`, vendorsAlone]),
  ),
  ...Object.fromEntries(
    ['Campaigns', 'Engagements', 'Offers', 'Parties'].map((table) => [`Answer BatchGetItem ${table}`, longLists]),
  ),
  'Answer Query byLeadPartner': longLists,
  'Query GetItem Campaigns': longLists,
  'Query GetItem Offers': longLists,
  'Answer Query ArrQuartiles': longLists,
  'Query BatchGetItem Receipts': ofMany,
  'Sweep UpdateItem Sources': silences,
  'Sweep PutEvents ThroughlineFoundationPipelineBus401CAFC2': silences,
  'Seal SendMessage Work': 'a day of more streams than one call seals goes on in a message to itself',
};

const lastOf = (text: string): string => text.split(/[-/:]/).at(-1) ?? text;

/** What Lambda itself does with a function's role: take from its queue or stream, keep what failed, write its log. */
const isLambdasOwn = (name: string, action: string, resource: string): boolean => {
  const { queueMappings, streamMappings } = app.runtime.plan;
  const queues = queueMappings.filter((each) => each.function === name).map(({ queue }) => arn.queue(queue));
  const streams = streamMappings.filter((each) => each.function === name);
  if (action.startsWith('logs:')) return true;
  if (action === 'sqs:SendMessage') {
    return streams.some(({ onFailureQueue }) => onFailureQueue !== undefined && arn.queue(onFailureQueue) === resource);
  }
  if (action.startsWith('sqs:')) return queues.includes(resource);
  return streams.some(({ table }) => arn.stream(table) === resource);
};

describe('the whole journey of facts', () => {
  it('runs without a denial, and every function takes part', () => {
    expect(app.denied).toEqual([]);
    const callers = new Set(app.allowed().map(({ caller }) => caller.toLowerCase()));
    expect([...callers].sort()).toEqual([...functionNames].sort());
  });

  it('uses every granted permission, except those listed here with a reason', () => {
    const granted = [...policies].flatMap(([name, { statements }]) =>
      statements.flatMap(({ actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => ({ name, action, resource }))),
      ),
    );
    const used = app.allowed();
    const shown = ({ name, action, resource }: (typeof granted)[number]): string =>
      `${name} ${lastOf(action)} ${lastOf(resource)}`;
    const idle = granted.filter(({ name, action, resource }) => {
      const takes = arnPattern(resource);
      return !used.some((each) => each.caller === name && each.action === action && takes(each.resource));
    });
    const unnamed = idle.filter(({ name, action, resource }) => !isLambdasOwn(name, action, resource)).map(shown);
    expect(unnamed.filter((grant) => unused[grant] === undefined)).toEqual([]);
    const all = granted.map(shown);
    expect(Object.keys(unused).filter((grant) => !all.includes(grant))).toEqual([]);
  });
});
