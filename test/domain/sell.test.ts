// Does Sell accept one opening, one closing a cycle, agreed outcomes, and a won deal with a value?
import { describe, it } from 'vitest';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded } from '../support/histories/events.ts';

const actor = 'ada';
const opened = recorded('EngagementOpened', {}, { at: '2026-01-05' });
const valued = recorded('DealRevised', { value: { amount: '100.00', currency: 'EUR' } }, { at: '2026-01-06' });
const outcome = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-01-10' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const started = recorded(
  'SubscriptionStarted',
  {
    subscriptionId: 's1',
    kind: 'base_licence',
    termStart: '2026-02-01T00:00:00.000Z',
    termEnd: '2027-02-01T00:00:00.000Z',
  },
  { at: '2026-02-01' },
);
const renewed = recorded(
  'SubscriptionRenewed',
  { subscriptionId: 's1', termStart: '2027-02-01T00:00:00.000Z', termEnd: '2028-02-01T00:00:00.000Z' },
  { at: '2027-01-20' },
);

describe('an engagement', () => {
  it('opens once', () => {
    given()
      .when(fact('EngagementOpened', {}, { at: '2026-01-05', actor }))
      .accepted();
    given(opened)
      .when(fact('EngagementOpened', { segment: 'enterprise' }, { at: '2026-01-07', actor }))
      .refused('alreadyOpened', new RegExp(opened.eventId));
  });

  it('opens again if a system says so: that is a deviation, not a refusal', () => {
    given(opened)
      .when(fact('EngagementOpened', { segment: 'enterprise' }, { at: '2026-01-07' }))
      .accepted();
  });
});

describe('an outcome', () => {
  it('is agreed anew with another target or another day, so that its flags can clear', () => {
    const first = recorded('OutcomeAgreed', { outcomeId: 'o1', target: 5, due: '2026-06-30' }, { at: '2026-01-10' });
    const again = (at: string, said: { readonly target: number; readonly due: string }) =>
      fact('OutcomeAgreed', { outcomeId: 'o1', ...said }, { at, actor });
    given(opened, first)
      .when(again('2026-02-01', { target: 6, due: '2026-06-30' }))
      .accepted();
    given(opened, first)
      .when(again('2026-02-01', { target: 5, due: '2026-07-31' }))
      .accepted();
    const second = recorded('OutcomeAgreed', { outcomeId: 'o1', target: 6, due: '2026-06-30' }, { at: '2026-02-01' });
    given(opened, first, second)
      .when(again('2026-03-01', { target: 5, due: '2026-06-30' }))
      .accepted();
    given(opened, first, second)
      .when(again('2026-03-01', { target: 6, due: '2026-06-30' }))
      .refused('outcomeAlreadyAgreed', /supersedes/);
  });

  it('is agreed so once, and corrected by an event that supersedes it', () => {
    given(opened)
      .when(fact('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-01-11', actor }))
      .accepted();
    given(opened, outcome)
      .when(fact('OutcomeAgreed', { outcomeId: 'o1', metric: 'hours' }, { at: '2026-01-11', actor }))
      .refused('outcomeAlreadyAgreed', /supersedes/);
    given(opened, outcome)
      .when(
        fact('OutcomeAgreed', { outcomeId: 'o1', target: 5 }, { at: '2026-01-11', actor, supersedes: outcome.eventId }),
      )
      .accepted();
  });
});

describe('a proposal', () => {
  it('names only outcomes that were agreed', () => {
    const proposal = fact('SolutionProposed', { outcomeIds: ['o1', 'o2'] }, { at: '2026-01-12', actor });
    given(opened, outcome)
      .when(proposal)
      .refused('outcomeUnknown', /no such agreed outcome: o2/);
    given(opened, outcome)
      .when(fact('SolutionProposed', { outcomeIds: ['o1'] }, { at: '2026-01-12', actor }))
      .accepted();
  });
});

describe('a deal', () => {
  it('is won with a value of its own or an earlier one', () => {
    const close = fact('DealClosed', { result: 'won' }, { at: '2026-02-01', actor });
    given(opened, valued).when(close).accepted();
    given(opened)
      .when(close)
      .refused('wonWithoutValue', /DealRevised/);
    given(opened)
      .when(fact('DealClosed', { result: 'won', value: { amount: '1', currency: 'EUR' } }, { at: '2026-02-01', actor }))
      .accepted();
  });

  it('is lost without a value', () => {
    given(opened)
      .when(fact('DealClosed', { result: 'lost' }, { at: '2026-02-01', actor }))
      .accepted();
  });

  it('closes once in each cycle', () => {
    given(opened, valued, won)
      .when(fact('DealClosed', { result: 'lost' }, { at: '2026-03-01', actor }))
      .refused('dealAlreadyClosed', /already closed the deal of cycle 1 as won/);
    given(opened, valued, won, started, renewed)
      .when(fact('DealClosed', { result: 'won' }, { at: '2027-03-01', actor }))
      .accepted();
  });

  it('is revised as often as it changes', () => {
    given(opened, valued)
      .when(fact('DealRevised', { salesStage: 'Negotiation' }, { at: '2026-01-20', actor }))
      .accepted();
  });
});
