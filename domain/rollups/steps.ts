// How is a step of recurring revenue kept in a contribution, and what does it change for a customer?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { Instant } from '../../events/instant.ts';
import { type arrSteps, stepKinds } from '../rows/arrSteps.ts';
import type { Row } from '../rows/row.ts';
import type { ColumnsOf } from '../rows/table.ts';
import { unknown } from './measures.ts';
import { firstPlace, type Place, placeOf } from './months.ts';

export type ArrStepRow = Row<ColumnsOf<typeof arrSteps>>;

/**
 * A step as a contribution holds it: at, kind, subscription, number of subscriptions, whether the partner is the lead
 * partner, currency, from, to, event, and how many prices before and after it its partner may not see.
 */
export const FedStep = builtOnce(() =>
  z.tuple([
    Instant,
    z.enum(stepKinds),
    z.string().nullable(),
    z.int(),
    z.boolean(),
    z.string().nullable(),
    z.int().nullable(),
    z.int().nullable(),
    z.string(),
    // An earlier release did not feed it.
    z.tuple([z.int(), z.int()]).optional(),
  ]),
);
type FedStep = z.output<ReturnType<typeof FedStep>>;

/** A step of one engagement's subscription, or a transfer of several. */
export interface Step {
  readonly at: Instant;
  readonly place: Place;
  readonly kind: FedStep[1];
  readonly subscriptionId: string | null;
  readonly subscriptions: number;
  readonly byLead: boolean;
  readonly currency: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly causeEvent: string;
  /** How many prices before and after it its partner may not see. */
  readonly closedBefore: number;
  readonly closedAfter: number;
}

export const fedStep = ({ columns }: ArrStepRow): FedStep => [
  columns.at,
  columns.kind,
  columns.subscriptionId,
  columns.subscriptions,
  columns.partnerBy === 'lead',
  columns.currency,
  columns.fromMinor,
  columns.toMinor,
  columns.causeEvent,
  [columns.closedBefore, columns.closedAfter],
];

export const readStep = (fed: FedStep): Step => {
  const [at, kind, subscriptionId, subscriptions, byLead, currency, from, to, causeEvent, closed] = fed;
  // Where nothing is known of a price, the partner may not see it.
  const [closedBefore, closedAfter] = closed ?? [0, subscriptions];
  const place = Math.max(placeOf(at), firstPlace);
  const step = { at, place, kind, subscriptionId, subscriptions, byLead, currency, from, to, causeEvent };
  return { ...step, closedBefore, closedAfter };
};

/**
 * The steps of several engagements, without the amounts of a currency whose changes together are too large for an exact
 * number: those count as not known. All sums and differences of the others are exact.
 */
export const exactSteps = (byOwner: readonly (readonly Step[])[]): readonly (readonly Step[])[] => {
  const changed = new Map<string | null, number>();
  for (const { currency, from, to } of byOwner.flat())
    changed.set(currency, (changed.get(currency) ?? 0) + Math.abs((to ?? 0) - (from ?? 0)));
  if (changed.values().every(Number.isSafeInteger)) return byOwner;
  const isExact = ({ currency }: Step): boolean => Number.isSafeInteger(changed.get(currency));
  const orUnknown = (amount: number | null): number | null => (amount === 0 ? 0 : null);
  return byOwner.map((steps) =>
    steps.map((step) => (isExact(step) ? step : { ...step, from: orUnknown(step.from), to: orUnknown(step.to) })),
  );
};

export const isTransfer = ({ kind }: Pick<Step, 'kind'>): boolean => kind === 'transferIn' || kind === 'transferOut';

const order: readonly Step['kind'][] = stepKinds;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts by instant. At one instant, a step out of a currency comes before a step into another one. */
export const byOccurrence = (a: Step, b: Step): number =>
  compare(a.at, b.at) ||
  order.indexOf(a.kind) - order.indexOf(b.kind) ||
  compare(a.subscriptionId ?? '', b.subscriptionId ?? '') ||
  compare(a.causeEvent, b.causeEvent);

/**
 * The revenue at an instant: minor units a year by currency, and under `unknown` the number of subscriptions whose
 * amount is unknown.
 */
export type Holding = ReadonlyMap<string, number>;

/** Adds an amount to a measure. A measure with the sum 0 is removed. */
export const add = (holding: Map<string, number>, measure: string, amount: number): void => {
  const sum = (holding.get(measure) ?? 0) + amount;
  if (sum === 0) holding.delete(measure);
  else holding.set(measure, sum);
};

/** The amounts that a step adds, by measure. */
export const effectOf = ({ currency, from, to, subscriptions }: Step): readonly (readonly [string, number])[] => {
  const doubts = (to === null ? subscriptions : 0) - (from === null ? subscriptions : 0);
  const amount = (to ?? 0) - (from ?? 0);
  return [
    ...(currency === null || amount === 0 ? [] : [[currency, amount] as const]),
    ...(doubts === 0 ? [] : [[unknown, doubts] as const]),
  ];
};

/** Whether there is revenue, in any currency: 1 or 0, null if that is not known. */
export const activityOf = (holding: Holding): 1 | 0 | null => {
  for (const measure of holding.keys()) if (measure !== unknown) return 1;
  return holding.has(unknown) ? null : 0;
};
