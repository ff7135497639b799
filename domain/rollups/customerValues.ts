// Which value does a customer get over all its engagements?
import * as z from 'zod';
import { builtOnce } from '../../events/builtOnce.ts';
import { Instant } from '../../events/instant.ts';
import { customerValues as table } from '../rows/customerValues.ts';
import { healthyScores } from '../rows/healthyScores.ts';
import { type ValueState, valueReasons, valueStates } from '../scores/valueState.ts';
import { defineRollup } from './rollup.ts';

/** The value state of one engagement with what decides it, or why there is none; and what people read of the customer. */
const FedValue = builtOnce(() =>
  z.strictObject({
    customer: z.string().nullable(),
    state: z.enum(valueStates).nullable(),
    reason: z.enum(valueReasons).nullable(),
    evidence: z.array(z.strictObject({ eventId: z.string(), type: z.string(), occurredAt: Instant, says: z.string() })),
  }),
);

/** No evidence, some, or full evidence, over the engagements of which something is known. */
const together = (states: readonly ValueState[]): ValueState | null => {
  const [first] = states;
  if (first === undefined) return null;
  return states.every((state) => state === first) ? first : 'improving';
};

export const customerValues = defineRollup({
  name: 'customer_values',
  describes: 'A customer: the value that it gets over all its engagements, whoever leads them.',
  over: healthyScores,
  writes: table,
  buckets: 1,
  data: FedValue,
  contribute: (rows) =>
    rows.flatMap(({ columns: { engagementId, customerId, customer, valueState, valueReason, valueEvidence } }) => {
      if (customerId === null) return [];
      const data = { customer, state: valueState, reason: valueReason, evidence: [...valueEvidence] };
      return [{ group: customerId, part: 'value', spreadBy: engagementId, data }];
    }),
  rowsOf: ({ group, fed }) => {
    const once = [...new Map(fed.map((each) => [each.owner, each]))]
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([, each]) => each);
    const known = once.flatMap(({ owner, data: { state, evidence } }) =>
      state === null ? [] : [{ engagementId: owner, state, evidence }],
    );
    const valueState = together(known.map(({ state }) => state));
    const reasons = once.flatMap(({ data }) => data.reason ?? []);
    const unknown = valueReasons.find((reason) => reasons.includes(reason)) ?? null;
    const row = table.row({
      key: { customerId: group },
      columns: {
        ...{ lastEventId: null, policyVersion: null, leadPartnerId: null, leadPartner: null },
        customerId: group,
        // Of several texts the first by itself holds, whatever came first.
        customer: once.flatMap(({ data }) => data.customer ?? []).sort()[0] ?? null,
        ...{ valueState, valueReason: valueState === null ? unknown : null },
        ...{ engagements: once.length, known: known.length },
        evidence: known.flatMap(({ engagementId, state, evidence }) =>
          evidence.map((piece) => ({ engagementId, state, ...piece })),
        ),
      },
    });
    return { rows: once.length === 0 ? [] : [row], nextDueAt: undefined };
  },
});
