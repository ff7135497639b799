// Does the difference between two dates, and between the two clocks, name exactly the late, corrected, retracted and judged facts?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clockDifference, effectsBetween, eventChanges } from '../../../domain/changes/eventChanges.ts';
import { standing } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addDays, type Instant } from '../../../events/instant.ts';
import { instant, recorded, stream } from '../../support/histories/events.ts';
import { beginning, deliver, someFacts } from '../../support/histories/histories.ts';

const told = (changes: ReturnType<typeof eventChanges>) =>
  changes.map(({ event, change, why, by }) => [event.type, change, why, by?.type]);

const at = (date: string) => ({ recordedUntil: instant(date), occurredUntil: instant(date) });

const reportLate = recorded('ValueReported', { reportId: 'r1' }, { at: '2026-03-01', recordedAt: '2026-05-01' });
const priced = (amountMinor: number, seq: string, recordedAt: string): RecordedEvent =>
  recorded(
    'SubscriptionStarted',
    {
      ...{ subscriptionId: 's1', kind: 'base_licence', termStart: '2026-01-01T00:00:00.000Z' },
      price: { amountMinor, currency: 'EUR' },
    },
    { at: '2026-01-01', sourceId: 'sub', seq, recordedAt },
  );

describe('between two dates', () => {
  test('what happened between them occurred, on both clocks', () => {
    const events = stream([
      recorded('EngagementOpened', {}, { at: '2026-01-01' }),
      recorded('RouteAgreed', { route: 'direct' }, { at: '2026-02-01' }),
      recorded('DealClosed', { result: 'won' }, { at: '2026-03-01' }),
    ]);
    const expected = [['RouteAgreed', 'began', 'occurred', undefined]];
    expect(told(eventChanges(events, { from: at('2026-01-15'), to: at('2026-02-15') }))).toEqual(expected);
    const occurred = (date: string) => ({ occurredUntil: instant(date) });
    expect(told(eventChanges(events, { from: occurred('2026-01-15'), to: occurred('2026-02-15') }))).toEqual(expected);
  });

  test('on the recorded clock, what came late is late; on the occurred clock it was always there', () => {
    const events = stream([recorded('EngagementOpened', {}, { at: '2026-01-01' }), reportLate]);
    expect(told(eventChanges(events, { from: at('2026-04-01'), to: at('2026-06-01') }))).toEqual([
      ['ValueReported', 'began', 'late', undefined],
    ]);
    const occurred = { from: { occurredUntil: instant('2026-04-01') }, to: { occurredUntil: instant('2026-06-01') } };
    expect(eventChanges(events, occurred)).toEqual([]);
  });

  test('a restatement corrects what its fact said before, and a person corrects by name', () => {
    const wrong = recorded('DealClosed', { result: 'lost' }, { at: '2026-02-01' });
    const right = recorded(
      'DealClosed',
      { result: 'won' },
      { at: '2026-02-01', actor: 'vera', supersedes: wrong.eventId, recordedAt: '2026-05-01' },
    );
    const events = stream([priced(100, '1', '2026-01-01'), wrong, priced(900, '2', '2026-04-15'), right]);
    expect(told(eventChanges(events, { from: at('2026-04-01'), to: at('2026-06-01') }))).toEqual([
      ['SubscriptionStarted', 'ended', 'corrected', 'SubscriptionStarted'],
      ['DealClosed', 'ended', 'corrected', 'DealClosed'],
      ['SubscriptionStarted', 'began', 'corrected', undefined],
      ['DealClosed', 'began', 'corrected', undefined],
    ]);
  });

  test('a retraction takes a fact back, whichever of its events it names', () => {
    const [first, second] = [priced(100, '1', '2026-01-01'), priced(900, '2', '2026-02-01')];
    const retraction = recorded(
      'FactRetracted',
      { eventId: first.eventId, reason: 'code:wrong' },
      { at: '2026-05-01', seq: '2' },
    );
    const changes = eventChanges(stream([first, second, retraction]), { from: at('2026-04-01'), to: at('2026-06-01') });
    expect(told(changes)).toEqual([
      ['SubscriptionStarted', 'ended', 'retracted', 'FactRetracted'],
      ['FactRetracted', 'began', 'occurred', undefined],
    ]);
  });

  test('a claim that the vendor rejects is judged', () => {
    const claim = recorded(
      'ValueReported',
      { reportId: 'r1' },
      { at: '2026-02-01', actor: 'paul', saidBy: { role: 'partner', partyId: 'p1' } },
    );
    const rejected = recorded(
      'ClaimRejected',
      { eventId: claim.eventId, reason: 'code:unproven' },
      { at: '2026-05-01', actor: 'vera' },
    );
    const changes = eventChanges(stream([claim, rejected]), { from: at('2026-04-01'), to: at('2026-06-01') });
    expect(told(changes)).toEqual([
      ['ValueReported', 'ended', 'judged', 'ClaimRejected'],
      ['ClaimRejected', 'began', 'occurred', undefined],
    ]);
  });
});

