// Does Report accept measurements of known subscriptions and agreed outcomes, and each report once?
import { describe, it } from 'vitest';
import { given } from '../support/histories/decisions.ts';
import { fact, recorded } from '../support/histories/events.ts';

const actor = 'ada';
const at = '2026-06-02';
const agreed = recorded('OutcomeAgreed', { outcomeId: 'o1' }, { at: '2026-01-10' });
const started = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's1', termStart: '2026-02-01T00:00:00.000Z' },
  { at: '2026-02-01' },
);
const usage = (subscriptionId: string, windowEnd: string) => ({
  subscriptionId,
  windowStart: '2026-05-01T00:00:00.000Z',
  windowEnd,
  activeUnits: 7,
  metric: 'activeUsers',
});
const reported = recorded('ValueReported', { reportId: 'r1' }, { at: '2026-06-01' });

describe('usage', () => {
  it('is measured for a known subscription, over a window', () => {
    const end = '2026-06-01T00:00:00.000Z';
    given(started)
      .when(fact('UsageMeasured', usage('s1', end), { at, actor }))
      .accepted();
    given(started)
      .when(fact('UsageMeasured', usage('s2', end), { at, actor }))
      .refused('subscriptionUnknown', /s2/);
    given(started)
      .when(fact('UsageMeasured', usage('s1', '2026-05-01T00:00:00.000Z'), { at, actor }))
      .refused('windowEmpty', /after windowStart/);
  });
});

describe('an outcome', () => {
  it('is measured after it was agreed', () => {
    given(agreed)
      .when(fact('OutcomeMeasured', { outcomeId: 'o1', value: 3 }, { at, actor }))
      .accepted();
    given(agreed)
      .when(fact('OutcomeMeasured', { outcomeId: 'o2', value: 3 }, { at, actor }))
      .refused('outcomeUnknown', /o2; record OutcomeAgreed first/);
  });

  it('is accepted from a system even if it was not agreed', () => {
    given()
      .when(fact('OutcomeMeasured', { outcomeId: 'o2', value: 3 }, { at }))
      .accepted();
  });
});

describe('a report', () => {
  it('is delivered once, of agreed outcomes', () => {
    given(agreed)
      .when(fact('ValueReported', { reportId: 'r1', outcomeIds: ['o1'] }, { at, actor }))
      .accepted();
    given(reported)
      .when(fact('ValueReported', { reportId: 'r1', sections: ['adoption'] }, { at, actor }))
      .refused('reportAlreadyDelivered', /r1/);
    given(agreed)
      .when(fact('ValueReported', { reportId: 'r2', outcomeIds: ['o1', 'o9'] }, { at, actor }))
      .refused('outcomeUnknown', /o9/);
  });
});
