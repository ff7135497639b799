// What stands between a function and its store, bus, queues and parameters? One seam, at which a call can be counted, refused, or made to fail.
import type { JsonObject } from './json.ts';

export type ServiceName = 'dynamodb' | 'events' | 'sqs' | 'ssm';

/** One thing that IAM would ask about a call: an action on the ARN of a table, an index, a queue, a bus or a parameter. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

/** A call of the AWS SDK as it stands on the wire. */
export interface ServiceCall {
  /** The access key that the caller signed with: a function's name; the signature isn't checked. */
  readonly caller: string | undefined;
  readonly service: ServiceName;
  /** For example `PutItem`, `SendMessageBatch`. */
  readonly operation: string;
  readonly input: JsonObject;
  /** Everything that the caller must be allowed: of a batch or a transaction, each of its parts. */
  readonly needs: readonly Need[];
}

/** What goes back to the caller. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** No answer at all: the connection is cut, and the caller can't know whether the call was carried out. */
export const cut = Symbol('cut');

/** Carries a call out, with another input where one is given; may be called twice, or not at all. */
export type Pass = (input?: JsonObject) => Promise<ServiceAnswer | typeof cut>;

/** Stands before every call: answers it through `pass`, or in its place. One that throws refuses the call with what it throws. */
export type CallInterceptor = (call: ServiceCall, pass: Pass) => Promise<ServiceAnswer | typeof cut>;

/** The call's way through the interceptors, in their order, to what carries it out. */
export const throughInterceptors = (
  interceptors: readonly CallInterceptor[],
  call: ServiceCall,
  carryOut: (call: ServiceCall) => Promise<ServiceAnswer>,
): Promise<ServiceAnswer | typeof cut> => {
  const [first, ...others] = interceptors;
  if (first === undefined) return carryOut(call);
  return first(call, (input = call.input) => throughInterceptors(others, { ...call, input }, carryOut));
};
