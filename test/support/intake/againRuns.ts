// How does a test have receipts translated again? Page by page through translate's queue, with a sender whose mapping it changes.
import { randomUUID } from 'node:crypto';
import { historyOf, standing } from '../../../domain/history.ts';
import { derivedEngagementOf } from '../../../events/identifiers.ts';
import { addMilliseconds } from '../../../events/instant.ts';
import type { AgainPage } from '../../../functions/again/againPage.ts';
import { retractable } from '../../../functions/again/othersStep.ts';
import { createRunItems } from '../../../functions/again/runItems.ts';
import type { Intake } from './intake.ts';
import { cloudEventsRequest, connectionItem, tenant } from './intakeRequests.ts';
import { putItem } from './intakeTables.ts';

export const account = 'acct_1';
export const dealStream = (deal: string): string =>
  derivedEngagementOf(tenant, { system: `cloudevents:${account}`, kind: 'deal', id: deal });

/** A rule of a mapping; give what differs. */
export const workRule = (given: Readonly<Record<string, unknown>> = {}) => ({
  type: 'work.done',
  as: 'WorkLogged',
  subject: { external: { kind: 'deal', id: 'data.deal' } },
  fields: {
    workId: 'data.id',
    minutes: { path: 'data.minutes', as: 'number' },
    category: { constant: 'implementation' },
  },
  ...given,
});
export const milestoneRule = workRule({ as: 'MilestoneReached', fields: { milestone: { constant: 'go_live' } } });

export const againOf = (intake: Intake) => {
  const { client, tables, now } = intake;
  const itemsOf = createRunItems({ client, table: tables.receipts, now });
  const later = (): string => {
    intake.setTime(addMilliseconds(now(), 60_000));
    return now();
  };

  /** Gives a connection a mapping of this version: at the same instant, when translate still holds the one before in its cache. */
  const map = (version: number, rules: readonly object[], given: Readonly<Record<string, unknown>> = {}) => {
    const mapping = JSON.stringify({ version, rules });
    return putItem(
      client,
      tables.connections,
      connectionItem('cloudevents', { mapping, mappingVersion: version, ...given }),
    );
  };

  const keep = async (body: unknown, connection: string): Promise<void> => {
    const answer = await intake.receive(cloudEventsRequest(JSON.stringify(body), later(), connection));
    if (!('statusCode' in answer) || answer.statusCode !== 202) throw new Error(`not kept: ${JSON.stringify(answer)}`);
    await intake.settle();
  };

  const eventOf = (id: string, data: object, more: object) => {
    const said = { deal: 'D-1', id, minutes: 30, ...data };
    const event = { specversion: '1.0', source: '/crm', type: 'work.done', id, time: '2026-11-20T10:00:00Z' };
    return { ...event, data: said, ...more };
  };

  /** The sender says that work is done, in a message of its own. */
  const say = (id: string, data: object = {}, connection = 'c-cloudevents', more: object = {}): Promise<void> =>
    keep(eventOf(id, data, more), connection);

  /** The sender says it in one batch, by several types of events. */
  const sayBatch = (data: object, ...types: readonly string[]): Promise<void> =>
    keep(
      types.map((type) => eventOf(type, data, { type })),
      'c-cloudevents',
    );

  const firstPage = (given: Partial<AgainPage> = {}): object => ({
    again: {
      ...{ run: randomUUID(), at: now(), tenantId: tenant, connectionId: 'c-cloudevents', account: ['c-cloudevents'] },
      ...{ apply: false, ...given },
    },
  });

  /** Works the pages off as translate's queue delivers them; `times` each. */
  const workOff = async (first: object, times = 1): Promise<void> => {
    let due: readonly object[] = [first];
    while (due.length > 0) {
      for (const message of due) {
        for (let time = 0; time < times; time += 1) {
          const answer = await intake.newTranslate()(intake.queued([message]));
          if (answer.batchItemFailures.length > 0) throw new Error(`the page failed: ${JSON.stringify(message)}`);
        }
      }
      due = intake.sentAgain.splice(0);
      await intake.settle();
    }
  };

  return {
    ...{ map, say, sayBatch, firstPage, workOff },
    /** What a run has found: additions, retractions, what stays, and how receipts end. */
    run: async (given: Partial<AgainPage> = {}, times = 1) => {
      const run = randomUUID();
      await workOff(firstPage({ ...given, run }), times);
      const { findings, gone, pages, done } = await itemsOf({ tenantId: given.tenantId ?? tenant, run }).all();
      return {
        done,
        seen: pages.reduce((sum, page) => sum + page.seen, 0),
        now: findings.map((finding) => `${finding.was.status} > ${finding.now.status}`),
        adds: findings.flatMap(({ adds }) => adds.map(({ type, restates }) => (restates ? `${type} again` : type))),
        retracts: retractable(gone).map(({ type }) => type),
        kept: gone.filter(({ keptBy }) => keptBy !== undefined).map(({ type }) => type),
        stays: findings.flatMap(({ stays }) => stays.map(({ type, why }) => `${type}: ${why}`)),
        findings,
      };
    },
    /** What stands on a deal's engagement, links apart. */
    standing: async (deal = 'D-1') =>
      standing(historyOf((await intake.store.load(dealStream(deal))).events))
        .filter(({ type }) => type !== 'FactRetracted')
        .map(({ type, data }) => ({ type, ...data })),
    events: async (deal = 'D-1') => (await intake.store.load(dealStream(deal))).events,
  };
};
