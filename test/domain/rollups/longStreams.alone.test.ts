// Does the rollup of an engagement with twice as many steps cost at most twice as many operations?
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../../domain/rows/engagementRows.ts';
import type { Fact } from '../../../events/catalog.ts';
import { addDays } from '../../../events/instant.ts';
import { contextOf } from '../../support/contexts.ts';
import { longHistories, recordedAsOne } from '../../support/histories/longHistories.ts';
import { observing } from '../../support/histories/observing.ts';
import { growthOf } from '../../support/operations.ts';
import { rollUp } from '../../support/rolledUp.ts';

/** What grows in proportion doubles; what grows with the square takes four times as much. */
const most = 2.4;

const history = (shape: string, count: number): readonly Fact[] => longHistories[shape]?.(count) ?? [];

/** Both levels of everything that these facts give, a month after the last of them. */
const rollingUp = (facts: readonly Fact[]): (() => void) => {
  const events = recordedAsOne(facts);
  const last = facts
    .map(({ occurredAt }) => occurredAt)
    .sort()
    .at(-1);
  const now = addDays(last ?? '', 30);
  const { head, rows } = rowsOf({ events, context: contextOf({ policy: observing }), now });
  return () => void rollUp(new Map([[head.rowKey, [head, ...rows]]]), now);
};

describe('rolling up grows in proportion with', () => {
  it.each(['subscriptions', 'one subscription changed and renewed'])('%s', (shape) => {
    expect(growthOf((count) => rollingUp(history(shape, count)))).toBeLessThan(most);
  });

  it.each(['subscriptions', 'one subscription changed and renewed'])(
    '%s, with as many changes of the lead partner',
    (shape) => {
      const facts = (count: number) => [...history(shape, count / 2), ...history('leads', count / 2)];
      expect(growthOf((count) => rollingUp(facts(count)))).toBeLessThan(most);
    },
  );
});
