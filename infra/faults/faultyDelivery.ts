// How are events delivered under a seed's plan? Once, twice, in another order, or with a lost answer; a function that failed twice is spared.
import { isObject, type JsonObject } from '../local/core/json.ts';
import type { Delivery, DeliveryInterceptor, Hand } from '../local/lambda/deliveryInterceptor.ts';
import type { InvocationResult } from '../local/lambda/invocation.ts';
import { deliveryFaultOf, shuffled } from './faultPlan.ts';
import type { FaultState } from './faultState.ts';

/** A message becomes a dead letter after five deliveries, a stream's batch is given up after ten: injected faults alone must not cause that. */
const mostFailures = 2;

const recordsOf = (event: unknown): readonly JsonObject[] =>
  isObject(event) && Array.isArray(event.Records) ? event.Records.filter(isObject) : [];

const isOfQueue = ({ receiptHandle }: JsonObject): boolean => receiptHandle !== undefined;

const receivesOf = ({ attributes }: JsonObject): number =>
  isObject(attributes) ? Number(attributes.ApproximateReceiveCount ?? 0) : 0;

const hasFailed = (result: InvocationResult): boolean => {
  if (!result.ok) return true;
  const { value } = result;
  if (!isObject(value)) return false;
  const { batchItemFailures, statusCode } = value;
  return (Array.isArray(batchItemFailures) && batchItemFailures.length > 0) || Number(statusCode ?? 200) >= 500;
};

const lost = (functionName: string): InvocationResult => ({
  ok: false,
  requestId: '',
  error: { errorType: 'Fault', errorMessage: `The answer of ${functionName} was lost, as the plan says.`, stack: '' },
});

/** After a failed delivery, messages in flight become visible a little later, as after their visibility timeout. */
const comeBack = ({ seed, runtime }: FaultState, event: unknown, after: number): void => {
  for (const { eventSourceARN, receiptHandle } of recordsOf(event)) {
    if (typeof receiptHandle !== 'string') continue;
    const queue = String(eventSourceARN).split(':').at(-1) ?? '';
    const release = (): void => {
      if (seed() !== undefined) runtime().queueStore.release(queue, [receiptHandle]);
    };
    setTimeout(release, after).unref();
  }
};

const bring = async (
  state: FaultState,
  { function: name, event }: Delivery,
  { hand, seed }: { readonly hand: Hand; readonly seed: number },
): Promise<InvocationResult> => {
  const records = recordsOf(event);
  const ordinal = state.next(`deliver ${name}`);
  const kind = records.length === 0 ? undefined : deliveryFaultOf(seed, name, ordinal);
  const isQueue = records.some(isOfQueue);
  const isFirst = records.every((record) => receivesOf(record) <= 1) && !state.isSpared(name);
  // A stream keeps its order. A batch that has failed before gets no fault in its delivery.
  if (kind === undefined || (!isQueue && (kind === 'shuffled' || kind === 'back early'))) return await hand();
  if (!isFirst && kind !== 'shuffled') return await hand();
  state.tell(kind, name, isQueue ? 'queue' : 'stream');
  switch (kind) {
    case 'shuffled':
      return await hand({ Records: shuffled(seed, `${name} ${ordinal}`, records) });
    case 'twice':
      await hand();
      return await hand();
    case 'answer lost':
      await hand();
      return lost(name);
    case 'back early':
      comeBack(state, event, 0);
      return await hand();
    default:
      return kind satisfies never;
  }
};

/** Makes the interceptor of deliveries. */
export const faultyDelivery =
  (state: FaultState): DeliveryInterceptor =>
  async (delivery, hand) => {
    const seed = state.seed();
    if (seed === undefined) return await hand();
    const { function: name, event } = delivery;
    const records = recordsOf(event);
    const failures = Math.max(
      ...records.map((record) => receivesOf(record) - 1),
      records.some(isOfQueue) ? 0 : state.inARow(name),
    );
    const endSparing = failures >= mostFailures ? state.spare(name) : undefined;
    try {
      const result = await bring(state, delivery, { hand, seed });
      const failed = hasFailed(result);
      state.ended(name, failed);
      if (failed) comeBack(state, event, 5);
      return result;
    } finally {
      endSparing?.();
    }
  };
