// For what does a receipt wait, with which reason, and what ends the wait?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { LinkTarget } from '../../../events/control.ts';
import { type ExternalId, identityStreamOf, streamIdOf } from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import type { Tip } from '../../../functions/store/eventStore.ts';
import { loadEach } from '../../../functions/store/loadMany.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  opened,
  outcome,
  reference,
  type Senders,
  sendersTo,
  subscription,
  summary,
} from '../../support/intake/intakeMessages.ts';
import { connectionItem, tenant } from '../../support/intake/intakeRequests.ts';
import { putItem } from '../../support/intake/intakeTables.ts';

let engine: TestEngine;
let intake: Intake;
let fromOrg: Senders['fromOrg'];
let fromStripe: Senders['fromStripe'];
let fromSender: Senders['fromSender'];
let statuses: Senders['statuses'];
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  ({ fromOrg, fromStripe, fromSender, statuses } = sendersTo(intake));
});
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('a receipt that must wait', () => {
  test('waits for a type that its connection may not say, until it may', async () => {
    const allowedTypes = ['EngagementOpened'];
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { allowedTypes }));
    await fromOrg(change(firstDeal, { StageName: 'Closed Won' }));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', 'notAllowed: the connection may not say DealClosed']]);
    expect((await intake.receiptRows())[0]).toMatchObject({ open: expect.any(String) });
    expect((await intake.receiptRows())[0]).not.toHaveProperty('expiresAt');

    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce'));
    intake.setTime('2026-12-01T00:05:00.000Z');
    const [receipt] = await intake.receiptRows();
    const offer = { receipt: { partition: receipt?.partition, id: receipt?.id } };
    expect(await intake.newTranslate()(intake.queued([offer]))).toEqual({ batchItemFailures: [] });
    expect(summary(intake.facts())).toEqual([`DealClosed ${engagementOf(firstDeal)}`]);
    expect(await statuses()).toEqual([['translated', '']]);
  });

  test('puts its links once they are allowed, although it still waits for another id', async () => {
    await putItem(intake.client, intake.tables.connections, connectionItem('stripe', { allowedTypes: [] }));
    await fromStripe(subscription({ engagement_id: reference }));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', expect.stringContaining('notAllowed')]]);
    expect(intake.facts()).toEqual([]);

    await putItem(intake.client, intake.tables.connections, connectionItem('stripe'));
    intake.setTime('2026-12-01T00:05:00.000Z');
    const [receipt] = await intake.receiptRows();
    await intake.newTranslate()(intake.queued([{ receipt: { partition: receipt?.partition, id: receipt?.id } }]));
    expect(await statuses()).toEqual([['waiting', `notLinked: reference/engagement/${reference}`]]);
    expect(summary(intake.facts())).toEqual([
      `IdentityLinked ${identityStreamOf(tenant, { system: 'stripe', kind: 'subscription', id: 'sub_1' })}`,
    ]);
  });

  test('waits while its mapping or its connection can’t be used, because the tenant can correct both', async () => {
    await putItem(intake.client, intake.tables.connections, connectionItem('salesforce', { mapping: '{"stages":7}' }));
    await fromOrg(opened(firstDeal));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', expect.stringContaining('mappingInvalid: stages')]]);
  });

  test('waits under the id that is not linked, and is translated when it is linked', async () => {
    await fromStripe(subscription({ engagement_id: reference }));
    const translate = intake.newTranslate();
    await intake.settle(translate);
    expect(await statuses()).toEqual([['waiting', `notLinked: reference/engagement/${reference}`]]);
    expect(await intake.pointers()).toEqual([`wait#${tenant}#reference#engagement#${reference}`]);
    // The subscription's own link needs no other link, so it is put already.
    expect(summary(intake.facts())).toEqual([
      `IdentityLinked ${identityStreamOf(tenant, { system: 'stripe', kind: 'subscription', id: 'sub_1' })}`,
    ]);

    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle(translate);
    expect(summary(intake.facts())).toContain(`SubscriptionStarted ${engagementOf(firstDeal)}`);
    expect(await statuses()).toEqual([
      ['translated', ''],
      ['translated', ''],
    ]);
    expect(await intake.pointers()).toEqual([]);
  });

  test('follows links to other ids, and waits for the last of them', async () => {
    await fromStripe(subscription({}, 'evt_2', 'deleted'));
    await intake.settle();
    expect(await statuses()).toEqual([['waiting', 'notLinked: stripe/subscription/sub_1']]);
    await fromStripe(subscription({ engagement_id: reference }));
    await intake.settle();
    expect(await statuses()).toEqual([
      ['waiting', `notLinked: reference/engagement/${reference}`],
      ['waiting', `notLinked: reference/engagement/${reference}`],
    ]);
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    expect(summary(intake.facts())).toEqual(
      expect.arrayContaining([
        `SubscriptionStarted ${engagementOf(firstDeal)}`,
        `SubscriptionEnded ${engagementOf(firstDeal)}`,
      ]),
    );
    expect(await intake.pointers()).toEqual([]);
  });

  test('follows a changed link as soon as the change is recorded', async () => {
    const translate = intake.newTranslate();
    const external = engagementReference('A');
    const stream = identityStreamOf(tenant, external);
    const link = async (to: string, at: string) => {
      const said = { external, to: { stream: to }, reason: 'test' };
      const [recorded] = await intake.recordFacts(stream, [fact('IdentityLinked', said, { at, stream })]);
      return intake.linkEvents(recorded?.outcome === 'recorded' ? recorded.events : []);
    };
    await link(engagementOf(firstDeal), '2026-06-01');
    await fromSender(outcome('o-1', 'engagement/A'));
    await translate(await intake.newReceipts());
    const elsewhere = streamIdOf(tenant, 'engagement', 'elsewhere');
    // Of two links the earlier one stands.
    await translate(intake.queued(await link(elsewhere, '2026-05-01')));
    await fromSender(outcome('o-2', 'engagement/A'));
    await translate(await intake.newReceipts());
    expect(intake.facts().map(({ streamId }) => streamId)).toEqual([engagementOf(firstDeal), elsewhere]);
  });

  test('does not miss a link that comes while it begins to wait', async () => {
    const { store, recordFacts } = intake;
    await fromStripe(subscription({ engagement_id: reference }));
    const external = engagementReference(reference);
    const link = fact(
      'IdentityLinked',
      { external, to: { stream: engagementOf(firstDeal) }, reason: 'test' },
      { at: '2026-06-01', stream: identityStreamOf(tenant, external) },
    );
    // The link is recorded after the first read of the identity, and its wake-up finds no pointer yet.
    const load = store.load.bind(store);
    let reads = 0;
    const racing = async (...asked: Parameters<typeof load>) => {
      const loaded = await load(...asked);
      if (asked[0] === link.streamId) {
        reads += 1;
        if (reads === 1) await recordFacts(link.streamId, [link]);
      }
      return loaded;
    };
    Object.assign(store, { load: racing, loadMany: (tips: ReadonlyMap<string, Tip>) => loadEach(racing, tips) });
    await intake.newTranslate()(await intake.newReceipts());
    expect(await statuses()).toEqual([['translated', '']]);
    expect(summary(intake.facts())).toContain(`SubscriptionStarted ${engagementOf(firstDeal)}`);
    expect(await intake.pointers()).toEqual([]);
  });

  test.each(['zenith/engagement/e-1', 'engagement e-1', `${tenant}/engagement/`, `${tenant}/policy/policy`])(
    'waits where a link leads to %s, and puts no facts there',
    async (stream) => {
      const external = engagementReference('A');
      const at = { at: '2026-06-01', stream: identityStreamOf(tenant, external) };
      await intake.recordFacts(at.stream, [fact('IdentityLinked', { external, to: { stream }, reason: 'test' }, at)]);
      await fromSender(outcome('o-1', 'engagement/A'));
      await intake.settle();
      expect(await statuses()).toEqual([
        [
          'waiting',
          `linkInvalid: the subject of OutcomeAgreed is linked to ${stream}, to which no id of ${tenant} may lead`,
        ],
      ]);
      expect(intake.facts()).toEqual([]);
    },
  );

  test('does not wait where the message itself links an id out of the tenant: it is refused as a whole', async () => {
    const allowedTypes = ['IdentityLinked'];
    await putItem(intake.client, intake.tables.connections, connectionItem('cloudevents', { allowedTypes }));
    const data = { external: engagementReference('A'), to: { stream: 'zenith/engagement/e-1' }, reason: 'test' };
    await fromSender({ type: 'throughline.IdentityLinked', time: '2026-06-21T09:00:00Z', data });
    await intake.settle();
    expect(await statuses()).toEqual([['refused', 'linkInvalid']]);
    expect(intake.facts()).toEqual([]);
  });

  test('waits where links lead in a circle, and where they lead to a stream of another kind', async () => {
    const { recordFacts } = intake;
    const link = (external: ExternalId, to: LinkTarget) =>
      fact(
        'IdentityLinked',
        { external, to, reason: 'test' },
        { at: '2026-06-01', stream: identityStreamOf(tenant, external) },
      );
    const [a, b, c] = ['A', 'B', 'C'].map(engagementReference);
    if (a === undefined || b === undefined || c === undefined) throw new Error('three references');
    for (const said of [
      link(a, { external: b }),
      link(b, { external: a }),
      link(c, { stream: streamIdOf(tenant, 'party', 'p') }),
    ]) {
      await recordFacts(said.streamId, [said]);
    }
    await fromSender(outcome('o-1', 'engagement/A'));
    await intake.settle();
    await fromSender(outcome('o-2', 'engagement/C'));
    await intake.settle();
    expect((await statuses()).map(([, reason]) => reason)).toEqual(
      expect.arrayContaining([
        'notLinked: reference/engagement/A, reference/engagement/B',
        expect.stringContaining('linkedElsewhere: OutcomeAgreed'),
      ]),
    );
  });
});
