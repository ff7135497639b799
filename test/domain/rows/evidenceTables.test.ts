// Do usage, work, reports, tickets, outcomes, cadence, packs and scores stand in tables?
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { instant, recorded } from '../../support/histories/events.ts';
import { columnsAt, org, partyId } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-02-01' });
const agreed = recorded(
  'OutcomeAgreed',
  { outcomeId: 'o', baseline: 10, target: 20, due: '2026-06-30' },
  { at: '2026-01-10' },
);
const started = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's', termStart: instant('2026-02-01'), termEnd: instant('2027-02-01') },
  { at: '2026-02-01' },
);
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const reported = (reportId: string, at: string, sections: ('adoption' | 'business_impact')[] = []) =>
  recorded('ValueReported', { reportId, sections }, { at });
const used = (activeUnits: number, purchasedUnits?: number) =>
  recorded(
    'UsageMeasured',
    {
      ...{ subscriptionId: 's', windowStart: instant('2026-04-01'), windowEnd: instant('2026-05-01') },
      ...{ activeUnits, metric: 'users', ...(purchasedUnits === undefined ? {} : { purchasedUnits }) },
    },
    { at: '2026-05-01' },
  );
const base: readonly RecordedEvent[] = [opened, won, agreed, started, live];

describe('usage', () => {
  it.each([
    ['a share of what was paid for', used(30, 120), 0.25, null],
    ['all of it where more is used', used(130, 120), 1, null],
    ['unknown where nobody said what was paid for', used(30), null, 'purchasedUnitsNotSaid'],
    ['unknown where nothing was paid for', used(30, 0), null, 'nothingPurchased'],
  ])('is %s', (_, event, adoption, adoptionReason) => {
    expect(columnsAt('usage', '2026-06-01', [...base, event])).toMatchObject([{ adoption, adoptionReason }]);
  });
});

describe('work', () => {
  it('counts an entry once, as it was said last', () => {
    const logged = (minutes: number, at: string) =>
      recorded('WorkLogged', { workId: 'w', category: 'implementation', minutes }, { at });
    const rows = columnsAt('work', '2026-06-01', [...base, logged(60, '2026-02-10'), logged(90, '2026-02-11')]);
    expect(rows).toMatchObject([{ workId: 'w', minutes: 90, category: 'implementation', ledBy: partyId('p') }]);
  });
});

describe('a report', () => {
  const acknowledged = (at: string) => recorded('ReportAcknowledged', { reportId: 'r-1' }, { at });

  it('shows when it was first acknowledged', () => {
    const events = [...base, reported('r-1', '2026-04-01'), acknowledged('2026-04-05'), acknowledged('2026-04-09')];
    expect(columnsAt('reports', '2026-06-01', events)).toMatchObject([
      { reportId: 'r-1', acknowledgedAt: instant('2026-04-05'), reportedAt: instant('2026-04-01') },
    ]);
  });

  it('ends one wait and begins the next', () => {
    const events = [...base, reported('r-1', '2026-04-01')];
    expect(columnsAt('report_cadence', '2026-07-10T00:05', events)).toMatchObject([
      { after: 'go_live', days: 31, onTime: true, reportId: 'r-1' },
      { after: 'report', days: null, onTime: false, reportId: null, dueAt: instant('2026-07-10') },
    ]);
    expect(columnsAt('report_cadence', '2026-07-10T00:04', events)[1]).toMatchObject({ onTime: null });
  });
});

describe('a ticket', () => {
  const ticket = recorded('TicketOpened', { ticketId: 't', priority: 'P1' }, { at: '2026-04-01T10:00' });
  const progressed = (status: 'waiting_customer' | 'in_progress' | 'resolved' | 'reopened' | 'closed', at: string) =>
    recorded('TicketProgressed', { ticketId: 't', status }, { at });

  it('shows how long it took, and how long it waited for the customer', () => {
    const events = [
      ...[ticket, progressed('waiting_customer', '2026-04-01T11:00'), progressed('in_progress', '2026-04-01T12:30')],
      ...[progressed('resolved', '2026-04-01T14:00'), progressed('closed', '2026-04-02T14:00')],
    ];
    expect(columnsAt('tickets', '2026-06-01', [...base, ...events])).toMatchObject([
      { status: 'closed', minutes: 240, waitingMinutes: 90, resolvedAt: instant('2026-04-01T14:00'), reopened: 0 },
    ]);
  });

  it('is open again once it is reopened', () => {
    const events = [ticket, progressed('resolved', '2026-04-01T14:00'), progressed('reopened', '2026-04-02')];
    expect(columnsAt('tickets', '2026-06-01', [...base, ...events])).toMatchObject([
      { status: 'reopened', minutes: null, resolvedAt: null, reopened: 1 },
    ]);
  });

  it('has no duration if its opening is not known', () => {
    expect(columnsAt('tickets', '2026-06-01', [...base, progressed('resolved', '2026-04-01')])).toMatchObject([
      { openedAt: null, minutes: null, resolvedAt: instant('2026-04-01') },
    ]);
  });
});

