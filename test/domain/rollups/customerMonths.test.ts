// Do a customer's steps become the right movements in each month, with each partner and over all?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { engagement } from '../../support/histories/revenue.ts';
import { monthsAt } from '../../support/rolledUp.ts';
import { partyId } from '../../support/tabled.ts';

const e = engagement('e1');
const opened = e.opened('2024-01-01', { customer: 'c', lead: 'p' });
const c = partyId('c');
const withP = `${c}|${partyId('p')}`;
const now = '2026-06-15';

const monthOf = (
  month: string,
  events: readonly RecordedEvent[],
  { group = c, measured = 'EUR', at = now }: { group?: string; measured?: string; at?: string } = {},
) => monthsAt('customer_months', at, events).get(`${group}#${month}#${measured}`);

/** What moved, without what did not. */
const movedIn = (...asked: Parameters<typeof monthOf>) => {
  const row = monthOf(...asked) ?? {};
  const names = ['new', 'expansion', 'reactivation', 'transferIn', 'contraction', 'churn', 'transferOut'];
  const moved = Object.fromEntries(
    names.flatMap((name) => (row[`${name}Minor`] === 0 ? [] : [[name, row[`${name}Minor`]]])),
  );
  return { start: row.startMinor, ...moved, end: row.endMinor };
};

const started = e.started('2026-01-10', 's', 1000);

describe("a customer's revenue", () => {
  it('is new if the customer had none before', () => {
    expect(movedIn('2026-01', [opened, started])).toEqual({ start: 0, new: 1000, end: 1000 });
    expect(movedIn('2026-02', [opened, started])).toEqual({ start: 1000, end: 1000 });
    expect(monthOf('2025-12', [opened, started])).toBeUndefined();
  });

  it('expands by a higher price, and by another subscription', () => {
    const events = [opened, started, e.changed('2026-02-01', 's', 1200), e.started('2026-02-20', 't', 300)];
    expect(movedIn('2026-02', events)).toEqual({ start: 1000, expansion: 500, end: 1500 });
  });

  it('contracts by a lower price, and when one of several subscriptions ends', () => {
    const events = [
      opened,
      started,
      e.started('2026-01-10', 't', 300),
      e.changed('2026-03-01', 's', 900),
      e.ended('2026-03-05', 't'),
    ];
    expect(movedIn('2026-03', events)).toEqual({ start: 1300, contraction: 400, end: 900 });
  });

  it('churns when the end of the last subscription takes effect', () => {
    const events = [opened, started, e.ended('2026-02-01', 's', '2026-04-01')];
    expect(movedIn('2026-03', events)).toEqual({ start: 1000, end: 1000 });
    expect(movedIn('2026-04', events)).toEqual({ start: 1000, churn: 1000, end: 0 });
  });

  it('comes back as a reactivation, even in the month in which it ended', () => {
    const events = [opened, started, e.ended('2026-02-03', 's'), e.started('2026-02-20', 't', 700)];
    expect(movedIn('2026-02', events)).toEqual({ start: 1000, churn: 1000, reactivation: 700, end: 700 });
    expect(monthOf('2026-02', events, { measured: 'logos' })).toMatchObject({
      logosStart: 1,
      churnedLogos: 1,
      reactivatedLogos: 1,
      newLogos: 0,
      logosEnd: 1,
    });
  });

  it('has one movement if it ends and begins at one instant', () => {
    const events = [opened, started, e.ended('2026-02-03', 's'), e.started('2026-02-03', 't', 700)];
    expect(movedIn('2026-02', events)).toEqual({ start: 1000, contraction: 300, end: 700 });
  });

  it("belongs to the month if it begins at the month's first instant", () => {
    const events = [opened, e.started('2026-02-01', 's', 1000), e.ended('2026-02-01', 's', '2026-04-01')];
    expect(movedIn('2026-02', events)).toEqual({ start: 0, new: 1000, end: 1000 });
    expect(movedIn('2026-03', events)).toEqual({ start: 1000, end: 1000 });
    expect(monthOf('2026-01', events)).toBeUndefined();
  });

  it('is summed over its engagements', () => {
    const other = engagement('e2');
    const events = [
      opened,
      started,
      other.opened('2026-03-01', { customer: 'c' }),
      other.started('2026-03-02', 's', 50),
    ];
    expect(movedIn('2026-03', events)).toEqual({ start: 1000, expansion: 50, end: 1050 });
  });

  it('counts from January 2000 on if it began earlier', () => {
    const ancient = instant('1970-01-01');
    const long = [
      recorded('SubscriptionStarted', { subscriptionId: 's', termStart: ancient, billingPeriod: 'P1Y' }, { at: now }),
      recorded(
        'SubscriptionChanged',
        {
          subscriptionId: 's',
          price: { amountMinor: 1000, currency: 'EUR' },
          billingPeriod: 'P1Y',
          effectiveAt: ancient,
        },
        { at: now },
      ),
    ];
    expect(movedIn('2000-01', [opened, ...long])).toEqual({ start: 0, new: 1000, end: 1000 });
    expect(movedIn('2000-02', [opened, ...long])).toEqual({ start: 1000, end: 1000 });
    expect(monthOf('1999-12', [opened, ...long])).toBeUndefined();
  });
});

