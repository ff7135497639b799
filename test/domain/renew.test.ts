// Does Renew accept proposals, changes, renewals and ends of known subscriptions, and nothing after their end?
import { describe, it } from 'vitest';
import { given } from '../support/histories/decisions.ts';
import { fact, instant, recorded } from '../support/histories/events.ts';

const actor = 'ada';
const started = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's1', termStart: '2026-02-01T00:00:00.000Z', termEnd: '2027-02-01T00:00:00.000Z' },
  { at: '2026-02-01' },
);
const reported = recorded('ValueReported', { reportId: 'r1' }, { at: '2026-12-01' });
const ended = recorded(
  'SubscriptionEnded',
  { subscriptionId: 's1', effectiveAt: '2027-02-01T00:00:00.000Z' },
  { at: '2027-01-10' },
);
const change = (effectiveAt: string, quantity = 5) => ({ subscriptionId: 's1', quantity, effectiveAt });

describe('a renewal', () => {
  it('is proposed for known subscriptions, with reports that were delivered', () => {
    const proposal = { subscriptionIds: ['s1'], evidenceReportIds: ['r1'] };
    given(started, reported)
      .when(fact('RenewalProposed', proposal, { at: '2026-12-10', actor }))
      .accepted();
    given(started)
      .when(fact('RenewalProposed', proposal, { at: '2026-12-10', actor }))
      .refused('reportUnknown', /r1; record ValueReported first/);
    given(reported)
      .when(fact('RenewalProposed', proposal, { at: '2026-12-10', actor }))
      .refused('subscriptionUnknown', /s1/);
  });

  it('is accepted from a system even if its subscription is unknown', () => {
    given()
      .when(fact('RenewalProposed', { subscriptionIds: ['s1'] }, { at: '2026-12-10' }))
      .accepted();
  });
});

describe('a subscription', () => {
  it('changes, renews and ends once it is known', () => {
    const at = '2026-12-20';
    given(started)
      .when(fact('SubscriptionChanged', change('2026-12-20T00:00:00.000Z'), { at, actor }))
      .accepted();
    given(started)
      .when(fact('SubscriptionRenewed', { subscriptionId: 's1', termStart: '2027-02-01T00:00:00.000Z' }, { at, actor }))
      .accepted();
    given(started)
      .when(fact('SubscriptionEnded', { subscriptionId: 's1' }, { at, actor }))
      .accepted();
    given()
      .when(fact('SubscriptionEnded', { subscriptionId: 's1' }, { at, actor }))
      .refused('subscriptionUnknown', /record SubscriptionStarted first/);
  });

  it('does not change after its end, but an earlier change may still be recorded', () => {
    given(started, ended)
      .when(fact('SubscriptionChanged', change('2027-02-01T00:00:00.000Z'), { at: '2027-02-03', actor }))
      .refused('subscriptionEnded', /ended at 2027-02-01/);
    given(started, ended)
      .when(fact('SubscriptionChanged', change('2027-01-31T00:00:00.000Z'), { at: '2027-02-03', actor }))
      .accepted();
  });

  it('renews at the time of the renewal, whatever its term, until it has ended', () => {
    const renewed = (at: string) =>
      fact('SubscriptionRenewed', { subscriptionId: 's1', termStart: '2027-02-01T00:00:00.000Z' }, { at, actor });
    given(started, ended).when(renewed('2027-01-31T23:59')).accepted();
    given(started, ended).when(renewed('2027-02-01')).refused('subscriptionEnded');
  });

  it('is told from another one that has ended', () => {
    const other = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's2', termStart: '2026-02-01T00:00:00.000Z' },
      { at: '2026-02-01' },
    );
    given(started, other, ended)
      .when(fact('SubscriptionEnded', { subscriptionId: 's2' }, { at: '2027-02-03', actor }))
      .accepted();
    given(other, started, ended)
      .when(fact('SubscriptionEnded', { subscriptionId: 's1' }, { at: '2027-02-03', actor }))
      .refused('subscriptionEnded');
  });

  it('is cancelled, noticed, or asked to change once it is known', () => {
    const at = '2026-12-20';
    const asked = (subscriptionId: string) => [
      fact('CancellationAnnounced', { subscriptionId }, { at, actor }),
      fact('RenewalNoticed', { subscriptionIds: ['s1', subscriptionId], endsAt: instant('2027-02-01') }, { at, actor }),
      fact('SubscriptionChangeRequested', { subscriptionId, change: 'quantity' }, { at, actor }),
    ];
    for (const known of asked('s1')) given(started).when(known).accepted();
    for (const unknown of asked('s2')) given(started).when(unknown).refused('subscriptionUnknown', /s2/);
    given()
      .when(fact('CancellationAnnounced', {}, { at, actor }))
      .accepted();
  });

  it('holds its engagement open until the moment at which it ends', () => {
    const order = recorded('OrderPlaced', { claimedBy: 'crm', orderId: 'O1' }, { at: '2026-01-20' });
    const other = recorded(
      'SubscriptionStarted',
      { subscriptionId: 's2', termStart: '2026-02-01T00:00:00.000Z' },
      { at: '2026-02-01' },
    );
    given(order, started, other, ended)
      .when(fact('EngagementClosed', {}, { at: '2027-02-03', actor }))
      .refused('subscriptionLives', /s2 goes on/);
  });
});
