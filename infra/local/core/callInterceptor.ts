// How can the runtime step in between a function and the AWS services? An interceptor sees each call, and can count it, refuse it, or make it fail.
import type { JsonObject } from './json.ts';

export type ServiceName = 'dynamodb' | 'events' | 'sqs' | 'ssm';

/** One check of IAM for a call: an action on the ARN of a table, an index, a queue, a bus or a parameter. */
export interface Need {
  readonly action: string;
  readonly resource: string;
}

/** A call of the AWS SDK, as sent over HTTP. */
export interface ServiceCall {
  /** The access key that the caller signed with: a function's name, or the operator's. */
  readonly caller: string;
  readonly service: ServiceName;
  /** For example `PutItem`, `SendMessageBatch`. */
  readonly operation: string;
  readonly input: JsonObject;
  /** Every permission that the caller needs; for a batch or a transaction, those of each part. */
  readonly needs: readonly Need[];
}

/** The answer to the caller. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** No answer: the connection is closed, and the caller can't know whether the call was carried out. */
export const cut = Symbol('cut');

/** Carries the call out, with another input if one is given. An interceptor may call it twice, or not at all. */
export type Pass = (input?: JsonObject) => Promise<ServiceAnswer | typeof cut>;

/** Runs before every call: it answers through `pass`, or itself. If it throws, the call is refused with that error. */
export type CallInterceptor = (call: ServiceCall, pass: Pass) => Promise<ServiceAnswer | typeof cut>;

/** Joins the interceptors, in their order, with the function that carries the call out. */
export const throughInterceptors = (
  interceptors: readonly CallInterceptor[],
  call: ServiceCall,
  carryOut: (call: ServiceCall) => Promise<ServiceAnswer>,
): Promise<ServiceAnswer | typeof cut> => {
  const [first, ...others] = interceptors;
  if (first === undefined) return carryOut(call);
  return first(call, (input = call.input) => throughInterceptors(others, { ...call, input }, carryOut));
};
