// Which constraints of the lifecycle does an engagement satisfy or violate, and by which events?
import * as z from 'zod';
import { forEveryone } from '../../events/audience.ts';
import { reportDue } from '../patterns/cadenceBroken.ts';
import type { View } from '../patterns/pattern.ts';
import { type Conformance, conformanceOf, constraintNames, constraintStates } from '../scores/constraints.ts';
import { reportDaysFrom } from '../scores/patience.ts';
import { At, carriedByEngagement } from './commonColumns.ts';
import { carried, type RowContext } from './rowContext.ts';
import { byLeadPartner, type Columns, defineTable } from './table.ts';

/** A row lists at most this many events; `eventCount` counts all. */
const listedEvents = 20;

const columns = () => ({
  ...carriedByEngagement(),
  ...forEveryone({
    constraint: z
      .enum(constraintNames)
      .describe(
        'The constraint: its template, then the activities that it is about. A constraint that no fact activates has no row.',
      ),
    state: z.enum(constraintStates).describe('Whether it is satisfied, violated, or still waits for an answer.'),
    soft: z
      .boolean()
      .describe('Whether a violation is a risk that may be taken: work may start before the order is fulfilled.'),
    dueAt: At.nullable().describe(
      'When it is violated if no answer comes; null if only the end of the engagement decides that, or while a connection is silent that may say the answer.',
    ),
    eventIds: z
      .array(z.string())
      .describe('The events that violate it, else those that activate or answer it: the first 20.'),
    eventCount: z.int().min(0).describe('How many such events there are, including those that are not listed.'),
  }),
});

const softConstraints: ReadonlySet<string> = new Set(['precedence(OrderFulfilled, DeliveryStarted)']);

/** The constraints of a view's engagement at its instant. */
export const constraintsIn = (view: View): readonly Conformance[] =>
  conformanceOf(view.engagement, view.now, {
    reportDays: reportDaysFrom(view),
    reportDue: (first, live) => {
      const { dueAt, quiet } = reportDue(view, live, first);
      return quiet === undefined ? dueAt : undefined;
    },
  });

/** When time alone violates a constraint. */
export const constraintTurns = (view: View): readonly (Conformance['dueAt'] | undefined)[] =>
  constraintsIn(view).map(({ dueAt }) => dueAt);

const conformanceRows = (rowContext: RowContext) =>
  constraintsIn(rowContext).map(({ constraint, state, events, dueAt }) => {
    const cells: Columns<typeof columns> = {
      ...carried(rowContext, events.at(-1)?.eventId),
      constraint,
      state,
      soft: softConstraints.has(constraint),
      dueAt: dueAt ?? null,
      eventIds: events.slice(0, listedEvents).map(({ eventId }) => eventId),
      eventCount: events.length,
    };
    return { key: { engagementId: cells.engagementId, constraint }, columns: cells };
  });

export const conformance = defineTable({
  name: 'conformance',
  describes: 'One constraint of the lifecycle that the facts of an engagement activate.',
  grain: 'engagement',
  key: ['engagementId', 'constraint'],
  columns,
  indexes: [byLeadPartner],
  rows: conformanceRows,
  turns: constraintTurns,
});
