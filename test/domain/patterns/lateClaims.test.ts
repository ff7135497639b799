// Can a partner unmake a flag after it was raised?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType, RecordedOf } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { type RecordedOptions, recorded, type Said } from '../../support/histories/events.ts';
import { type Given, given } from '../../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const vendor = { role: 'vendor' } as const;

const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const won = recorded(
  'DealClosed',
  { result: 'won', value: { amount: '100.00', currency: 'EUR' } },
  { at: '2026-02-02' },
);
const sale = given(opened, won);

/** What a partner says: when it claims that it happened, and when it said so. */
const claims = <T extends EventType>(
  type: T,
  said: Said<T>,
  options: Pick<RecordedOptions, 'at' | 'supersedes' | 'sourceId'> & { readonly saidAt: string },
): RecordedOf<T> => recorded(type, said, { ...options, recordedAt: options.saidAt, actor: 'pat', saidBy: partner });

const outcome = (at: string, saidAt: string) => claims('OutcomeAgreed', { outcomeId: 'o1' }, { at, saidAt });

const statesOf = (story: Given, now: string, rule: string) =>
  story.flagsAt(now, rule).map(({ raisedAt, cleared }) => ({ raisedAt, cleared }));

const policy = (lateClaimAfter: number) =>
  recorded(
    'PolicyPublished',
    { policyVersion: 1, effectiveFrom: '2026-01-01T00:00:00.000Z', lateClaimAfter },
    {
      at: '2026-01-01',
      stream: 'acme/policy/policy',
    },
  );

describe('a partner’s back-dated word', () => {
  it('unmakes no flag that was raised before it was said: the flag stands as cleared, lateClaim', () => {
    const claim = outcome('2026-02-01', '2026-02-20');
    expect(statesOf(sale.and(claim), '2026-03-01', 'P1.1')).toEqual([
      {
        raisedAt: '2026-02-02T00:05:00.000Z',
        cleared: { at: '2026-02-20T00:00:00.000Z', eventId: claim.eventId, reason: 'lateClaim' },
      },
    ]);
  });

  it('counts where it was said before the flag was raised', () => {
    expect(statesOf(sale.and(outcome('2026-02-01', '2026-02-02T00:04')), '2026-03-01', 'P1.1')).toEqual([]);
  });

  it('counts where the vendor, or a system, says the same', () => {
    const said = { at: '2026-02-01', recordedAt: '2026-02-20' };
    for (const saidBy of [vendor, undefined]) {
      const word = recorded('OutcomeAgreed', { outcomeId: 'o1' }, saidBy === undefined ? said : { ...said, saidBy });
      expect(statesOf(sale.and(word), '2026-03-01', 'P1.1')).toEqual([]);
    }
  });

  it('goes with the flag where the vendor confirms it, and leaves the flag open where the vendor rejects it', () => {
    const claim = outcome('2026-02-01', '2026-02-20');
    const judged = (type: 'ClaimConfirmed' | 'ClaimRejected') =>
      sale.and(claim, recorded(type, { eventId: claim.eventId, reason: 'seen' }, { at: '2026-02-25', saidBy: vendor }));
    expect(statesOf(judged('ClaimConfirmed'), '2026-03-01', 'P1.1')).toEqual([]);
    expect(statesOf(judged('ClaimRejected'), '2026-03-01', 'P1.1')).toEqual([
      { raisedAt: '2026-02-02T00:05:00.000Z', cleared: undefined },
    ]);
  });

  it.each([
    [20, '2026-02-20', 0],
    [20, '2026-02-22T00:05', 0],
    [20, '2026-02-22T00:06', 1],
    [0.5, '2026-02-02T12:06', 1],
  ])('may come %s days after the flag where the policy says so: %s', (days, saidAt, late) => {
    const story = sale.and(policy(days), outcome('2026-02-01', saidAt));
    expect(statesOf(story, '2026-03-01', 'P1.1')).toHaveLength(late);
  });

  it('clears a flag that it only answers when it was said, not when it claims', () => {
    const honest = outcome('2026-02-20', '2026-02-20');
    const earlier = outcome('2026-02-03', '2026-02-20');
    for (const claim of [honest, earlier]) {
      expect(statesOf(sale.and(claim), '2026-03-01', 'P1.1')).toEqual([
        {
          raisedAt: '2026-02-02T00:05:00.000Z',
          cleared: { at: '2026-02-20T00:00:00.000Z', eventId: claim.eventId, reason: 'outcomeAgreedAfterSale' },
        },
      ]);
    }
  });
});

