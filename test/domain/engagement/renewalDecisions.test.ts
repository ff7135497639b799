// Which renewal or end decides a proposal: of the subscriptions that it names and that live, else of the anchor?
import { describe, expect, it } from 'vitest';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { firstDecision, openProposals, renewalDecisionsOf } from '../../../domain/engagement/renewalDecisions.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { ended, renewed, subscribed } from '../../support/histories/engagementFacts.ts';
import { instant, recorded } from '../../support/histories/events.ts';

const proposed = (at: string, ...subscriptionIds: readonly string[]) =>
  recorded('RenewalProposed', { subscriptionIds: [...subscriptionIds] }, { at });
const foldOf = (...events: readonly RecordedEvent[]) => foldEngagement([...events].sort(inFoldOrder));
const decisionsOf = (...events: readonly RecordedEvent[]) => {
  const engagement = foldOf(...events);
  return renewalDecisionsOf(engagement, engagement.subscriptions);
};
const [a, b] = [subscribed('2026-01-01', { subscription: 'a' }), subscribed('2026-01-02', { subscription: 'b' })];
const aRenewed = renewed('2026-11-10', { from: '2026-12-01', subscription: 'a' });
const bRenewed = renewed('2026-11-05', { from: '2027-01-15', subscription: 'b' });
const bEnded = ended('2026-11-20', { subscriptionId: 'b' });

describe('what decides a proposal', () => {
  const of = (proposal: ReturnType<typeof proposed>, ...events: readonly RecordedEvent[]) =>
    decisionsOf(proposal, ...events).ofProposal(proposal)?.event;

  it('is the last decision on all that it names', () => {
    expect(of(proposed('2026-10-01', 'a', 'b'), a, b, aRenewed)).toBeUndefined();
    expect(of(proposed('2026-10-01', 'a', 'b', 'a'), a, b, aRenewed, bEnded)).toBe(bEnded);
    expect(of(proposed('2026-10-01', 'b', 'a'), a, b, bEnded, aRenewed)).toBe(bEnded);
    expect(of(proposed('2026-10-01', 'b'), a, b, aRenewed, bEnded)).toBe(bEnded);
  });

  it('is at the very instant of the proposal too, and not before it', () => {
    expect(of(proposed('2026-11-20', 'b'), a, b, bEnded)).toBe(bEnded);
    expect(of(proposed('2026-11-19T23:59', 'b'), a, b, bEnded)).toBe(bEnded);
    const earlier = renewed('2026-03-01', { from: '2026-04-01', subscription: 'b' });
    expect(of(proposed('2026-10-01', 'b'), a, b, earlier)).toBeUndefined();
  });

  it('is one on what lives by then: what has ended, or is not known yet, is decided by the anchor', () => {
    expect(of(proposed('2026-11-21', 'b'), a, b, bEnded)).toBeUndefined();
    const later = renewed('2026-12-01', { from: '2027-01-01', subscription: 'a' });
    expect(of(proposed('2026-11-21', 'b'), a, b, bEnded, later)).toBe(later);
    expect(of(proposed('2025-12-01', 'b'), a, b, bEnded, later)).toBe(later);
    expect(of(proposed('2026-11-21'), a, b, later)).toBe(later);
  });

  it('of the anchor is its renewal, not its end', () => {
    const over = ended('2026-10-15', { subscriptionId: 'a' });
    expect(of(proposed('2026-10-01'), a, b, over)).toBeUndefined();
    expect(of(proposed('2026-10-01', 'a'), a, b, over)).toBe(over);
  });
});

describe('decisions', () => {
  const { of, ofAnchor } = decisionsOf(a, b, bEnded, renewed('2026-11-25', { from: '2026-11-15', subscription: 'b' }));

  it('are sorted by when they take effect', () => {
    expect(of('b', instant('2026-11-01'))?.at).toBe(instant('2026-11-20'));
    expect(of('b', instant('2026-11-20T00:01'))?.event.type).toBe('SubscriptionRenewed');
    expect(of('c', instant('2026-11-01'))).toBeUndefined();
    expect(ofAnchor(instant('2026-01-01'))).toBeUndefined();
  });

  it('are given with the first of several', () => {
    const [late, early] = [
      { at: instant('2026-02-02'), event: bEnded },
      { at: instant('2026-02-01'), event: bRenewed },
    ];
    expect(firstDecision(late, undefined, early)).toBe(early);
    expect(firstDecision(early, late)).toBe(early);
    expect(firstDecision(undefined)).toBeUndefined();
  });
});

describe('a proposal', () => {
  it('is open until it is decided', () => {
    const engagement = foldOf(proposed('2026-10-01', 'b'), a, b, bEnded);
    const isOpen = openProposals(engagement, engagement.subscriptions);
    const answers = ['2026-09-30T23:59', '2026-10-01', '2026-11-19T23:59', '2026-11-20'].map((at) =>
      isOpen(instant(at)),
    );
    expect(answers).toEqual([false, true, true, false]);
  });
});
