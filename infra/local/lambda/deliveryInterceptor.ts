// How can a test change the delivery of events? An interceptor sees each batch or request, and can reorder it, repeat it, or lose its answer.
import type { InvocationResult } from './invocation.ts';

/** An event for a function: a batch of a queue or a stream, or a request. */
export interface Delivery {
  /** The function's name in the template. */
  readonly function: string;
  readonly event: unknown;
}

/** Passes the event to the function, or another event if one is given. An interceptor may call it several times, or not at all. */
export type Hand = (event?: unknown) => Promise<InvocationResult>;

/** Delivers an event to its function and returns the answer; must not reject. */
export type DeliveryInterceptor = (delivery: Delivery, hand: Hand) => Promise<InvocationResult>;

/** Delivers each event once, unchanged. */
export const plainDelivery: DeliveryInterceptor = (_delivery, hand) => hand();
