// Which streams are one engagement, whatever merges were said in which order, and which of their facts count?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countedIn, eventsOfMerging, mergingOf, type Streams } from '../../domain/merging.ts';
import { rowsOf } from '../../domain/rows/engagementRows.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { streamIdOf } from '../../events/identifiers.ts';
import { contextOf } from '../support/contexts.ts';
import { instant, recorded, tenantId } from '../support/histories/events.ts';

const streamOf = (name: string): string => streamIdOf(tenantId, 'engagement', name);
const merge = (from: string, into: string, at: string, how: 'duplicate' | 'combined' = 'duplicate') =>
  recorded('EngagementMerged', { into: streamOf(into), how }, { at, stream: streamOf(from) });
const takenBack = (event: RecordedEvent, at: string) =>
  recorded('FactRetracted', { eventId: event.eventId, reason: 'mistake' }, { at, stream: event.streamId });
const opened = (name: string, at: string, amount: string, said = {}) =>
  recorded('EngagementOpened', { expectedValue: { amount, currency: 'EUR' }, ...said }, { at, stream: streamOf(name) });

const streamsOf = (...events: readonly RecordedEvent[]): Streams => {
  const names = ['a', 'b', 'c', 'd'].map(streamOf);
  return new Map(names.map((name) => [name, events.filter(({ streamId }) => streamId === name)]));
};
const now = instant('2026-06-01');
const cuts = { occurredUntil: now };

/** The head of an engagement among these events. */
const headOf = (name: string, ...events: readonly RecordedEvent[]) => {
  const streams = streamsOf(...events);
  const merging = mergingOf(streamOf(name), streams, cuts);
  const whole = eventsOfMerging(streamOf(name), merging, streams);
  const merged = { stream: streamOf(name), merging };
  return rowsOf({ events: whole, merged, context: contextOf({ tenantId }), now });
};

describe('merged engagements', () => {
  test('are one from the merge on, and two again once it is taken back', () => {
    const merged = merge('a', 'b', '2026-03-01');
    expect([...mergingOf(streamOf('a'), streamsOf(merged), cuts).members.keys()]).toEqual(['b', 'a'].map(streamOf));
    const before = mergingOf(streamOf('a'), streamsOf(merged), { occurredUntil: instant('2026-02-01') });
    expect(before.survivor).toBe(streamOf('a'));
    const again = streamsOf(merged, takenBack(merged, '2026-04-01'));
    expect(mergingOf(streamOf('a'), again, cuts)).toMatchObject({ survivor: streamOf('a'), circle: undefined });
    expect([...mergingOf(streamOf('b'), again, cuts).members.keys()]).toEqual([streamOf('b')]);
  });

  test('the last merge of one counts', () => {
    const streams = streamsOf(merge('a', 'b', '2026-03-01'), merge('a', 'c', '2026-03-02'));
    expect(mergingOf(streamOf('a'), streams, cuts).survivor).toBe(streamOf('c'));
    expect([...mergingOf(streamOf('b'), streams, cuts).members.keys()]).toEqual([streamOf('b')]);
  });

  test('of a merge and its way back, the later one does not count, and is a deviation', () => {
    const [there, back] = [merge('a', 'b', '2026-03-01'), merge('b', 'a', '2026-03-02')];
    const merging = mergingOf(streamOf('b'), streamsOf(there, back), cuts);
    expect(merging).toMatchObject({ survivor: streamOf('b'), circle: { eventId: back.eventId } });
    const { head } = headOf('b', opened('b', '2026-01-01', '10'), there, back);
    expect(head.columns.deviations).toContainEqual({
      ...{ kind: 'mergeInCircle', about: streamOf('a') },
      eventIds: [back.eventId],
    });
  });

  test('a merge into itself, or out of the tenant, changes nothing', () => {
    const foreign = recorded(
      'EngagementMerged',
      { into: 'other/engagement/b', how: 'duplicate' },
      { at: '2026-03-01', stream: streamOf('c') },
    );
    const streams = streamsOf(merge('a', 'a', '2026-03-01'), foreign);
    expect(mergingOf(streamOf('a'), streams, cuts).survivor).toBe(streamOf('a'));
    expect(mergingOf(streamOf('c'), streams, cuts).survivor).toBe(streamOf('c'));
  });

  const someMerges = fc.array(
    fc.record({
      from: fc.constantFrom('a', 'b', 'c', 'd'),
      into: fc.constantFrom('a', 'b', 'c', 'd'),
      day: fc.integer({ min: 1, max: 28 }),
      isTakenBack: fc.boolean(),
    }),
    { maxLength: 8 },
  );

  test('each stream is of exactly one engagement, however merges were said, and whichever stream one begins with', () => {
    fc.assert(
      fc.property(
        someMerges.chain((made) => {
          const events = made.flatMap(({ from, into, day, isTakenBack }) => {
            const merged = merge(from, into, `2026-03-${String(day).padStart(2, '0')}`);
            return isTakenBack ? [merged, takenBack(merged, '2026-04-01')] : [merged];
          });
          return fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }));
        }),
        ([events, shuffled]) => {
          for (const name of ['a', 'b', 'c', 'd'].map(streamOf)) {
            const merging = mergingOf(name, streamsOf(...events), cuts);
            expect(merging.members.has(name)).toBe(true);
            expect(mergingOf(name, streamsOf(...shuffled), cuts)).toEqual(merging);
            for (const member of merging.members.keys())
              expect([...mergingOf(member, streamsOf(...events), cuts).members.keys()]).toEqual([
                ...merging.members.keys(),
              ]);
          }
        },
      ),
    );
  });
});

