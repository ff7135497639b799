// Is every statement of the channel's first lesson alive in the sample, or does it name the subject that it waits for?
import { describe, expect, test } from 'vitest';
import { referenceTables } from '../domain/rows/catalog.ts';
import { rowsOf } from '../domain/rows/engagementRows.ts';
import type { Row } from '../domain/rows/row.ts';
import { parseStreamId } from '../events/identifiers.ts';
import { sampleChannel } from '../infra/sample/sampleChannel.ts';
import { means } from './channel101/means.ts';
import { players } from './channel101/players.ts';
import { results } from './channel101/results.ts';
import type { Opened, Statement } from './channel101/statement.ts';
import { ways } from './channel101/ways.ts';
import { contextOf, worldOf } from './pipeline/sampleWorld.ts';
import { instant } from './support/histories/events.ts';
import { rollUp } from './support/rolledUp.ts';

const statements: readonly Statement[] = [...players, ...results, ...means, ...ways];
const now = instant('2026-11-23T12:00:00.000Z');

/** The sample's facts and rows, by the domain alone. */
const opened = (): Opened => {
  const world = worldOf(sampleChannel({ seed: 1, today: now.slice(0, 10) }), now);
  const context = contextOf(world, now);
  const owners = new Map<string, readonly Row[]>();
  for (const [streamId, events] of world.streams) {
    const { kind, id } = parseStreamId(streamId);
    if (kind === 'engagement') {
      const { head, rows } = rowsOf({ events, context, now });
      owners.set(id, [head, ...rows]);
      continue;
    }
    const own = referenceTables.filter(({ grain }) => grain === kind);
    owners.set(
      id,
      own.flatMap((table): readonly Row[] => table.rows({ events, links: context.links })),
    );
  }
  return { facts: [...world.streams.values()].flat(), rows: rollUp(owners, now).rows };
};

test('the statements are A001 to A140, each once and in words', () => {
  const ids = Array.from({ length: 140 }, (_, index) => `A${String(index + 1).padStart(3, '0')}`);
  expect(statements.map(({ id }) => id)).toEqual(ids);
  expect(statements.filter(({ states }) => states.length < 5)).toEqual([]);
  expect(statements.filter(({ shownBy }) => shownBy.length === 0)).toEqual([]);
});

describe('the statements that are due', () => {
  const sample = opened();
  test.each(
    statements.flatMap(({ id, states, shownBy }) => (typeof shownBy === 'string' ? [] : [{ id, states, shownBy }])),
  )('$id $states', ({ shownBy }) => {
    expect(shownBy.filter((proof) => !proof.isThere(sample)).map(({ named }) => named)).toEqual([]);
  });
});
