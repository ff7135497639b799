// Does each handoff have a row: owners, completeness, answer, and whether it was late?
import { describe, expect, it } from 'vitest';
import { recorded } from '../../support/histories/events.ts';
import { org, partyId, tableAt } from '../../support/tabled.ts';

const pair = { handoffId: 'h#1', fromStage: 'sell' as const, toStage: 'deliver' as const };
const opened = recorded('EngagementOpened', { leadPartner: org('p') }, { at: '2026-01-05' });
const won = recorded('DealClosed', { result: 'won' }, { at: '2026-03-02' });
const offer = (at: string) =>
  recorded('HandoffOffered', { ...pair, fromOwner: 'person:1', toOwner: 'person:2', contextRef: 'doc:1' }, { at });
const accepted = recorded('HandoffAccepted', pair, { at: '2026-03-20' });

describe('a handoff', () => {
  it('has a row with its parts and its answer', () => {
    const [row, ...others] = tableAt('handoffs', '2026-04-01', [opened, won, offer('2026-03-03'), accepted]);
    expect(others).toEqual([]);
    expect(row).toMatchObject({
      rowKey: 'e1#h%231',
      columns: {
        handoffId: 'h#1',
        fromStage: 'sell',
        toStage: 'deliver',
        fromOwner: 'person:1',
        toOwner: 'person:2',
        offeredAt: '2026-03-03T00:00:00.000Z',
        answeredAt: accepted.occurredAt,
        acceptedAt: accepted.occurredAt,
        result: 'accepted',
        completeness: 2 / 3,
        missing: ['expectations'],
        expectations: 0,
        late: false,
        self: false,
        ledBy: partyId('p'),
        lastEventId: accepted.eventId,
      },
    });
  });

  it('is late if it was offered after it was due', () => {
    expect(tableAt('handoffs', '2026-04-01', [won, offer('2026-03-12')])[0]?.columns).toMatchObject({
      late: true,
      result: 'offered',
    });
  });

  it('has no completeness if only its answer is known', () => {
    const rejected = recorded('HandoffRejected', pair, { at: '2026-03-20' });
    expect(tableAt('handoffs', '2026-04-01', [won, rejected])[0]?.columns).toMatchObject({
      offeredAt: rejected.occurredAt,
      acceptedAt: null,
      result: 'rejected',
      completeness: null,
      missing: [],
    });
  });
});
