// What is a deal worth, after each fact that names a value, alone and together with deals that were combined with it?
import { describe, expect, it } from 'vitest';
import { dealValues } from '../../../domain/engagement/dealValues.ts';
import { inFoldOrder } from '../../../domain/history.ts';
import type { RecordedEvent } from '../../../events/catalog.ts';
import { streamIdOf } from '../../../events/identifiers.ts';
import { recorded, type Said, tenantId } from '../../support/histories/events.ts';

const other = streamIdOf(tenantId, 'engagement', 'e2');
const revised = (at: string, said: Said<'DealRevised'>, stream?: string) =>
  recorded('DealRevised', said, { at, ...(stream !== undefined && { stream }) });
const eur = (amount: string) => ({ value: { amount, currency: 'EUR' } });
const valued = (worths: ReturnType<typeof dealValues>) =>
  worths.map(({ value, currency }) => [value?.amount, currency] as const);

describe('the value of a deal', () => {
  it('is what the opening expects, and each fact after it that names one', () => {
    const opened = recorded(
      'EngagementOpened',
      { expectedValue: { amount: '50', currency: 'EUR' } },
      { at: '2026-01-01' },
    );
    const silent = revised('2026-01-15', { salesStage: 'x' });
    const events = [opened, silent, revised('2026-02-01', eur('70')), revised('2026-03-01', { value: null })];
    expect(valued(dealValues({ events }))).toEqual([
      ['50', 'EUR'],
      ['70', 'EUR'],
      [undefined, 'EUR'],
    ]);
  });

  it('has the currency that its source names at the same instant', () => {
    const amount = revised('2026-02-01', { value: { amount: '70' } });
    const currency = revised('2026-02-01', { currency: 'NOK', salesStage: 'x' });
    const events = [amount, currency].sort(inFoldOrder);
    expect(dealValues({ events }).at(-1)).toMatchObject({ value: { amount: '70' }, currency: 'NOK' });
    expect(dealValues({ events: [amount, currency] })[0]).toMatchObject({ currency: 'NOK' });
    const later = revised('2026-02-01T00:01', { currency: 'NOK' });
    expect(dealValues({ events: [amount, later] })[0]?.currency).toBeUndefined();
  });
});

describe('the value of deals that were combined', () => {
  const sums = (own: readonly RecordedEvent[], theirs: readonly RecordedEvent[]) =>
    dealValues({ events: own, combined: [theirs], dealsAside: new Set([other]) });

  it('is their sum after each fact, in fold order', () => {
    const [first, last] = [revised('2026-01-10', eur('100')), revised('2026-03-10', eur('150'))];
    const [between, cleared] = [revised('2026-02-10', eur('20'), other), revised('2026-04-10', { value: null }, other)];
    const worths = sums([first, last], [between, cleared]);
    expect(valued(worths)).toEqual([
      ['100', 'EUR'],
      ['120.00', 'EUR'],
      ['170.00', 'EUR'],
      ['150', 'EUR'],
    ]);
    expect(worths.map(({ event }) => event)).toEqual([first, between, last, cleared]);
    expect(worths.map(({ amountFrom }) => amountFrom)).toEqual([first, between, last, last]);
    expect(worths.map(({ added }) => added)).toEqual([
      undefined,
      { from: [first], isMixed: false },
      { from: [between], isMixed: false },
      undefined,
    ]);
  });

  it('leaves out what the other stream says among the own facts', () => {
    const own = [revised('2026-01-10', eur('100')), revised('2026-01-11', eur('7'), other)];
    expect(valued(sums(own, []))).toEqual([['100', 'EUR']]);
  });

  it('is none where their currencies differ, or one is not known', () => {
    const own = [revised('2026-01-10', eur('100'))];
    for (const value of [{ amount: '20', currency: 'NOK' }, { amount: '20' }]) {
      const theirs = [revised('2026-02-10', { value }, other)];
      const mixed = sums(own, theirs).at(-1);
      expect(mixed?.value).toBeUndefined();
      expect(mixed?.added).toEqual({ from: own, isMixed: true });
      expect(
        sums(
          theirs.map((event) => ({ ...event, streamId: own[0]?.streamId ?? '' })),
          own,
        ).at(-1)?.value,
      ).toBeUndefined();
    }
  });

  it('is none where it is too large to be exact', () => {
    const most = String(Number.MAX_SAFE_INTEGER);
    const huge = `${most.slice(0, -2)}.${most.slice(-2)}`;
    const worths = sums([revised('2026-01-10', eur(huge))], [revised('2026-02-10', eur('0.01'), other)]);
    expect(worths.at(-1)?.added?.isMixed).toBe(true);
    const exact = sums([revised('2026-01-10', eur(huge))], [revised('2026-02-10', eur('0.00'), other)]);
    expect(exact.at(-1)).toMatchObject({ value: { amount: huge, currency: 'EUR' }, added: { isMixed: false } });
  });
});
