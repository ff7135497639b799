// Which of a stream's events stand, in which order, and as of which instant?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cuts, extend, historyOf, inFoldOrder, standing } from '../../domain/history.ts';
import { decide } from '../../domain/stages/decider.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { recorded, stream } from '../support/histories/events.ts';
import { deliver, someFacts } from '../support/histories/histories.ts';

const revised = (salesStage: string, options: Omit<Parameters<typeof recorded>[2], 'at'> & { readonly at?: string }) =>
  recorded('DealRevised', { salesStage }, { at: '2026-01-01', sourceId: 'deal', ...options });

const stagesOf = (events: readonly RecordedEvent[], cuts?: Cuts): readonly unknown[] =>
  standing(historyOf(events), cuts).map((event) => (event.type === 'DealRevised' ? event.data.salesStage : event.type));

describe('among the events of one fact', () => {
  it('the greatest sourceSeq stands, whatever was recorded last', () => {
    const [old, young] = [revised('old', { seq: '01' }), revised('young', { seq: '02' })];
    expect(stagesOf([old, young])).toEqual(['young']);
    expect(stagesOf([young, old])).toEqual(['young']);
  });

  it('an event without sourceSeq comes before any event with one', () => {
    expect(stagesOf([revised('with', { seq: '0' }), revised('without', { at: '2026-02-01' })])).toEqual(['with']);
  });

  it('at the same sourceSeq the greater translation stands, then the later occurrence, then the greater event id', () => {
    expect(
      stagesOf([
        revised('new mapping', { translation: 2 }),
        revised('old mapping', { translation: 1, at: '2026-02-01' }),
      ]),
    ).toEqual(['new mapping']);
    expect(stagesOf([revised('later', { at: '2026-02-01' }), revised('earlier', {})])).toEqual(['later']);
    const [a, b] = [revised('a', {}), revised('b', {})];
    expect(stagesOf([a, b])).toEqual([a.eventId > b.eventId ? 'a' : 'b']);
    expect(stagesOf([b, a])).toEqual(stagesOf([a, b]));
  });
});

describe('an event that is retracted', () => {
  const said = revised('said', { seq: '2', translation: 1 });
  const retract = (eventId: string, options: object = {}) =>
    recorded(
      'FactRetracted',
      { eventId, reason: 'ticket:1' },
      { at: '2026-01-05', recordedAt: '2026-01-05', ...options },
    );

  it('no longer stands, and neither do earlier events of its fact', () => {
    const before = revised('before', { seq: '1' });
    expect(stagesOf([before, said, retract(said.eventId)])).toEqual(['FactRetracted']);
    expect(stagesOf([before, said, retract(said.eventId)], { recordedUntil: '2026-01-04T00:00:00.000Z' })).toEqual([
      'said',
    ]);
  });

  it('stands again if the source says it later, or if a newer mapping says it', () => {
    const later = revised('later', { seq: '3', translation: 1 });
    const anew = revised('said', { seq: '2', translation: 2 });
    expect(stagesOf([said, later, retract(said.eventId)])).toEqual(['later', 'FactRetracted']);
    expect(stagesOf([said, anew, retract(said.eventId)])).toEqual(['said', 'FactRetracted']);
    expect(stagesOf([said, anew, retract(said.eventId, { seq: '2', translation: 2 })])).toEqual(['FactRetracted']);
  });

  it('of another stream, or unknown, changes nothing', () => {
    expect(stagesOf([said, retract('nobody')])).toEqual(['said', 'FactRetracted']);
  });

  it('is known as far as it is taken back, also if the retraction was recorded first', () => {
    const said = revised('said', { seq: '1' });
    const back = retract(said.eventId, { seq: '2' });
    const reaches = [...historyOf([said, back]).reaches];
    expect(reaches).toMatchObject([[said.factId, { sourceSeq: '2' }]]);
    expect([...historyOf([back, said]).reaches]).toEqual(reaches);
  });
});

describe('a fact that says the same as an event of it', () => {
  const decided = (events: readonly RecordedEvent[], next: RecordedEvent) =>
    decide(historyOf(stream(events)), next).outcome;
  const a = (options: object) => revised('a', options);
  const b = (options: object) => revised('b', options);

  it('adds nothing at the same place of the source, however often it comes', () => {
    expect(decided([a({ seq: '1' })], a({ seq: '1' }))).toBe('unchanged');
    expect(decided([a({ seq: '1', translation: 1 })], a({ seq: '1', translation: 2 }))).toBe('unchanged');
  });

  it('counts when the value comes back later', () => {
    expect(decided([a({ seq: '1' }), b({ seq: '2' })], a({ seq: '3' }))).toBe('accepted');
    expect(stagesOf([a({ seq: '1' }), b({ seq: '2' }), a({ seq: '3' })])).toEqual(['a']);
    expect(stagesOf([a({ seq: '3' }), a({ seq: '1' }), b({ seq: '2' })])).toEqual(['a']);
  });

  it('counts by a newer mapping, if an older one put other data or a retraction over it', () => {
    const first = a({ seq: '1', translation: 1 });
    const other = b({ seq: '1', translation: 2 });
    expect(decided([first, other], a({ seq: '1', translation: 3 }))).toBe('accepted');
    expect(decided([first, other], a({ seq: '1', translation: 1 }))).toBe('unchanged');
    const retracted = recorded(
      'FactRetracted',
      { eventId: first.eventId, reason: 'r' },
      { at: '2026-01-05', seq: '1', translation: 2 },
    );
    expect(decided([first, retracted], a({ seq: '1', translation: 3 }))).toBe('accepted');
    expect(decided([first, retracted], a({ seq: '1', translation: 2 }))).toBe('unchanged');
  });

  it('stands the same in any order of arrival, by one mapping', () => {
    const values = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 5 }));
    fc.assert(
      fc.property(fc.array(values, { maxLength: 8 }), fc.infiniteStream(fc.nat()), (said, order) => {
        const facts = said.map(([stage, seq]) => revised(stage, { seq: `${seq}`, translation: 1 }));
        const shuffled = facts
          .map((each) => ({ each, key: order.next().value ?? 0 }))
          .sort((one, other) => one.key - other.key)
          .map(({ each }) => each);
        expect(stagesOf(deliver(shuffled))).toEqual(stagesOf(deliver(facts)));
      }),
    );
  });
});

