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

  const merges = () => intake.facts().filter(({ type }) => type === 'EngagementMerged');

  test.each([
    [firstDeal, renewalDeal],
    [renewalDeal, firstDeal],
  ])(
    'of two that do not renew, %s keeps the reference, and the engagement of %s is combined with it',
    async (earlier, second) => {
      await fromOrg(opened(earlier, { Engagement_Id__c: reference }));
      await intake.settle();
      await fromOrg(opened(second, { Engagement_Id__c: reference }));
      await fromOrg(change(second, { Engagement_Id__c: reference, StageName: 'Qualified' }));
      await intake.settle();
      expect(merges()[0]).toMatchObject({
        ...{ streamId: engagementOf(second), data: { into: engagementOf(earlier), how: 'combined' } },
      });
      expect(new Set(merges().map(({ eventId }) => eventId)).size, 'repetitions are one event').toBe(1);
      expect(inEngagements()).toEqual(
        expect.arrayContaining([
          `EngagementOpened ${engagementOf(earlier)}`,
          `EngagementOpened ${engagementOf(second)}`,
        ]),
      );
      expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
    },
  );

  test('of two that do not renew in one batch, the one received first keeps the reference', async () => {
    await fromOrg(first(), opened(renewalDeal, { Engagement_Id__c: reference }));
    await intake.settle();
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated']);
    expect(merges()).toHaveLength(1);
  });

  test('one that somebody links follows, with its later messages', async () => {
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

  test.each([
    ['names the reference', { Engagement_Id__c: reference }],
    ['names none', {}],
  ])('an update that came before its renewal, and %s, needs no luck', async (_, named) => {
    await fromOrg(first());
    await intake.settle();
    await fromOrg(change(renewalDeal, { ...named, StageName: 'Negotiation' }));
    await intake.settle();
    await fromOrg(renewal());
    await intake.settle();
    expect((await statuses()).map(([status]) => status)).toEqual(['translated', 'translated', 'translated']);
    const merge = merges().at(-1);
    expect(merge).toMatchObject({
      ...{ streamId: engagementOf(renewalDeal), sourceSeq: 'renews' },
      data: { into: engagementOf(firstDeal), how: 'duplicate' },
    });
    expect(merges().every(({ factId }) => factId === merge?.factId)).toBe(true);
    expect(inEngagements()).toContain(`RenewalProposed ${engagementOf(renewalDeal)}`);
  });
});
