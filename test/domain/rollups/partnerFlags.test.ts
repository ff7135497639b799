// Do the engagements that a partner led give its flags, with the policy and the lead of their time, in any order?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policiesUntil } from '../../../domain/context/policy.ts';
import { parties } from '../../../domain/rows/parties.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { contextOf, offersOf } from '../../support/contexts.ts';
import { policyPublished } from '../../support/histories/engagementFacts.ts';
import { instant, recorded, tenantId } from '../../support/histories/events.ts';
import { day } from '../../support/histories/offerUses.ts';
import { engagementsAt, rollUp } from '../../support/rolledUp.ts';
import { columnsAt, org, partyId } from '../../support/tabled.ts';

const now = '2026-12-31';
const publication = recorded(
  'OfferPublished',
  { offerId: 'suite', version: 1, components: [{ componentId: 'c', kind: 'base_licence' }] },
  { at: '2025-01-01', stream: streamIdOf(tenantId, 'offer', 'suite') },
);

interface Told {
  readonly minutes?: number;
  readonly fingerprint?: string;
  readonly offerId?: string | null;
  readonly earned?: number;
}

/** An engagement that is won, delivered, and live the day after, all on consecutive days. */
const delivering = (id: string, at: string, { minutes = 600, fingerprint, offerId = 'suite', earned }: Told = {}) => {
  const stream = streamIdOf(tenantId, 'engagement', id);
  const live = new Date(Date.parse(`${at}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return [
    recorded(
      'EngagementOpened',
      { leadPartner: org('p'), ...(offerId === null ? {} : { offerId }) },
      { at: '2025-12-01', stream },
    ),
    recorded('DealClosed', { result: 'won' }, { at, stream }),
    recorded(
      'DeliveryStarted',
      {
        plannedMinutes: 600,
        templateRef: 't',
        ...(fingerprint === undefined ? {} : { configFingerprint: fingerprint }),
      },
      { at, stream },
    ),
    recorded('WorkLogged', { workId: 'w', category: 'implementation', minutes }, { at, stream }),
    recorded('MilestoneReached', { milestone: 'go_live' }, { at: live, stream }),
    ...(earned === undefined
      ? []
      : [
          recorded(
            'LedgerEntryRecorded',
            {
              ...{ entryId: 'i', direction: 'revenue', category: 'implementation', kind: 'charge' },
              amount: { amountMinor: earned, currency: 'EUR' },
            },
            { at: live, stream },
          ),
        ]),
  ];
};

const context = contextOf({ offers: offersOf(publication) });
const flagsOf = (events: readonly RecordedEvent[], at = now, of = context) =>
  rollUp(engagementsAt(at, events, of), instant(at))
    .rows.filter(({ table }) => table === 'partner_flags')
    .map(({ columns }) => columns);

const different = Array.from({ length: 7 }, (_, index) =>
  delivering(`e${index}`, day(index * 3), { fingerprint: `f${index}` }),
);

describe('P2.4', () => {
  const [flag, ...others] = flagsOf(different.flat());

  it('stands in a row of the partner, with the go-lives behind it', () => {
    expect(others).toEqual([]);
    const last = different[6]?.find(({ type }) => type === 'MilestoneReached');
    expect(flag).toMatchObject({
      ...{ rule: 'P2.4', pattern: 'customEveryTime', openPattern: 'customEveryTime', status: 'open' },
      ...{ partnerId: partyId('p'), leadPartnerId: partyId('p'), ledBy: partyId('p'), partner: 'crm/account/p' },
      ...{ ruleSeverity: 'high', severity: 'high', subject: 'offer:suite', policyVersion: 0 },
      ...{ openedByEvent: last?.eventId, raisedAt: last?.occurredAt, clearedAt: null },
    });
    const cited = different.slice(2).flatMap((own) => own.filter(({ type }) => type === 'MilestoneReached'));
    expect(flag?.evidence).toEqual(
      expect.arrayContaining(
        cited.map(({ eventId }, index) =>
          expect.objectContaining({ kind: 'event', eventId, engagementId: `e${index + 2}` }),
        ),
      ),
    );
  });

  it('belongs to who led when the delivery started, whoever leads now', () => {
    const moved = ['e3', 'e4', 'e5', 'e6'].map((id) =>
      recorded(
        'PartnerAssigned',
        { partner: org('q'), by: 'connection' },
        { at: '2026-06-01', stream: streamIdOf(tenantId, 'engagement', id) },
      ),
    );
    expect(flagsOf([...different.flat(), ...moved])).toEqual([flag]);
    const before = moved.map((event) =>
      recorded('PartnerAssigned', event.data, { at: '2025-12-15', stream: event.streamId }),
    );
    expect(flagsOf([...different.flat(), ...before])).toEqual([]);
  });

  it('is the same in any order of arrival', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(different, { minLength: different.length }), (arrived) => {
        expect(flagsOf(arrived.flat().toReversed())).toEqual([flag]);
      }),
      { numRuns: 10 },
    );
  });

  it('follows the policy that was in force when the delivery started, and keeps its flag under the next', () => {
    const policies = [
      policyPublished({ thresholds: { 'P2.4': { distinct: 1, deliveries: 7, skipFirst: 0 } } }),
      policyPublished({ thresholds: { 'P2.4': { skipFirst: 50 } } }, { version: 2, from: '2026-06-01' }),
    ];
    const under = (count: number) => {
      const inForce = policiesUntil(policies.slice(0, count), instant(now));
      return { ...context, policies: inForce, policy: inForce.at(-1)?.policy ?? context.policy };
    };
    expect(flagsOf(different.flat(), now, under(1))).toMatchObject([{ policyVersion: 1, raisedAt: flag?.raisedAt }]);
    expect(flagsOf(different.flat(), now, under(2))).toEqual(flagsOf(different.flat(), now, under(1)));
  });
});

describe('P2.5', () => {
  const rates = policiesUntil(
    [
      policyPublished({
        labourRates: [{ amountMinor: 6_000, currency: 'EUR' }],
        thresholds: { 'P2.5': { skipFirst: 0 } },
      }),
    ],
    instant(now),
  );
  const priced = { ...context, policies: rates, policy: rates.at(-1)?.policy ?? context.policy };

  it('compares the margins by the cost of work, the books and the plan', () => {
    const leak = delivering('e1', '2026-02-01', { minutes: 750, earned: 100_000 });
    expect(flagsOf(leak, now, priced)).toMatchObject([
      { rule: 'P2.5', status: 'open', raisedAt: instant('2026-02-02') },
    ]);
    expect(flagsOf(leak)).toEqual([]);
    expect(flagsOf(delivering('e1', '2026-02-01', { minutes: 740, earned: 100_000 }), now, priced)).toEqual([]);
    expect(flagsOf(delivering('e1', '2026-02-01', { minutes: 750 }), now, priced)).toEqual([]);
  });
});

describe('P2.6', () => {
  const sold = (...offers: readonly (string | null)[]) =>
    offers.flatMap((offerId, index) => delivering(`e${index}`, day(index * 3), { offerId }));

  it('counts wins without an offer, and with one that was not published by then', () => {
    const six = sold(null, null, 'unknown', 'unknown', 'suite', 'suite');
    expect(flagsOf(six)).toMatchObject([{ rule: 'P2.6', ruleSeverity: 'medium', status: 'open' }]);
    expect(flagsOf(sold(null, null, null, 'suite', 'suite', 'suite'))).toEqual([]);
    expect(flagsOf(six, '2026-01-15')).toEqual([]);
  });
});

describe('a dismissal on the partner’s stream', () => {
  const stream = streamIdOf(tenantId, 'party', partyId('p'));
  const flagId = String(flagsOf(different.flat())[0]?.flagId);
  const dismissed = recorded(
    'FlagDismissed',
    { flagId, reason: 'doc:new-offer', until: instant('2026-06-01'), party: org('p') },
    { at: '2026-03-01', stream, actor: 'person-1' },
  );
  const party = parties.rows({ events: [dismissed], links: new Map() });
  const dismissedAt = (at: string) => {
    const owners = new Map([...engagementsAt(at, different.flat(), context), [partyId('p'), party] as const]);
    return rollUp(owners, instant(at));
  };
  const flagAt = (at: string) => dismissedAt(at).rows.find(({ table }) => table === 'partner_flags')?.columns;

  it('holds until its date, and changes nothing of the episode', () => {
    expect(flagAt('2026-02-28')).toEqual(flagsOf(different.flat())[0]);
    expect(flagAt('2026-03-01')).toEqual({
      ...flagsOf(different.flat())[0],
      ...{ status: 'dismissed', openPattern: null, lastEventId: dismissed.eventId },
      ...{ dismissedByEvent: dismissed.eventId, dismissedAt: instant('2026-03-01'), dismissedBy: 'person-1' },
      ...{ dismissedUntil: instant('2026-06-01'), dismissReason: 'doc:new-offer' },
    });
    expect(flagAt('2026-05-31T23:59:59.999')).toMatchObject({ status: 'dismissed' });
    expect(flagAt('2026-06-01')).toMatchObject({ status: 'open', openPattern: 'customEveryTime' });
  });

  it('wakes the group when it begins and when it ends', () => {
    expect(dismissedAt('2026-02-28').due).toContain(instant('2026-03-01'));
    expect(dismissedAt('2026-03-01').due).toContain(instant('2026-06-01'));
  });
});

it('offer_uses tells each win and each delivery, and how it compared', () => {
  const rows = columnsAt('offer_uses', now, delivering('e1', '2026-02-01', { fingerprint: 'f' }), context);
  expect(rows).toMatchObject([
    { kind: 'win', countsAt: instant('2026-02-01'), offerId: 'suite', published: true, ledBy: partyId('p') },
    {
      ...{ kind: 'delivery', startedAt: instant('2026-02-01'), countsAt: instant('2026-02-02') },
      ...{ minutes: 600, plannedMinutes: 600, configFingerprint: 'f', fingerprintSeenBy: [partyId('p')] },
    },
  ]);
  const started = delivering('e1', '2026-02-01').filter(({ type }) => type !== 'MilestoneReached');
  expect(columnsAt('offer_uses', now, started, context)[1]).toMatchObject({ countsAt: null, countsEvent: null });
});
