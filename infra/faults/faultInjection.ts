// How does a seed's plan come over the functions? As an interceptor of their calls and of their deliveries, which spare who has failed twice.
import { setTimeout as wait } from 'node:timers/promises';
import { type CallInterceptor, cut } from '../local/core/callInterceptor.ts';
import { isObject, type JsonObject } from '../local/core/json.ts';
import type { Delivery, DeliveryInterceptor } from '../local/lambda/deliveryInterceptor.ts';
import type { InvocationResult } from '../local/lambda/invocation.ts';
import type { Runtime } from '../local/runtime.ts';
import { deliveryFaultOf, faultOf, shuffled } from './faultPlan.ts';
import { partlyOf } from './partialAnswer.ts';
import { failedAnswer, throttledAnswer } from './refusedAnswer.ts';

/** What was injected: the kind, the function, and the operation or how its events come. */
export type Tell = (kind: string, functionName: string, what: string) => void;

export interface FaultInjection {
  readonly interceptor: CallInterceptor;
  readonly deliver: DeliveryInterceptor;
  /** From here on the plan of this seed holds. */
  begin(seed: number): void;
  /** From here on nothing goes wrong. */
  end(): void;
}

export interface FaultInjectionOptions {
  readonly runtime: () => Pick<Runtime, 'crash' | 'queueStore'>;
  readonly tell: Tell;
}

/** A message is given up after five deliveries, a batch of a stream after ten tries: bad luck alone must not come to that. */
const mostFailures = 2;

const recordsOf = (event: unknown): readonly JsonObject[] =>
  isObject(event) && Array.isArray(event.Records) ? event.Records.filter(isObject) : [];

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

/** Makes the storm; it has not begun. */
export const createFaultInjection = ({ runtime, tell }: FaultInjectionOptions): FaultInjection => {
  let seed: number | undefined;
  const counts = new Map<string, number>();
  const inARow = new Map<string, number>();
  const spared = new Map<string, number>();

  const next = (name: string): number => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return count;
  };

  const interceptor: CallInterceptor = async (call, pass) => {
    if (seed === undefined) return await pass();
    const caller = call.caller ?? '';
    const { operation, service } = call;
    const planned = faultOf(seed, { caller, operation, ordinal: next(`${caller} ${operation}`) });
    if (planned === undefined) return await pass();
    const { kind, delay } = planned;
    if (kind !== 'delay' && kind !== 'duplicate' && (spared.get(caller) ?? 0) > 0) return await pass();
    tell(kind, caller, operation);
    switch (kind) {
      case 'fail':
        return failedAnswer(service);
      case 'throttle':
        return throttledAnswer(service);
      case 'delay':
        await wait(delay);
        return await pass();
      case 'cut before':
        return cut;
      case 'cut after':
        await pass();
        return cut;
      case 'partial':
        return (await partlyOf(operation)?.(call, pass)) ?? (await pass());
      case 'duplicate':
        await pass();
        return await pass();
      case 'crash before':
        runtime().crash(caller);
        return cut;
      case 'crash after':
        await pass();
        runtime().crash(caller);
        return cut;
      default:
        return kind satisfies never;
    }
  };

  /** Messages that a failed delivery leaves in flight come back a little later, as after their visibility timeout. */
  const comeBack = (event: unknown, after: number): void => {
    for (const { eventSourceARN, receiptHandle } of recordsOf(event)) {
      if (typeof receiptHandle !== 'string') continue;
      const queue = String(eventSourceARN).split(':').at(-1) ?? '';
      const release = (): void => {
        if (seed !== undefined) runtime().queueStore.release(queue, [receiptHandle]);
      };
      setTimeout(release, after).unref();
    }
  };

  const bring = async (delivery: Delivery, hand: (event?: unknown) => Promise<InvocationResult>, now: number) => {
    const { function: name, event } = delivery;
    const records = recordsOf(event);
    const ordinal = next(`deliver ${name}`);
    const kind = records.length === 0 ? undefined : deliveryFaultOf(now, name, ordinal);
    const isQueue = records.some(({ receiptHandle }) => receiptHandle !== undefined);
    const isFirst = records.every((record) => receivesOf(record) <= 1) && (spared.get(name) ?? 0) === 0;
    const what = isQueue ? 'queue' : 'stream';
    // A stream keeps its order; and what has failed before is not made to fail by its delivery, too.
    if (kind === undefined || (!isQueue && (kind === 'shuffled' || kind === 'back early'))) return await hand();
    if (!isFirst && kind !== 'shuffled') return await hand();
    tell(kind, name, what);
    switch (kind) {
      case 'shuffled':
        return await hand({ Records: shuffled(now, `${name} ${ordinal}`, records) });
      case 'twice':
        await hand();
        return await hand();
      case 'answer lost':
        await hand();
        return lost(name);
      case 'back early':
        comeBack(event, 0);
        return await hand();
      default:
        return kind satisfies never;
    }
  };

  const deliver: DeliveryInterceptor = async (delivery, hand) => {
    if (seed === undefined) return await hand();
    const { function: name, event } = delivery;
    const failures = Math.max(
      ...recordsOf(event).map((record) => receivesOf(record) - 1),
      recordsOf(event).some(({ receiptHandle }) => receiptHandle !== undefined) ? 0 : (inARow.get(name) ?? 0),
    );
    const isSpared = failures >= mostFailures ? 1 : 0;
    spared.set(name, (spared.get(name) ?? 0) + isSpared);
    try {
      const result = await bring(delivery, hand, seed);
      const failed = hasFailed(result);
      inARow.set(name, failed ? (inARow.get(name) ?? 0) + 1 : 0);
      if (failed) comeBack(event, 5);
      return result;
    } finally {
      spared.set(name, (spared.get(name) ?? 0) - isSpared);
    }
  };

  return {
    interceptor,
    deliver,
    begin(of) {
      seed = of;
      for (const known of [counts, inARow]) known.clear();
    },
    end() {
      seed = undefined;
    },
  };
};
