// Do the events of one second come in the order in which Stripe's `previous_attributes` tell them?
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { historyOf, standing } from '../../../domain/history.ts';
import { parseRecorded, type RecordedEvent } from '../../../events/catalog.ts';
import { eventIdOf, factIdOf } from '../../../events/identifiers.ts';
import { eventOf, type Fields, factsOf, itemOf, saidBy, start, subscriptionOf, yearOn } from './stripeShapes.ts';

/** The facts of events as their stream holds them, in the order in which the events are delivered. */
const recordedOf = (bodies: readonly unknown[]): readonly RecordedEvent[] =>
  bodies.flatMap(factsOf).map((said, index) => {
    const factId = factIdOf({
      tenantId: 'northwind',
      system: 'stripe',
      account: '',
      sourceId: said.sourceId,
      type: said.type,
    });
    const parsed = parseRecorded({
      eventId: eventIdOf({ factId, sourceSeq: said.sourceSeq, data: said.data }),
      factId,
      type: said.type,
      schemaVersion: 1,
      tenantId: 'northwind',
      streamId: 'northwind/engagement/e',
      occurredAt: said.occurredAt,
      recordedAt: '2026-12-01T00:00:00.000Z',
      source: 'stripe',
      sourceEventId: said.sourceId,
      sourceSeq: said.sourceSeq,
      sourceState: said.sourceState,
      causationId: 'receipt',
      correlationId: 'northwind/engagement/e',
      version: index + 1,
      data: said.data,
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
    return parsed.value;
  });

/** A row of updates in one second: each goes from the fields of one step to those of the next. */
const updatesOf = (steps: readonly Fields[], named: (step: number) => string) =>
  steps.slice(1).map((fields, index) =>
    eventOf('customer.subscription.updated', subscriptionOf(fields), {
      id: named(index),
      previous: steps[index],
    }),
  );

const withQuantity = (quantity: number): Fields => ({ items: { data: [itemOf({ quantity })] } });

const permutations = <T>(list: readonly T[]): readonly (readonly T[])[] =>
  list.length < 2
    ? [list]
    : list.flatMap((first, place) =>
        permutations(list.filter((_, other) => other !== place)).map((rest) => [first, ...rest]),
      );

it.each([
  ['10, 20, 30, 15, 40, 12', [10, 20, 30, 15, 40, 12]],
  ['a state that returns: 10, 20, 10, 30', [10, 20, 10, 30]],
  ['back to the first: 10, 20, 10', [10, 20, 10]],
])('follows a chain in every order of delivery: %s', (_, quantities) => {
  const updates = updatesOf(quantities.map(withQuantity), (step) => `evt_${(step * 7) % 5}${step}`);
  const created = eventOf('customer.subscription.created', subscriptionOf(withQuantity(10)), { id: 'evt_first' });
  for (const bodies of permutations(updates)) {
    const states = standing(historyOf(recordedOf(bodies))).map(({ data }) => Reflect.get(data, 'quantity'));
    expect(states).toEqual(quantities.slice(1));
    const whole = standing(historyOf(recordedOf([...bodies, created]))).map(({ data }) =>
      Reflect.get(data, 'quantity'),
    );
    expect(whole).toEqual(quantities);
  }
});

it('a change that says nothing, as from trial to active alone, breaks no chain', () => {
  const steps = [
    { ...withQuantity(10), status: 'trialing' },
    { ...withQuantity(20), status: 'trialing' },
    { ...withQuantity(20), status: 'active' },
    { ...withQuantity(10), status: 'active' },
    { ...withQuantity(30), status: 'active' },
  ];
  const created = eventOf('customer.subscription.created', subscriptionOf(steps[0]), { id: 'evt_first' });
  const updates = updatesOf(steps, (place) => `evt_${9 - place}`).filter(says);
  for (const bodies of permutations([...updates, created])) {
    const states = standing(historyOf(recordedOf(bodies))).map(({ data }) => Reflect.get(data, 'quantity'));
    expect(states).toEqual([10, 20, 10, 30]);
  }
});

/** Steps that touch all that we follow: price, pause, cancellation, status, trial, term. */
const step = fc.record({
  items: fc
    .record({ quantity: fc.integer({ min: 1, max: 3 }), end: fc.constantFrom(yearOn, yearOn + 86_400) })
    .map(({ quantity, end }) => ({ data: [itemOf({ quantity, current_period_end: end })] })),
  pause_collection: fc.constantFrom(null, { behavior: 'void', resumes_at: null }),
  cancel_at: fc.constantFrom(null, yearOn, yearOn + 86_400),
  status: fc.constantFrom('active', 'past_due', 'unpaid', 'trialing'),
  trial_end: fc.constantFrom(start + 86_400, start + 172_800),
});

/** Whether the update says anything: a change of status alone may say nothing. */
const says = (body: unknown): boolean => saidBy(body).outcome === 'facts' && factsOf(body).length > 0;

it('follows any chain of up to six updates, each with several facts, in any order and with any ids', () => {
  const chain = fc.array(step, { minLength: 2, maxLength: 6 });
  const ids = fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e', 'f'], { minLength: 6 });
  fc.assert(
    fc.property(chain, ids, fc.infiniteStream(fc.nat(100)), (steps, names, sorts) => {
      const updates = updatesOf(steps, (place) => `evt_${names[place]}`).filter(says);
      const keys = new Map(updates.map((body) => [body.id, Number(sorts.next().value)]));
      const delivered = [...updates].sort((one, other) => (keys.get(one.id) ?? 0) - (keys.get(other.id) ?? 0));
      const created = eventOf('customer.subscription.created', subscriptionOf(steps[0]), { at: start - 60 });
      const events = standing(historyOf(recordedOf([...delivered, created]))).filter(
        ({ occurredAt }) => occurredAt === '2026-02-01T00:00:00.000Z',
      );
      const states = events.map(({ sourceState }) => sourceState);
      const told = updates.flatMap((body) =>
        factsOf(body).map(({ type, sourceState }) => [body.id, type, sourceState]),
      );
      // Loops from one state may be walked in either order; all else is told.
      expect(states.slice(1).map((state) => state?.was)).toEqual(states.slice(0, -1).map((state) => state?.is));
      expect(states.at(-1)?.is).toEqual(updates.flatMap(factsOf).at(-1)?.sourceState?.is);
      if (new Set(updates.map((body) => factsOf(body)[0]?.sourceState?.was)).size === updates.length)
        expect(events.map(({ sourceEventId, type, sourceState }) => [sourceEventId, type, sourceState])).toEqual(told);
    }),
    { numRuns: 100 },
  );
});