describe('what is said for a later time', () => {
  const occurred = (date: string) => ({ occurredUntil: instant(date) });
  const policy = (at: string, effectiveFrom: string) =>
    recorded(
      'PolicyPublished',
      { policyVersion: 1, effectiveFrom: instant(effectiveFrom), thresholds: {} },
      { at, stream: 'acme/policy/policy' },
    );

  test('a policy counts from its date, on the occurred clock whenever it was published', () => {
    const between = { from: occurred('2026-03-10'), to: occurred('2026-04-10') };
    const why = (at: string, effectiveFrom: string) => told(eventChanges([policy(at, effectiveFrom)], between));
    expect(why('2026-02-01', '2026-04-01')).toEqual([['PolicyPublished', 'began', 'tookEffect', undefined]]);
    expect(why('2026-03-20', '2026-04-01')).toEqual([['PolicyPublished', 'began', 'occurred', undefined]]);
    expect(why('2026-05-20', '2026-04-01')).toEqual([['PolicyPublished', 'began', 'tookEffect', undefined]]);
    expect(why('2026-03-20', '2026-03-01')).toEqual([]);
    expect(why('2026-03-20', '2026-05-01')).toEqual([]);
    const onRecorded = { from: at('2026-03-10'), to: at('2026-04-10') };
    expect(told(eventChanges([policy('2026-03-20', '2026-03-01')], onRecorded))).toEqual([
      ['PolicyPublished', 'began', 'occurred', undefined],
    ]);
  });

  test('an end that was announced takes effect at its date, once', () => {
    const said = { subscriptionId: 's1', effectiveAt: instant('2026-04-01') };
    const end = recorded('SubscriptionEnded', said, { at: '2026-02-01' });
    const effects = (from: string, to: string) =>
      told(effectsBetween([end], { from: occurred(from), to: occurred(to) }));
    expect(effects('2026-03-01', '2026-04-01')).toEqual([['SubscriptionEnded', 'began', 'tookEffect', undefined]]);
    expect(effects('2026-04-01', '2026-05-01')).toEqual([]);
    expect(effects('2026-03-01', '2026-03-31')).toEqual([]);
    // What begins between the dates is told by the change itself.
    expect(effects('2026-01-01', '2026-05-01')).toEqual([]);
  });
});

/** A stream whose facts were recorded at some pace: some before they occur, some long after. */
const recordedInTime = fc
  .tuple(someFacts, fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 60 }))
  .map(([facts, pauses]) => {
    let day = 0;
    return deliver(facts).map((event, index): RecordedEvent => {
      day += pauses[index % pauses.length] ?? 0;
      return { ...event, recordedAt: addDays(beginning, day) };
    });
  });
const someDay: fc.Arbitrary<Instant> = fc.integer({ min: 0, max: 900 }).map((day) => addDays(beginning, day));

const idsOf = (events: readonly RecordedEvent[]) => events.map(({ eventId }) => eventId).sort();

describe('the two clocks', () => {
  test('differ exactly by what was recorded later: late facts, and what corrected, retracted or judged others', () => {
    fc.assert(
      fc.property(recordedInTime, someDay, (events, day) => {
        const changes = clockDifference(events, day);
        const [known, all] = [{ recordedUntil: day, occurredUntil: day }, { occurredUntil: day }].map((cuts) =>
          standing({ events }, cuts),
        );
        const began = changes.filter(({ change }) => change === 'began').map(({ event }) => event);
        const ended = new Set(changes.filter(({ change }) => change === 'ended').map(({ event }) => event.eventId));
        const explained = [...(known ?? []).filter(({ eventId }) => !ended.has(eventId)), ...began];
        expect(idsOf(explained)).toEqual(idsOf(all ?? []));
        for (const { event, change, why, by } of changes) {
          expect(why).not.toBe('occurred');
          const cause = change === 'began' && by === undefined ? event : by;
          expect(cause?.recordedAt ?? '', `${event.type} ${change} ${why}`).toSatisfy((time: string) => time > day);
        }
        if (events.every(({ recordedAt }) => recordedAt <= day)) expect(changes).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('the changes between two dates lead from one standing to the other', () => {
    fc.assert(
      fc.property(recordedInTime, someDay, someDay, (events, one, other) => {
        const [from, to] = [one, other].sort().map((day) => ({ recordedUntil: day, occurredUntil: day }));
        if (from === undefined || to === undefined) return;
        const changes = eventChanges(events, { from, to });
        const ended = new Set(changes.flatMap(({ change, event }) => (change === 'ended' ? [event.eventId] : [])));
        const began = changes.flatMap(({ change, event }) => (change === 'began' ? [event] : []));
        const left = standing({ events }, from).filter(({ eventId }) => !ended.has(eventId));
        expect(idsOf([...left, ...began])).toEqual(idsOf(standing({ events }, to)));
      }),
      { numRuns: 300 },
    );
  });
});