describe('an event that a person supersedes', () => {
  const wrong = recorded('DealRevised', { salesStage: 'wrong' }, { at: '2026-01-01' });
  const right = recorded(
    'DealRevised',
    { salesStage: 'right' },
    { at: '2026-01-01', actor: 'ada', supersedes: wrong.eventId, recordedAt: '2026-01-05' },
  );

  it('no longer stands, and the event that superseded it may be superseded too', () => {
    expect(stagesOf([wrong, right])).toEqual(['right']);
    const better = recorded(
      'DealRevised',
      { salesStage: 'better' },
      { at: '2026-01-02', actor: 'ada', supersedes: right.eventId },
    );
    expect(stagesOf([wrong, right, better])).toEqual(['better']);
  });

  it('does not let earlier events of its fact stand again, but a later event of the source stands', () => {
    const before = revised('before', { seq: '1' });
    const said = revised('said', { seq: '2' });
    const person = recorded(
      'DealRevised',
      { salesStage: 'person' },
      { at: '2026-01-03', actor: 'ada', supersedes: said.eventId },
    );
    expect(stagesOf([before, said, person])).toEqual(['person']);
    expect(stagesOf([before, said, person, revised('after', { seq: '3' })])).toEqual(['after', 'person']);
  });

  it('stands as of an instant before the correction was recorded', () => {
    expect(stagesOf([wrong, right], { recordedUntil: '2026-01-04T00:00:00.000Z' })).toEqual(['wrong']);
    expect(stagesOf([wrong, right], { recordedUntil: '2026-01-05T00:00:00.000Z' })).toEqual(['right']);
  });
});

describe('the cuts of an as-of', () => {
  it('resolve restatements on the recorded clock first, and then leave out later events', () => {
    const first = revised('first', { seq: '1', at: '2026-01-01', recordedAt: '2026-01-01' });
    const moved = revised('moved', { seq: '2', at: '2026-03-01', recordedAt: '2026-01-10' });
    const occurredUntil = '2026-02-01T00:00:00.000Z';
    expect(stagesOf([first, moved], { occurredUntil })).toEqual([]);
    expect(stagesOf([first, moved], { occurredUntil, recordedUntil: '2026-01-09T00:00:00.000Z' })).toEqual(['first']);
  });

  it('keep events at the instant itself', () => {
    const event = revised('now', { at: '2026-01-01', recordedAt: '2026-01-02' });
    const cuts = { occurredUntil: '2026-01-01T00:00:00.000Z', recordedUntil: '2026-01-02T00:00:00.000Z' };
    expect(stagesOf([event], cuts)).toEqual(['now']);
  });
});

describe('the fold order', () => {
  it('is by occurrence, then rank of the type, then sourceSeq, then event id', () => {
    const opened = recorded('EngagementOpened', {}, { at: '2026-01-02' });
    const won = recorded('DealClosed', { result: 'won' }, { at: '2026-01-02' });
    const early = recorded('SubscriptionEnded', { subscriptionId: 's' }, { at: '2026-01-01' });
    const first = recorded('DealRevised', { salesStage: 'a' }, { at: '2026-01-02', seq: '1' });
    const second = recorded('DealRevised', { salesStage: 'b' }, { at: '2026-01-02', seq: '2' });
    const unordered = recorded('DealRevised', { salesStage: 'c' }, { at: '2026-01-02' });
    expect(standing(historyOf([won, second, first, unordered, opened, early]))).toEqual([
      early,
      opened,
      unordered,
      first,
      second,
      won,
    ]);
  });

  it('is total: the order of two events does not depend on which one is compared first', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const events = deliver(facts);
        for (const a of events)
          for (const b of events) expect(Math.sign(inFoldOrder(a, b))).toBe(-Math.sign(inFoldOrder(b, a)) + 0);
      }),
    );
  });
});

describe('a history', () => {
  it('holds all events after it was extended, and none of them twice', () => {
    fc.assert(
      fc.property(someFacts, fc.nat(), (facts, cut) => {
        const events = deliver(facts);
        const part = cut % (events.length + 1);
        const grown = extend(historyOf(events.slice(0, part)), events);
        expect(grown.events).toEqual(events);
        expect([...grown.byFactId]).toEqual([...historyOf(events).byFactId]);
        expect([...grown.byEventId]).toEqual([...historyOf(events).byEventId]);
      }),
    );
  });

  it('of another implementation is extended as a copy', () => {
    const [one, two] = stream([revised('a', {}), revised('b', {})]);
    if (one === undefined || two === undefined) throw new Error('two events were made');
    const plain = {
      events: [one],
      byEventId: new Map(),
      byFactId: new Map(),
      greatest: new Map(),
      saying: () => [],
      knowsMerges: false,
      reaches: new Map(),
    };
    expect(extend(plain, [two]).events).toEqual([one, two]);
    expect(plain.events).toEqual([one]);
  });
});