describe('an outcome', () => {
  const measured = (value: number, at: string) => recorded('OutcomeMeasured', { outcomeId: 'o', value }, { at });

  it('shows its last measurement, and whether it reaches the target', () => {
    const events = [...base, measured(15, '2026-05-01'), measured(21, '2026-06-01')];
    expect(columnsAt('outcomes', '2026-07-01', events)).toMatchObject([
      { outcomeId: 'o', value: 21, met: true, measurements: 2, due: '2026-06-30' },
    ]);
  });

  it('has a row for each agreement on it', () => {
    const anew = recorded('OutcomeAgreed', { outcomeId: 'o', target: 30, due: '2026-12-31' }, { at: '2026-03-01' });
    expect(columnsAt('outcomes', '2026-07-01', [...base, anew])).toMatchObject([
      { target: 20, replacedAt: instant('2026-03-01') },
      { target: 30, replacedAt: null, met: null },
    ]);
  });
});

describe('the evidence for a renewal', () => {
  it('counts what lies in the term', () => {
    const events = [
      ...[...base, reported('r-1', '2026-04-01'), reported('r-2', '2026-05-01', ['business_impact']), used(30, 120)],
      recorded('OutcomeMeasured', { outcomeId: 'o', value: 25 }, { at: '2026-06-01' }),
      recorded('RenewalProposed', { subscriptionIds: ['s'] }, { at: '2026-12-01' }),
      recorded(
        'SubscriptionRenewed',
        { subscriptionId: 's', termStart: instant('2027-02-01'), termEnd: instant('2028-02-01') },
        { at: '2027-01-20' },
      ),
      reported('r-3', '2027-03-01', ['business_impact']),
    ];
    expect(columnsAt('evidence_packs', '2027-04-01', events)).toMatchObject([
      {
        ...{ reports: 2, impactReports: 1, outcomesDue: 1, outcomesMet: 1, adoption: 0.25 },
        ...{ proposedAt: instant('2026-12-01'), decision: 'renewed', decidedAt: instant('2027-01-20') },
      },
      { reports: 1, impactReports: 1, outcomesDue: 0, decision: null, termEnd: instant('2028-02-01') },
    ]);
  });
});

describe('healthy scores', () => {
  it('show each part with what counts for it', () => {
    const delivering = recorded('DeliveryStarted', { templateRef: 't:1' }, { at: '2026-02-10' });
    const [row] = columnsAt('healthy_scores', '2026-06-01', [
      ...base,
      delivering,
      reported('r-1', '2026-04-01', ['adoption']),
    ]);
    const parts = Array.isArray(row?.parts) ? row.parts : [];
    const part = (name: string) =>
      parts.find((each) => typeof each === 'object' && each !== null && 'part' in each && each.part === name);
    // Both delivery and reporting began without a handoff.
    expect(part('acceptedBeforeStart')).toMatchObject({ sum: 0, of: 2, value: 0 });
    expect(part('winsWithOutcome')).toMatchObject({ sum: 1, of: 1, value: 1 });
    expect(part('deliveriesOnTemplate')).toMatchObject({ sum: 1, of: 1 });
    expect(part('reportsInTime')).toMatchObject({ sum: 1, of: 1 });
    expect(part('sectionsCovered')).toMatchObject({ sum: 1, of: 4, value: 0.25 });
    expect(part('withoutDeviation')).toMatchObject({ of: 0, value: null });
    expect(row).toMatchObject({ h2: 100, h3: 50 });
  });
});