describe('several currencies', () => {
  const events = [opened, started, e.started('2026-03-01', 'k', 900, { currency: 'NOK' }), e.ended('2026-04-01', 's')];

  it('have movements of their own', () => {
    expect(movedIn('2026-03', events, { measured: 'NOK' })).toEqual({ start: 0, new: 900, end: 900 });
    expect(movedIn('2026-04', events)).toEqual({ start: 1000, churn: 1000, end: 0 });
  });

  it('belong to one customer, which stays while it has revenue in one of them', () => {
    expect(monthOf('2026-03', events, { measured: 'logos' })).toMatchObject({
      logosStart: 1,
      newLogos: 0,
      logosEnd: 1,
    });
    expect(monthOf('2026-04', events, { measured: 'logos' })).toMatchObject({ churnedLogos: 0, logosEnd: 1 });
  });
});

describe('a change of partner', () => {
  const events = [opened, started, e.assigned('2026-03-10', 'q'), e.changed('2026-04-01', 's', 1100)];
  const withQ = `${c}|${partyId('q')}`;

  it('is neither churn nor new, from its date', () => {
    expect(movedIn('2026-01', events, { group: withP })).toEqual({ start: 0, new: 1000, end: 1000 });
    expect(movedIn('2026-03', events, { group: withP })).toEqual({ start: 1000, transferOut: 1000, end: 0 });
    expect(movedIn('2026-03', events, { group: withQ })).toEqual({ start: 0, transferIn: 1000, end: 1000 });
    expect(movedIn('2026-04', events, { group: withQ })).toEqual({ start: 1000, expansion: 100, end: 1100 });
    expect(monthOf('2026-03', events, { group: withQ, measured: 'logos' })).toMatchObject({
      transferredInLogos: 1,
      newLogos: 0,
      logosEnd: 1,
    });
    expect(monthOf('2026-03', events, { group: withP, measured: 'logos' })).toMatchObject({
      transferredOutLogos: 1,
      churnedLogos: 0,
      logosEnd: 0,
    });
  });

  it('changes nothing for the customer over all partners', () => {
    expect(movedIn('2026-03', events)).toEqual({ start: 1000, end: 1000 });
    expect(monthOf('2026-03', events, { measured: 'logos' })).toMatchObject({ windowTransferred: false });
  });

  it('back to an earlier partner is a reactivation there', () => {
    const back = engagement('e2');
    const again = [back.opened('2026-05-01', { customer: 'c', lead: 'p' }), back.started('2026-05-02', 'x', 10)];
    expect(movedIn('2026-05', [...events, ...again], { group: withP })).toEqual({
      start: 0,
      reactivation: 10,
      end: 10,
    });
  });
});

describe('a row', () => {
  it('says who sees it: over all partners only the vendor, with one partner also that partner', () => {
    const own = { customerId: c, engagementId: null, month: '2026-03', measure: 'money', currency: 'EUR' };
    expect(monthOf('2026-03', [opened, started])).toMatchObject({ ...own, partnerId: null, leadPartnerId: null });
    const p = partyId('p');
    expect(monthOf('2026-03', [opened, started], { group: withP })).toMatchObject({
      ...own,
      partnerId: p,
      leadPartnerId: p,
    });
  });

  it('names the event of the last step up to its end', () => {
    const changed = e.changed('2026-03-01', 's', 1200);
    const events = [opened, started, changed];
    expect(monthOf('2026-02', events)).toMatchObject({ lastEventId: started.eventId });
    expect(monthOf('2026-05', events)).toMatchObject({ lastEventId: changed.eventId });
  });

  it('counts an engagement without a known customer as a customer of its own', () => {
    const unknown = e.started('2026-01-10', 's', 1000);
    expect(monthOf('2026-03', [unknown], { group: 'engagement:e1' })).toMatchObject({
      customerId: null,
      engagementId: 'e1',
      endMinor: 1000,
    });
    expect(monthOf('2026-03', [unknown], { group: 'all', measured: 'EUR' })).toBeUndefined();
    expect(monthsAt('tenant_months', now, [unknown]).get('all#2026-03#logos')).toMatchObject({ logosEnd: 1 });
  });
});
