// Which rules does a head row list, so that engagements can be found by them?
import { expect, test } from 'vitest';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import { contextOf } from '../../support/contexts.ts';
import { opened, outcomeAgreed, won } from '../../support/histories/engagementFacts.ts';
import { instant, stream } from '../../support/histories/events.ts';

const rulesAt = (now: string, ...events: Parameters<typeof stream>[0]) => {
  const { columns } = rowsOf({ events: stream(events), context: contextOf({}), now: instant(now) }).head;
  return { openRules: columns.openRules, openFlags: columns.openFlags };
};

test('a head row lists the rules with an open flag once each, and not those that cleared', () => {
  const begun = opened('2026-03-01T09:00');
  expect(rulesAt('2026-03-02', begun)).toEqual({ openRules: [], openFlags: 0 });
  const sold = won('2026-03-10T09:00');
  const soldRules = rulesAt('2026-03-11', begun, sold);
  expect(soldRules.openRules).toContain('P1.1');
  const mended = rulesAt('2026-03-13', begun, sold, outcomeAgreed('2026-03-12T09:00'));
  expect(mended.openRules).not.toContain('P1.1');
});
