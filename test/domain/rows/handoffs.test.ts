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

  it('keeps what it hands over: the context, the risks, whom to call, and what is due when', () => {
    const due = (day: string) => `2026-03-${day}T00:00:00.000Z`;
    const whole = recorded(
      'HandoffOffered',
      {
        ...pair,
        ...{ toOwner: 'person:2', contextRef: 'doc:1', contextHash: 'abc', escalationPath: 'doc:2' },
        expectations: [
          { textRef: 'doc:3', due: due('20') },
          { textRef: 'doc:4', due: due('12') },
          { textRef: 'doc:5' },
        ],
        openRisks: ['risk:1', 'risk:2'],
        acceptBy: due('08'),
      },
      { at: '2026-03-03' },
    );
    expect(tableAt('handoffs', '2026-04-01', [opened, won, whole])[0]?.columns).toMatchObject({
      ...{ contextRef: 'doc:1', contextHash: 'abc', escalationPath: 'doc:2', openRisks: ['risk:1', 'risk:2'] },
      ...{ expectations: 3, firstDue: due('12'), acceptBy: due('08'), completeness: 1, offerSeenBy: [partyId('p')] },
      ...{ rejections: 0, rejectionEvent: null, rejectedFor: [] },
    });
    // The last offer counts: what it leaves out is not handed over.
    expect(tableAt('handoffs', '2026-04-01', [opened, won, whole, offer('2026-03-04')])[0]?.columns).toMatchObject({
      contextHash: null,
      escalationPath: null,
      openRisks: [],
      firstDue: null,
      acceptBy: null,
    });
  });

  it('counts its rejections, and says what the last one misses', () => {
    const rejected = (at: string, ...missing: string[]) => recorded('HandoffRejected', { ...pair, missing }, { at });
    const second = rejected('2026-03-06', 'scope');
    const facts = [opened, won, offer('2026-03-03'), rejected('2026-03-04', 'owner'), offer('2026-03-05'), second];
    const expected = { rejections: 2, rejectionEvent: second.eventId, rejectedFor: ['scope'], result: 'rejected' };
    // A further answer of the same offer is no rejection of it.
    for (const more of [[], [rejected('2026-03-07', 'budget')]]) {
      expect(tableAt('handoffs', '2026-04-01', [...facts, ...more])[0]?.columns).toMatchObject({
        ...expected,
        rejectionSeenBy: [partyId('p')],
      });
    }
    const taken = tableAt('handoffs', '2026-04-01', [...facts, offer('2026-03-08'), accepted])[0]?.columns;
    expect(taken).toMatchObject({ ...expected, result: 'accepted' });
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
