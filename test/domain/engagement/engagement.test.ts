// What follows from an engagement's facts alone: who leads it, and what is its deal worth?
import { describe, expect, it } from 'vitest';
import { dealValues, moneyOfDeal } from '../../../domain/engagement/dealValues.ts';
import { foldEngagement, leadAt } from '../../../domain/engagement/engagement.ts';
import { factsOf } from '../../../domain/engagement/facts.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const fold = (...events: readonly RecordedEvent[]) => foldEngagement([...events].sort(inFoldOrder));
const partner = (id: string) => ({ system: 'crm', kind: 'account', id });

describe('an engagement', () => {
  it('is named by its stream', () => {
    const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
    expect(fold(opened)).toMatchObject({
      streamId: 'acme/engagement/e1',
      tenantId: 'acme',
      engagementId: 'e1',
      opened,
    });
    expect(fold()).toMatchObject({ streamId: '', engagementId: '', opened: undefined, leads: [] });
  });

  it('finds its facts by type, in fold order', () => {
    const [late, early] = ['2026-01-05', '2026-01-02'].map((at) =>
      recorded('DealRevised', { salesStage: 'a' }, { at }),
    );
    if (late === undefined || early === undefined) throw new Error('two events were made');
    expect(fold(late, early).of('DealRevised')).toEqual([early, late]);
    expect(fold(late).of('DealClosed')).toEqual([]);
  });
});

describe('the lead partner', () => {
  const opened = recorded('EngagementOpened', { leadPartner: partner('p1') }, { at: '2026-01-01' });
  const assigned = recorded('PartnerAssigned', { partner: partner('p2'), by: 'person' }, { at: '2026-03-01' });

  it('is the one that was assigned last by an instant', () => {
    const engagement = fold(opened, assigned);
    expect(leadAt(engagement, instant('2025-12-31'))).toBeUndefined();
    expect(leadAt(engagement, instant('2026-01-01'))).toEqual(partner('p1'));
    expect(leadAt(engagement, instant('2026-03-01'))).toEqual(partner('p2'));
  });

  it('may be absent: direct, or not known', () => {
    expect(leadAt(fold(recorded('EngagementOpened', {}, { at: '2026-01-01' })), instant('2026-02-01'))).toBeUndefined();
  });
});

describe("a deal's value", () => {
  const revised = (
    amount: string,
    at: string,
    said: { currency?: string; source?: string; connection?: string } = {},
  ) =>
    recorded(
      'DealRevised',
      { value: { amount, ...(said.currency === undefined ? {} : { currency: said.currency }) } },
      {
        at,
        ...(said.source === undefined ? {} : { source: said.source }),
        ...(said.connection === undefined ? {} : { currency: said.connection }),
      },
    );
  const worth = (...events: readonly RecordedEvent[]) => {
    return dealValues(factsOf([...events].sort(inFoldOrder))).map(moneyOfDeal);
  };

  it('is in its own currency, exactly', () => {
    expect(worth(revised('84000.00', '2026-01-01', { currency: 'EUR' }))).toEqual([
      { amountMinor: 8_400_000, currency: 'EUR' },
    ]);
    expect(worth(revised('84000', '2026-01-01', { currency: 'JPY' }))).toEqual([
      { amountMinor: 84_000, currency: 'JPY' },
    ]);
    expect(worth(revised('0.125', '2026-01-01', { currency: 'EUR' }))).toEqual([undefined]);
  });

  it("has the currency that its source named last, else the connection's, else none", () => {
    const named = revised('1', '2026-01-01', { currency: 'NOK' });
    expect(worth(named, revised('2', '2026-01-02', { connection: 'EUR' }))[1]).toEqual({
      amountMinor: 200,
      currency: 'NOK',
    });
    expect(worth(named, revised('2', '2026-01-02', { source: 'hubspot:1', connection: 'EUR' }))[1]).toEqual({
      amountMinor: 200,
      currency: 'EUR',
    });
    expect(worth(named, revised('2', '2025-12-31'))[0]).toBeUndefined();
    expect(worth(revised('2', '2026-01-02'))).toEqual([undefined]);
  });

  it('is named by the opening, revisions, proposals and the closing', () => {
    const value = { amount: '5', currency: 'EUR' };
    const facts = fold(
      recorded('EngagementOpened', { expectedValue: value }, { at: '2026-01-01' }),
      recorded('DealRevised', { value }, { at: '2026-01-02' }),
      recorded('SolutionProposed', { value }, { at: '2026-01-03' }),
      recorded('DealClosed', { result: 'won', value }, { at: '2026-01-04' }),
      recorded('RenewalProposed', { value }, { at: '2026-01-05' }),
    );
    expect(dealValues(facts).map(({ event }) => event.type)).toEqual([
      'EngagementOpened',
      'DealRevised',
      'SolutionProposed',
      'DealClosed',
    ]);
  });
});
