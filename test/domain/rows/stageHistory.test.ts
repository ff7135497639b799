// Does each visit to a stage have a row, with its dwell time, or censored while it lasts?
import { describe, expect, it } from 'vitest';
import { instant, recorded } from '../../support/histories/events.ts';
import { org, partyId, tableAt } from '../../support/tabled.ts';

const opened = recorded('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05T08:00' });
const assigned = recorded('PartnerAssigned', { partner: org('p2'), by: 'person' }, { at: '2026-01-06' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-01-07T09:30:59' });
const live = recorded('MilestoneReached', { milestone: 'go_live' }, { at: '2026-03-01' });
const started = recorded(
  'SubscriptionStarted',
  { subscriptionId: 's1', termStart: instant('2026-03-01'), termEnd: instant('2027-03-01') },
  { at: '2026-03-01' },
);
const renewed = recorded(
  'SubscriptionRenewed',
  { subscriptionId: 's1', termStart: instant('2027-03-01'), termEnd: instant('2028-03-01') },
  { at: '2027-02-01' },
);

describe('a visit', () => {
  it('has a row with whole minutes, the event that opened the stage, and the lead partner then', () => {
    const [sell, procure] = tableAt('stage_history', '2026-02-01', [opened, assigned, won]);
    expect(sell).toMatchObject({
      rowKey: 'e1#0001#0001#sell',
      columns: {
        stage: 'sell',
        cycle: 1,
        visit: 1,
        enteredAt: opened.occurredAt,
        leftAt: won.occurredAt,
        dwellMinutes: 2 * 1440 + 90,
        censored: false,
        enteredByEvent: opened.eventId,
        ledBy: partyId('p'),
        leadPartnerId: partyId('p2'),
      },
    });
    expect(procure).toMatchObject({
      rowKey: 'e1#0001#0002#procure',
      columns: { stage: 'procure', leftAt: null, dwellMinutes: null, censored: true, ledBy: partyId('p2') },
    });
  });

  it('names no event if time opened Renew, and visits are counted on in the next cycle', () => {
    const rows = tableAt('stage_history', '2027-03-02', [opened, live, started, renewed]);
    expect(rows.map(({ rowKey }) => rowKey)).toEqual([
      'e1#0001#0001#sell',
      'e1#0001#0002#deliver',
      'e1#0001#0003#report',
      'e1#0001#0004#renew',
      'e1#0002#0005#report',
    ]);
    expect(rows[3]?.columns).toMatchObject({ enteredByEvent: null, enteredAt: instant('2026-12-01') });
  });
});
