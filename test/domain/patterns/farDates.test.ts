// Does a date at the end of time raise nothing, though a tolerance or some days are added to it?
import { expect, test } from 'vitest';
import { addDays, addMilliseconds } from '../../../events/instant.ts';
import { opened, proposed, subscribed, won } from '../../support/histories/engagementFacts.ts';
import { recorded } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';

const never = '9999-12-31T23:59:59.999Z';
const pair = { handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' } as const;
const at = { at: '2026-03-01' };
const outcome = { outcomeId: 'o1', metric: 'mttr', unit: 'minutes', target: 40 };

test('instants stop at the first and the last that four digits of a year can write', () => {
  expect(addMilliseconds(never, 1)).toBe(never);
  expect(addDays('9999-12-31T00:00:00.000Z', 400)).toBe(never);
  expect(addDays('0000-01-02T00:00:00.000Z', -400)).toBe('0000-01-01T00:00:00.000Z');
  expect(addDays('9999-12-30T00:00:00.000Z', 1)).toBe('9999-12-31T00:00:00.000Z');
});

const ended = recorded('SubscriptionStarted', { ...subscribed('2026-03-01').data, termEnd: never }, at);

test.each([
  ['P4.7', subscribed('2026-03-01', { to: '9999-12-31' })],
  ['P4.7', ended],
  ['P5.9', proposed('2026-03-01', { expiresAt: '9999-12-31' })],
  ['P4.3', recorded('OutcomeAgreed', { ...outcome, due: '9999-12-31' }, at)],
])('%s is not raised', (rule, fact) => {
  const story = given(opened('2026-01-05'), won('2026-02-01'), fact);
  for (const now of ['2026-03-02', '2030-01-01', '9999-12-30']) expect(story.flagsAt(now, rule)).toEqual([]);
});

test('an offer that never needs an answer by its own words needs one after thirty days', () => {
  const asked = recorded('HandoffOffered', { ...pair, acceptBy: never }, at);
  const story = given(opened('2026-01-05'), won('2026-02-01'), asked);
  expect(story.flagsAt('2026-03-31', 'P3.3')).toEqual([]);
  expect(story.flagAt('9999-12-30', 'P3.3').dueAt).toBe('2026-03-31T00:00:00.000Z');
});
