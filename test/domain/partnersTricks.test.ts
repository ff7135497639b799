// Can a partner end an engagement, stop its rows, or speak through what its connection said before?
import { describe, expect, it } from 'vitest';
import { standing } from '../../domain/history.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import { rowKeyOf } from '../../domain/rows/row.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { contextOf } from '../support/contexts.ts';
import { instant, type RecordedOptions, recorded } from '../support/histories/events.ts';
import { given } from '../support/histories/given.ts';

const partner = { role: 'partner', partyId: 'p1' } as const;
const opened = recorded('EngagementOpened', {}, { at: '2026-01-01' });
const rowsIn = (...events: readonly RecordedEvent[]) =>
  rowsOf({ events: given(...events).events, context: contextOf(), now: instant('2027-06-01') });

describe('a partner that says its deal is lost', () => {
  const proposed = recorded('SolutionProposed', {}, { at: '2026-01-20' });
  const lost = recorded('DealClosed', { result: 'lost' }, { at: '2026-02-20', saidBy: partner });
  const judged = (type: 'ClaimConfirmed' | 'ClaimRejected') =>
    recorded(type, { eventId: lost.eventId, reason: 'seen' }, { at: '2026-02-25', saidBy: { role: 'vendor' } });

  it('clears the flags that stood by an unconfirmed claim, for the vendor to judge', () => {
    const story = given(opened, proposed, lost);
    expect(story.flagAt('2026-03-01', 'P5.1').cleared).toEqual({
      ...{ at: lost.occurredAt, eventId: lost.eventId, reason: 'lateClaim' },
    });
    expect(story.and(judged('ClaimConfirmed')).flagAt('2026-03-01', 'P5.1').cleared).toMatchObject({
      reason: 'closedMoot',
    });
    expect(story.and(judged('ClaimRejected')).flagAt('2026-03-01', 'P5.1').cleared).toBeUndefined();
  });
});

it('two ids of a partner share no row, whatever one is made of', () => {
  const long = 'h'.repeat(200);
  const [, key = ''] = rowKeyOf('e1', long).split('#');
  const offers = [long, key, 'a#b', 'a%23b', '\u{1F600}', 'e\u0301', '\u00e9'].map((handoffId) =>
    recorded(
      'HandoffOffered',
      { handoffId, fromStage: 'sell', toStage: 'deliver' },
      { at: '2026-02-01', saidBy: partner },
    ),
  );
  expect(rowsIn(opened, ...offers).rows.filter(({ table }) => table === 'handoffs')).toHaveLength(7);
});

describe('a connection that was bound to a partner after it had spoken for itself', () => {
  const started = (said: object, options: RecordedOptions) =>
    recorded('DeliveryStarted', said, { sourceId: 'delivery', ...options });
  const before = started({}, { at: '2026-02-10', seq: '1' });
  const restated = started({ templateRef: 't1' }, { at: '2026-03-10', seq: '2', saidBy: partner });

  it('restates nothing of what it said before', () => {
    for (const events of [
      [opened, before, restated],
      [opened, restated, before],
    ]) {
      expect(standing({ events })).toEqual([opened, before]);
    }
  });

  it('takes nothing back of it, by a fact that it restates and takes back', () => {
    const back = recorded(
      'FactRetracted',
      { eventId: restated.eventId, reason: 'wrong' },
      { at: '2026-03-11', seq: '3', saidBy: partner },
    );
    for (const events of [
      [opened, before, restated, back],
      [back, restated, before, opened],
    ]) {
      expect(standing({ events })).toContainEqual(before);
    }
  });
});