describe('every way back', () => {
  const started = claims('DeliveryStarted', {}, { at: '2026-02-10', saidAt: '2026-02-10', sourceId: 'started' });

  it('a correction of its own words hides no flag that they raised', () => {
    const story = sale.and(started);
    expect(statesOf(story, '2026-03-01', 'P2.1')).toEqual([{ raisedAt: started.occurredAt, cleared: undefined }]);
    const corrected = claims(
      'DeliveryStarted',
      { templateRef: 't1' },
      { at: '2026-02-10', saidAt: '2026-02-20', supersedes: started.eventId },
    );
    expect(statesOf(story.and(corrected), '2026-03-01', 'P2.1')).toEqual([
      {
        raisedAt: started.occurredAt,
        cleared: { at: '2026-02-20T00:00:00.000Z', eventId: corrected.eventId, reason: 'lateClaim' },
      },
    ]);
  });

  it('a retraction of its own words hides none', () => {
    const back = claims(
      'FactRetracted',
      { eventId: started.eventId, reason: 'wrong' },
      { at: '2026-02-20', saidAt: '2026-02-20' },
    );
    expect(statesOf(sale.and(started, back), '2026-03-01', 'P2.1')).toMatchObject([
      { cleared: { eventId: back.eventId, reason: 'lateClaim' } },
    ]);
  });

  it('a claim that raises a flag, and a later one that hides it, hide nothing together', () => {
    const late = claims(
      'DeliveryStarted',
      { templateRef: 't1' },
      { at: '2026-02-10', saidAt: '2026-02-12', sourceId: 'late' },
    );
    const accepted = claims(
      'HandoffAccepted',
      { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' },
      { at: '2026-02-09', saidAt: '2026-02-27' },
    );
    expect(statesOf(sale.and(late), '2026-03-01', 'P3.1')).toMatchObject([{ cleared: undefined }]);
    expect(statesOf(sale.and(late, accepted), '2026-03-01', 'P3.1')).toMatchObject([
      { cleared: { eventId: accepted.eventId, reason: 'lateClaim' } },
    ]);
  });

  it('an honest late answer clears as before', () => {
    const offered = claims(
      'HandoffOffered',
      {
        handoffId: 'h1',
        fromStage: 'sell',
        toStage: 'deliver',
        toOwner: 'o',
        expectations: [{ textRef: 'e' }],
        contextRef: 'c',
      },
      { at: '2026-02-20', saidAt: '2026-02-20' },
    );
    expect(statesOf(sale.and(offered), '2026-03-01', 'P3.2')).toMatchObject([
      { cleared: { at: '2026-02-20T00:00:00.000Z', eventId: offered.eventId, reason: 'offeredLate' } },
    ]);
  });
});

describe('law', () => {
  const offer = (at: string, saidAt: string, index: number) =>
    claims(
      'HandoffOffered',
      {
        handoffId: `h${index}`,
        fromStage: 'sell',
        toStage: 'deliver',
        toOwner: 'o',
        expectations: [{ textRef: 'e' }],
        contextRef: 'c',
      },
      { at, saidAt, sourceId: `offer ${index}` },
    );
  const base = '2026-02-02T00:00:00.000Z';

  it('no back-dated claims, however many and whenever said, take a flag from the list that stood before them', () => {
    const Claim = fc.record({
      kind: fc.constantFrom('outcome', 'offer', 'delivery', 'accepted'),
      claimedDay: fc.integer({ min: -5, max: 40 }),
      delay: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(Claim, { maxLength: 8 }), (said) => {
        const events = said
          .map(({ kind, claimedDay, delay }, index) => {
            const at = addDays(base, claimedDay);
            const saidAt = addDays(base, Math.max(claimedDay + delay, 0));
            if (kind === 'outcome') return claims('OutcomeAgreed', { outcomeId: `o${index}` }, { at, saidAt });
            if (kind === 'offer') return offer(at, saidAt, index);
            if (kind === 'delivery')
              return claims('DeliveryStarted', index % 2 === 0 ? {} : { templateRef: 't' }, {
                at,
                saidAt,
                sourceId: `d${index}`,
              });
            return claims(
              'HandoffAccepted',
              { handoffId: `h${index}`, fromStage: 'sell', toStage: 'deliver' },
              { at, saidAt },
            );
          })
          .sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
        const now = addDays(base, 80);
        // What stood, half an hour after each claim and before any later one, still shows at the end: open, cleared, or as lateClaim.
        const whole = sale.and(...events);
        const shown = new Set(
          whole
            .verdictsAt(now)
            .flatMap((v) => (v.state === 'raised' ? [`${v.rule} ${v.subject} ${v.openedBy.factId}`] : [])),
        );
        for (let heard = 0; heard <= events.length; heard += 1) {
          const next = events[heard]?.recordedAt ?? now;
          const before = sale.and(...events.slice(0, heard).filter(({ recordedAt }) => recordedAt < next));
          for (const verdict of before.verdictsAt(next)) {
            if (verdict.state !== 'raised') continue;
            const limit = verdict.raisedAt;
            if (limit >= next) continue;
            expect(shown).toContain(`${verdict.rule} ${verdict.subject} ${verdict.openedBy.factId}`);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('holds among many claims', () => {
    const work = Array.from({ length: 40 }, (_, day) =>
      claims(
        'WorkLogged',
        { workId: `w${day}`, category: 'support', minutes: 60 },
        { at: addDays(base, day), saidAt: addDays(base, day + 1) },
      ),
    );
    const claim = outcome('2026-02-01', '2026-02-20T00:07');
    const events = [...work, claim].sort((a, b) => (a.recordedAt < b.recordedAt ? -1 : 1));
    expect(statesOf(sale.and(...events), '2026-05-01', 'P1.1')).toMatchObject([
      { cleared: { eventId: claim.eventId, reason: 'lateClaim' } },
    ]);
  });
});
