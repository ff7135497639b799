// Does a stream of twice the length cost at most twice as many operations, whatever makes it long?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../../domain/context/context.ts';
import { foldOffer } from '../../../domain/context/offer.ts';
import { foldEngagement } from '../../../domain/engagement/engagement.ts';
import { extend, historyOf, standing } from '../../../domain/history.ts';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import { decideAll } from '../../../domain/stages/decider.ts';
import type { Fact } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { digestOf } from '../../../functions/project/rowItem.ts';
import { contextOf } from '../../support/contexts.ts';
import { longHistories, longOffer, recordedAsOne } from '../../support/histories/longHistories.ts';
import { observing } from '../../support/histories/observing.ts';
import { growthOf, operationsOf } from '../../support/operations.ts';

/** What grows in proportion doubles, what is sorted a little more; what grows with the square takes four times as much. */
const most = 2.4;

const shapes = Object.entries(longHistories);

const contextFor = (versions: number): Context => {
  const ids = ['offer 0', 'offer 1', 'offer 2'];
  const offers = ids.flatMap((id) => {
    const offer = foldOffer(recordedAsOne(longOffer(id, versions)));
    return offer === undefined ? [] : [[id, offer] as const];
  });
  return contextOf({ offers: new Map(offers), policy: observing });
};

/** Everything that is made of a stream of these facts, a while after the last of them. */
const projecting = (facts: readonly Fact[]): (() => void) => {
  const events = recordedAsOne(facts);
  const context = contextFor(Math.ceil(facts.length / 4));
  const now = addDays(
    facts
      .map(({ occurredAt }) => occurredAt)
      .sort()
      .at(-1) ?? '',
    30,
  );
  return () => {
    foldEngagement(standing(historyOf(events)));
    const { head, rows } = rowsOf({ events, context, now });
    for (const row of [head, ...rows]) digestOf(row);
  };
};

describe('fold, verdicts, rows and digests grow in proportion with', () => {
  it.each(shapes)('%s', (_, history) => {
    expect(growthOf((count) => projecting(history(count)))).toBeLessThan(most);
  });

  it('any two of these, in any order of arrival', () => {
    const twoShapes = fc.shuffledSubarray(shapes, { minLength: 2, maxLength: 2 });
    const arrival = fc.constantFrom<(facts: readonly Fact[]) => readonly Fact[]>(
      (facts) => facts,
      (facts) => facts.toReversed(),
      (facts) => facts.toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1)),
    );
    fc.assert(
      fc.property(twoShapes, arrival, (mixed, arrive) => {
        const facts = (count: number) => arrive(mixed.flatMap(([, history]) => history(count / 2)));
        // Half of each is short: of a shorter mixture, what any stream costs is the greatest part.
        expect(growthOf((count) => projecting(facts(count)), 200)).toBeLessThan(most);
      }),
      { numRuns: 8 },
    );
  }, 60_000);
});

describe('deciding grows in proportion with', () => {
  it.each(shapes)('%s', (_, history) => {
    const deciding = (count: number): (() => void) => {
      const facts = history(count);
      const half = historyOf(recordedAsOne(facts.slice(0, count / 2)));
      return () => void decideAll(half, facts, '2028-01-01T00:00:00.000Z');
    };
    expect(growthOf(deciding)).toBeLessThan(most);
  });

  it("a stream against which a person's facts are checked", () => {
    const deciding = (count: number): (() => void) => {
      const facts = Object.values(longHistories).flatMap((history) => history(count / shapes.length));
      const known = historyOf(recordedAsOne(facts));
      const said = facts
        .slice(0, 3)
        .map((fact) => ({ ...fact, factId: `${fact.factId}!`, eventId: `${fact.eventId}!`, actor: 'ada' }));
      return () => void decideAll(known, said, '2028-01-01T00:00:00.000Z');
    };
    expect(growthOf(deciding)).toBeLessThan(most);
  });

  it('a history that grows by one event at a time', () => {
    const growing = (count: number): (() => void) => {
      const events = recordedAsOne(Object.values(longHistories).flatMap((history) => history(count / shapes.length)));
      return () => void events.reduce((history, event) => extend(history, [event]), historyOf([]));
    };
    expect(growthOf(growing)).toBeLessThan(most);
  });
});

describe('the counting of operations', () => {
  it.each(shapes)('is the same for the same work, however often it was done: %s', (_, history) => {
    const counts = Array.from({ length: 6 }, () => operationsOf(projecting(history(240))));
    // What the first run alone does is no part of the work.
    expect(new Set(counts.slice(1)).size).toBe(1);
  });

  it('finds work on every pair of events', () => {
    const growthWith = (look: (events: readonly unknown[]) => unknown) =>
      growthOf((count) => {
        const events = recordedAsOne(Object.values(longHistories)[0]?.(count) ?? []);
        return () => {
          for (const _ of events) look(events);
        };
      });
    expect(growthWith((events) => events.includes(undefined))).toBeGreaterThan(3.5);
    expect(growthWith((events) => [...events])).toBeGreaterThan(3.5);
    expect(growthWith((events) => events.at(-1))).toBeLessThan(most);
  });
});
