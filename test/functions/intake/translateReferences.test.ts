// To which engagement do the messages of an opportunity go that names an engagement's reference?
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { identityStreamOf } from '../../../events/identifiers.ts';
import { engagementReference } from '../../../events/sources/externalIds.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fact } from '../../support/histories/events.ts';
import { type Intake, startIntake } from '../../support/intake/intake.ts';
import {
  change,
  engagementOf,
  firstDeal,
  opened,
  opportunity,
  reference,
  renewalDeal,
  type Senders,
  sendersTo,
  summary,
} from '../../support/intake/intakeMessages.ts';
import { tenant } from '../../support/intake/intakeRequests.ts';

let engine: TestEngine;
let intake: Intake;
let fromOrg: Senders['fromOrg'];
let statuses: Senders['statuses'];
beforeEach(async () => {
  intake = await startIntake({ client: engine.client });
  ({ fromOrg, statuses } = sendersTo(intake));
});
beforeAll(async () => {
  engine = await startTestEngine();
});
afterAll(() => engine.stop());

describe('an opportunity and the reference beside it', () => {
  test('a new one gives the reference its engagement', async () => {
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    const link = intake.facts().find(({ type }) => type === 'IdentityLinked');
    expect(link?.data).toMatchObject({
      external: { system: 'reference', kind: 'engagement', id: reference },
      to: { external: opportunity(firstDeal) },
    });
    expect(link?.streamId).toBe(identityStreamOf(tenant, engagementReference(reference)));
  });

  test('its facts carry the reference that the message names; a message without it carries none', async () => {
    await fromOrg(opened(firstDeal, { Engagement_Id__c: reference }));
    await fromOrg(change(firstDeal, { StageName: 'Negotiation' }));
    await intake.settle();
    const named = intake.facts().filter(({ streamId }) => streamId === engagementOf(firstDeal));
    expect(named.map(({ type, reference: of }) => [type, of])).toEqual(
      expect.arrayContaining([
        ['EngagementOpened', reference],
        ['DealRevised', undefined],
      ]),
    );
  });

  const renewal = () => opened(renewalDeal, { Engagement_Id__c: reference, Type: 'Renewal' });
  const first = () => opened(firstDeal, { Engagement_Id__c: reference });
  const later = () => change(renewalDeal, { StageName: 'Negotiation' });
  const expected = [
    `DealRevised ${engagementOf(firstDeal)}`,
    `EngagementOpened ${engagementOf(firstDeal)}`,
    `RenewalProposed ${engagementOf(firstDeal)}`,
  ];
  const inEngagements = () => summary(intake.facts().filter(({ type }) => type !== 'IdentityLinked'));

  test('one that renews is linked and opens nothing; its later messages follow, also in the same batch', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(renewal(), later());
    await intake.settle();
    expect(inEngagements()).toEqual(expected);
  });

  test('one that renews leaves the engagement as it is when it is deleted; an engagement’s own one ends it', async () => {
    const gone = (id: string, changeType: string) => change(id, {}, { changeType });
    await fromOrg(first());
    await intake.settle();
    await fromOrg(renewal());
    await intake.settle();
    await fromOrg(gone(renewalDeal, 'DELETE'), gone(renewalDeal, 'UNDELETE'));
    await intake.settle();
    const taken = () => inEngagements().filter((said) => /Withdrawn|Reinstated/.test(said));
    expect(taken()).toEqual([]);
    expect(new Set((await statuses()).map(([status]) => status))).toEqual(new Set(['translated']));
    await fromOrg(gone(firstDeal, 'DELETE'), gone(firstDeal, 'UNDELETE'));
    await intake.settle();
    const own = engagementOf(firstDeal);
    expect(taken()).toEqual([`EngagementReinstated ${own}`, `EngagementWithdrawn ${own}`]);
  });

  test('one that renews an unknown engagement waits for it, with its later messages', async () => {
    await fromOrg(renewal());
    await intake.settle();
    await fromOrg(later());
    await intake.settle();
    expect((await statuses()).map(([status]) => status)).toEqual(['waiting', 'waiting']);
    await fromOrg(first());
    await intake.settle();
    expect(inEngagements()).toEqual(expected);
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
  });

  test.each([
    [firstDeal, renewalDeal],
    [renewalDeal, firstDeal],
  ])('of two that do not renew, %s opens the engagement and %s waits as needsMerge', async (earlier, second) => {
    await fromOrg(opened(earlier, { Engagement_Id__c: reference }));
    await intake.settle();
    await fromOrg(opened(second, { Engagement_Id__c: reference }));
    await fromOrg(change(second, { Engagement_Id__c: reference, StageName: 'Qualified' }));
    await intake.settle();
    expect(inEngagements()).toEqual([`EngagementOpened ${engagementOf(earlier)}`]);
    const needsMerge = `needsMerge: Opportunity ${second} is not known to renew; engagement ${reference} leads to ${engagementOf(earlier)}`;
    expect(await statuses()).toEqual([
      ['translated', ''],
      ['waiting', needsMerge],
      ['waiting', needsMerge],
    ]);
    expect((await intake.receiptRows()).slice(1)).toMatchObject([{ open: expect.any(String) }, {}]);
  });

  test('of two that do not renew in one batch, the one received first opens the engagement', async () => {
    await fromOrg(first(), opened(renewalDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    expect((await statuses()).map(([status]) => status).sort()).toEqual(['translated', 'waiting']);
    expect(inEngagements()).toHaveLength(1);
  });

  test('one that waits as needsMerge follows when somebody links it', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(opened(renewalDeal, { Engagement_Id__c: reference }), later());
    const translate = intake.newTranslate();
    await translate(await intake.newReceipts());
    const external = opportunity(renewalDeal);
    const link = fact(
      'IdentityLinked',
      { external, to: { external: engagementReference(reference) }, reason: 'one sale, entered twice' },
      { at: '2026-06-01', stream: identityStreamOf(tenant, external) },
    );
    const [recorded] = await intake.recordFacts(link.streamId, [link]);
    await translate(intake.queued(intake.linkEvents(recorded?.outcome === 'recorded' ? recorded.events : [])));
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
    expect(await intake.pointers()).toEqual([]);
  });

  test('an update that came before its renewal follows when the renewal comes', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(change(renewalDeal, { Engagement_Id__c: reference, StageName: 'Negotiation' }));
    await intake.settle();
    expect((await statuses())[1]).toEqual(['waiting', expect.stringContaining('needsMerge')]);
    await fromOrg(renewal());
    await intake.settle();
    expect(inEngagements()).toEqual(expected);
  });

  test('one that has begun an engagement of its own waits as needsMerge', async () => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(later());
    await intake.settle();
    await fromOrg(renewal());
    await intake.settle();
    const [, , waiting] = await statuses();
    expect(waiting).toEqual(['waiting', expect.stringContaining(`needsMerge: Opportunity ${renewalDeal} has begun`)]);
    expect(waiting?.[1]).toContain(engagementOf(firstDeal));
    expect(inEngagements()).not.toContain(`RenewalProposed ${engagementOf(firstDeal)}`);
  });
});
