// In which order do events of one instant come, by the states that their source names?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyOf, standing } from '../../domain/history.ts';
import type { RecordedEvent } from '../../events/catalog.ts';
import { recorded } from '../support/histories/events.ts';

const change = (
  was: string | undefined,
  is: string,
  { at = '2026-01-01', of = 'sub', name = `${of} ${was} ${is}` }: { at?: string; name?: string; of?: string } = {},
): RecordedEvent => ({
  ...recorded('SubscriptionChanged', { subscriptionId: of, sku: is }, { at, sourceId: name, seq: at }),
  sourceState: { of, is, ...(was === undefined ? {} : { was }) },
});

const order = (events: readonly RecordedEvent[]): readonly unknown[] =>
  standing(historyOf(events)).map((event) => (event.type === 'SubscriptionChanged' ? event.data.sku : event.type));

const anyOrder = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });

describe('events of one instant', () => {
  it('follow their states in every permutation', () => {
    const states = ['10', '20', '30', '15', '40', '12'];
    const chain = states.slice(1).map((is, index) => change(states[index], is));
    fc.assert(
      fc.property(anyOrder(chain), (events) => {
        expect(order(events)).toEqual(states.slice(1));
      }),
    );
  });

  it('follow states that return, each event once', () => {
    const states = ['10', '20', '10', '30', '20', '10', '40'];
    const chain = states.slice(1).map((is, index) => change(states[index], is, { name: `evt ${index}` }));
    fc.assert(
      fc.property(anyOrder(chain), (events) => {
        const found = order(events);
        expect(found.at(-1)).toBe('40');
        expect(found.toSorted()).toEqual(states.slice(1).toSorted());
      }),
    );
  });

  it('end where they began if the states form a circle, by the state before them', () => {
    const before = change(undefined, '10', { at: '2025-12-31', name: 'before' });
    const chain = [change('10', '20'), change('20', '30'), change('30', '10')];
    fc.assert(
      fc.property(anyOrder([...chain, before]), (events) => {
        expect(order(events)).toEqual(['10', '20', '30', '10']);
      }),
    );
  });

  it('begin with the event that found nothing before', () => {
    const chain = [change(undefined, '10', { name: 'z' }), change('10', '20', { name: 'a' })];
    fc.assert(
      fc.property(anyOrder(chain), (events) => {
        expect(order(events)).toEqual(['10', '20']);
      }),
    );
  });

  it('lead to the last state even if one of them is missing', () => {
    const chain = [change('10', '20'), change('20', '30'), change('15', '12')];
    const before = change(undefined, '10', { at: '2025-12-31', name: 'before' });
    fc.assert(
      fc.property(anyOrder([...chain, before]), (events) => {
        expect(order(events).indexOf('20')).toBeLessThan(order(events).indexOf('30'));
        expect(order(events).at(-1)).toBe('12');
      }),
    );
  });

  it('of other objects, sources and instants keep their places', () => {
    const events = [
      change('1', '2', { of: 'a' }),
      change('2', '3', { of: 'a' }),
      change('1', '2', { of: 'b' }),
      change('9', '10', { at: '2026-01-02' }),
      change('8', '9', { at: '2026-01-03' }),
    ];
    fc.assert(
      fc.property(anyOrder(events), (shuffled) => {
        expect(order(shuffled).slice(3)).toEqual(['10', '9']);
        expect(standing(historyOf(shuffled)).length).toBe(5);
      }),
    );
  });
});
