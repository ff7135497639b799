// Are verdicts a pure function of facts and now: explained, reversible, and the same in any order of arrival?
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rules } from '../../../domain/patterns/catalog.ts';
import type { RuledVerdict } from '../../../domain/patterns/evaluate.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { addMilliseconds, epochOf, instantOf } from '../../../events/instant.ts';
import { given, type Raised } from '../../support/histories/given.ts';
import { aHistory, anInstant, anUnbrokenHistory, observedByPolicy } from '../../support/histories/randomHistories.ts';

const raisedOf = (verdicts: readonly RuledVerdict[]): readonly Raised[] =>
  verdicts.filter((verdict) => verdict.state === 'raised');

describe('the verdicts of any history', () => {
  test('do not depend on the order or number of arrivals, where a policy fixes since when each type is observed', () => {
    fc.assert(
      fc.property(
        aHistory
          .map(observedByPolicy)
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
              anInstant,
            ),
          ),
        ([events, shuffled, now]) => {
          const plain = (verdicts: readonly RuledVerdict[]) =>
            verdicts.map((verdict) => ({ ...verdict, openedBy: verdict.openedBy.eventId }));
          expect(plain(given(...shuffled).verdictsAt(now))).toEqual(plain(given(...events).verdictsAt(now)));
        },
      ),
    );
  });

  test('do not change between now and the next due instant', () => {
    fc.assert(
      fc.property(aHistory, anInstant, fc.integer({ min: 0, max: 999 }), (events, now, share) => {
        const history = given(...events);
        const next = history.nextDueAt(now);
        const end = next === undefined ? epochOf(now) + 4_000 * 86_400_000 : epochOf(next) - 1;
        const between = instantOf(epochOf(now) + Math.floor(((end - epochOf(now)) * share) / 1000));
        expect(history.verdictsAt(between)).toEqual(history.verdictsAt(now));
        expect(history.verdictsAt(instantOf(end))).toEqual(history.verdictsAt(now));
      }),
      { numRuns: 300 },
    );
  });

  test('as of an instant depend on nothing that occurs after it', () => {
    fc.assert(
      fc.property(aHistory, aHistory, anInstant, (events, more, now) => {
        const later = more.filter((event) => event.occurredAt > now);
        const flags = (history: readonly RuledVerdict[]) =>
          raisedOf(history).map(({ openedBy, ...verdict }) => ({ ...verdict, openedBy: openedBy.eventId }));
        expect(flags(given(...events, ...later).verdictsAt(now))).toEqual(flags(given(...events).verdictsAt(now)));
      }),
    );
  });

  test('explain every flag, and a flag clears only after it was raised', () => {
    fc.assert(
      fc.property(aHistory, anInstant, (events, now) => {
        const known = new Set(events.map(({ eventId }) => eventId));
        for (const flag of raisedOf(given(...events).verdictsAt(now))) {
          expect(flag.raisedAt <= now).toBe(true);
          expect(flag.evidence.some(({ kind }) => kind !== 'value')).toBe(true);
          for (const proof of flag.evidence) {
            if (proof.kind === 'event') expect(known).toContain(proof.eventId);
            if (proof.kind === 'silence') {
              expect(known).toContain(proof.armedBy);
              expect(proof.from <= proof.until && proof.until <= now).toBe(true);
            }
          }
          expect(flag.cleared === undefined || (flag.cleared.at >= flag.raisedAt && flag.cleared.at <= now)).toBe(true);
          expect(flag.clearsWhen).toMatch(/\.$/);
          expect(flag.nextStep).toMatch(/\.$/);
        }
      }),
    );
  });

  test('keep an episode the same until it clears, and then for ever', () => {
    const withinTolerance = (flag: Raised, events: readonly RecordedEvent[]): boolean =>
      events.some(
        (event) => event.occurredAt > flag.raisedAt && event.occurredAt <= addMilliseconds(flag.raisedAt, 5 * 60_000),
      );
    fc.assert(
      fc.property(anUnbrokenHistory, anInstant, anInstant, (events, one, other) => {
        const [earlier, later] = one < other ? [one, other] : [other, one];
        const history = given(...events);
        const then = raisedOf(history.verdictsAt(later));
        for (const flag of raisedOf(history.verdictsAt(earlier))) {
          if (withinTolerance(flag, events)) continue;
          const same = then.find(
            ({ rule, subject, openedBy }) =>
              rule === flag.rule && subject === flag.subject && openedBy.factId === flag.openedBy.factId,
          );
          expect(same).toMatchObject({ raisedAt: flag.raisedAt, cleared: flag.cleared ?? same?.cleared });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('open each episode by an event of the types that its rule names', () => {
    fc.assert(
      fc.property(aHistory, anInstant, (events, now) => {
        const view = given(...events).viewAt(now);
        if (view.engagement.events.length === 0) return;
        // Asked of the rule itself: what judges all rules asks only where such an event is.
        for (const rule of rules)
          for (const { openedBy } of rule.verdicts(view))
            expect(rule.opens ?? [openedBy.type]).toContain(openedBy.type);
      }),
    );
  });

  test('give each episode of a rule its own id', () => {
    fc.assert(
      fc.property(aHistory, anInstant, (events, now) => {
        const keys = given(...events)
          .verdictsAt(now)
          .map(({ rule, subject, openedBy }) => `${rule} ${subject} ${openedBy.factId}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });
});
