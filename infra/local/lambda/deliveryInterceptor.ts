// What stands between an event and the function that it is for? One seam, at which a batch can be seen, reordered, given twice, or its answer lost.
import type { InvocationResult } from './invocation.ts';

/** An event on its way: a batch of a queue or a stream, or a request. */
export interface Delivery {
  /** The function's name in the template. */
  readonly function: string;
  readonly event: unknown;
}

/** Hands the event over, another where one is given; may be called more than once, or not at all. */
export type Hand = (event?: unknown) => Promise<InvocationResult>;

/** Brings an event to its function, and its answer back; must not reject. */
export type DeliveryInterceptor = (delivery: Delivery, hand: Hand) => Promise<InvocationResult>;

/** Brings each event once, as it is. */
export const plainDelivery: DeliveryInterceptor = (_delivery, hand) => hand();
