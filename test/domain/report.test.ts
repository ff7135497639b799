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
const another = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's9', termStart: '2026-02-01T00:00:00.000Z' },
  { at: '2026-02-01' },
);
const reported = recorded('ValueReported', { reportId: 'r1' }, { at: '2026-06-01' });

describe('usage', () => {
  it('is measured for a known subscription, over a window', () => {
    const end = '2026-06-01T00:00:00.000Z';
    given(started)
      .when(fact('UsageMeasured', usage('s1', end), { at, actor }))
      .accepted();
    given(another, started)
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

  it('beside another one is delivered', () => {
    given(agreed, reported)
      .when(fact('ValueReported', { reportId: 'r2', sections: ['adoption'] }, { at, actor }))
      .accepted();
  });

  it('is acknowledged once, after it was delivered', () => {
    const acknowledge = (reportId: string) => fact('ReportAcknowledged', { reportId, by: 'person:1' }, { at, actor });
    const other = recorded('ValueReported', { reportId: 'r2' }, { at: '2026-06-01' });
    const read = recorded('ReportAcknowledged', { reportId: 'r2', by: 'person:2' }, { at: '2026-06-01T09:00' });
    given()
      .when(acknowledge('r1'))
      .refused('reportUnknown', /r1; record ValueReported first/);
    given(reported).when(acknowledge('r2')).refused('reportUnknown');
    given(reported, other, read).when(acknowledge('r1')).accepted();
    given(reported, other, read)
      .when(acknowledge('r2'))
      .refused('reportAlreadyAcknowledged', new RegExp(`${read.eventId} already acknowledged report r2`));
  });
});

describe('a ticket', () => {
  const open = (ticketId: string) => fact('TicketOpened', { ticketId, priority: 'P2' }, { at, actor });
  const progress = (ticketId: string) => fact('TicketProgressed', { ticketId, status: 'resolved' }, { at, actor });
  const opened = ['t1', 't2'].map((ticketId) =>
    recorded('TicketOpened', { ticketId, priority: 'P3' }, { at: '2026-06-01', sourceId: `before ${ticketId}` }),
  );

  it('is opened once', () => {
    given().when(open('t1')).accepted();
    given(...opened)
      .when(open('t3'))
      .accepted();
    given(...opened)
      .when(open('t1'))
      .refused('ticketAlreadyOpened', /t1/);
  });

  it('goes on after it was opened', () => {
    given(...opened)
      .when(progress('t2'))
      .accepted();
    given(...opened)
      .when(progress('t3'))
      .refused('ticketUnknown', /t3/);
    given()
      .when(progress('t1'))
      .refused('ticketUnknown', /record TicketOpened first/);
  });
});

describe('a satisfaction', () => {
  it('is on its scale', () => {
    const score = (scale: 'nps' | 'csat', value: number) =>
      fact('SatisfactionRecorded', { scale, score: value }, { at, actor });
    for (const on of [score('nps', 0), score('nps', 10), score('csat', 1), score('csat', 5)])
      given().when(on).accepted();
    for (const off of [score('nps', 7.5), score('csat', 0.5), score('csat', 6)]) {
      given()
        .when(off)
        .refused('scoreOffScale', /nps has 0 to 10, csat 1 to 5/);
    }
  });
});