describe('of merged engagements', () => {
  const won = (name: string, at: string) => recorded('DealClosed', { result: 'won' }, { at, stream: streamOf(name) });
  const lost = (name: string, at: string) => recorded('DealClosed', { result: 'lost' }, { at, stream: streamOf(name) });

  test('a duplicate’s deal stands aside: value, closing and lead are the survivor’s; what was delivered counts', () => {
    const lead = { leadPartner: { system: 'salesforce', kind: 'account', id: '001000000000001AAA' } };
    const delivered = recorded('DeliveryStarted', {}, { at: '2026-02-20', stream: streamOf('a') });
    const { head, rows } = headOf(
      'b',
      ...[opened('b', '2026-01-05', '100'), won('b', '2026-02-01')],
      ...[opened('a', '2026-01-01', '90', lead), lost('a', '2026-02-10'), delivered],
      merge('a', 'b', '2026-03-01'),
    );
    expect(head.columns).toMatchObject({
      ...{ result: 'won', valueMinor: 10_000, leadPartnerId: null, stage: 'deliver', endedAt: null },
      ...{ openedAt: instant('2026-01-05'), deliveryStartedAt: instant('2026-02-20') },
    });
    expect(rows.length).toBeGreaterThan(0);
  });

  test('values of combined deals add, and are not added across currencies', () => {
    const two = [opened('b', '2026-01-05', '100.50'), opened('a', '2026-01-06', '90')];
    const merged = merge('a', 'b', '2026-03-01', 'combined');
    expect(headOf('b', ...two, merged).head.columns).toMatchObject({ valueMinor: 19_050, valueCurrency: 'EUR' });
    const dollars = recorded(
      'EngagementOpened',
      { expectedValue: { amount: '7', currency: 'USD' } },
      { at: '2026-01-06', stream: streamOf('a') },
    );
    expect(headOf('b', opened('b', '2026-01-05', '100.50'), dollars, merged).head.columns).toMatchObject({
      ...{ valueMinor: null, valueReason: 'notAdded' },
    });
  });

  test('a stream that was never opened has no deal of its own: all that it says counts', () => {
    const change = recorded(
      'DealRevised',
      { value: { amount: '70', currency: 'EUR' } },
      { at: '2026-02-01', stream: streamOf('a') },
    );
    const { head } = headOf('b', opened('b', '2026-01-01', '90'), change, merge('a', 'b', '2026-03-01'));
    expect(head.columns).toMatchObject({ valueMinor: 7_000 });
  });

  test('where the survivor tells of no deal, the other’s counts', () => {
    const { head } = headOf(
      'b',
      opened('a', '2026-01-01', '90'),
      won('a', '2026-02-01'),
      merge('a', 'b', '2026-03-01'),
    );
    expect(head.columns).toMatchObject({ result: 'won', valueMinor: 9_000 });
  });

  test('the one that was merged only leads to the survivor, and has no other row', () => {
    const { head, rows } = headOf('a', opened('a', '2026-01-01', '90'), merge('a', 'b', '2026-03-01'));
    expect(head.columns).toMatchObject({ engagementId: 'a', mergedInto: 'b', stage: null, valueMinor: null });
    expect(rows).toEqual([]);
  });

  test('a flag keeps its id when its engagement is merged', () => {
    const facts = [opened('a', '2026-01-01', '90'), won('a', '2026-02-01')];
    const flagsIn = (rows: ReturnType<typeof headOf>['rows']) =>
      rows.filter(({ table }) => table === 'flags').map(({ columns }) => columns.flagId);
    const before = flagsIn(headOf('a', ...facts).rows);
    expect(before.length).toBeGreaterThan(0);
    expect(flagsIn(headOf('b', ...facts, merge('a', 'b', '2026-03-01')).rows)).toEqual(before);
  });

  test('what was meant for one that is not merged any more is given back to it', () => {
    const merged = merge('a', 'b', '2026-03-01');
    const followed: RecordedEvent = {
      ...recorded('DeliveryStarted', {}, { at: '2026-03-05', stream: streamOf('b') }),
      addressedTo: streamOf('a'),
    };
    const events = [opened('a', '2026-01-01', '90'), opened('b', '2026-01-02', '80'), merged, followed];
    expect(headOf('b', ...events).head.columns.deliveryStartedAt).toBe(instant('2026-03-05'));
    const back = takenBack(merged, '2026-04-01');
    expect(headOf('b', ...events, back).head.columns.deliveryStartedAt).toBeNull();
    expect(headOf('a', ...events, back).head.columns.deliveryStartedAt).toBe(instant('2026-03-05'));
  });

  test('a value that is proposed is that of its own deal', () => {
    const proposal = recorded(
      'SolutionProposed',
      { value: { amount: '60', currency: 'EUR' } },
      { at: '2026-02-01', stream: streamOf('b') },
    );
    const events = [opened('a', '2026-01-01', '100'), opened('b', '2026-01-02', '50'), proposal];
    const valueBy = (how: 'duplicate' | 'combined') =>
      headOf('a', ...events, merge('b', 'a', '2026-03-01', how)).head.columns.valueMinor;
    expect([valueBy('duplicate'), valueBy('combined')]).toEqual([10_000, 16_000]);
  });

  test('what was combined with a duplicate adds', () => {
    const events = [opened('a', '2026-01-01', '100'), opened('b', '2026-01-02', '50'), opened('c', '2026-01-03', '30')];
    const merges = [merge('c', 'b', '2026-03-01', 'combined'), merge('b', 'a', '2026-03-02')];
    expect(headOf('a', ...events, ...merges).head.columns.valueMinor).toBe(13_000);
  });

  test('of a duplicate of one that was combined, nothing is added', () => {
    const events = [opened('a', '2026-01-01', '1'), opened('b', '2026-01-02', '10'), opened('c', '2026-01-03', '100')];
    const merges = [merge('a', 'b', '2026-03-01'), merge('b', 'c', '2026-03-02', 'combined')];
    expect(headOf('c', ...events, ...merges).head.columns.valueMinor).toBe(11_000);
    const streams = streamsOf(...events, ...merges);
    const merging = mergingOf(streamOf('c'), streams, cuts);
    expect(countedIn(events, merging).combined).toEqual([[events[1]]]);
  });
});
