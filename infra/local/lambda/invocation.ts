// What is an invocation? An event for a function, and its result: the function's answer, or an error.

export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stack: string;
}

export type InvocationResult =
  | { readonly ok: true; readonly value: unknown; readonly requestId: string }
  | { readonly ok: false; readonly error: FunctionError; readonly requestId: string };

/** An event that a function has answered. */
export interface Invoked {
  readonly functionName: string;
  /** The event as JSON. */
  readonly event: string;
  readonly cpuMilliseconds: number;
}

/** An event that waits for a function, or that the function handles now. */
export interface Invocation {
  /** As JSON. */
  readonly event: string;
  readonly requestId: string;
  readonly settle: (result: InvocationResult) => void;
}

/** Why an event failed without an answer from its function. */
export interface Unanswered {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Ends an event without an answer, and logs why. */
export function failInvocation({ requestId, settle }: Invocation, why: Unanswered, log: (text: string) => void): void {
  log(`${requestId} ${why.errorType}: ${why.errorMessage}\n`);
  settle({ ok: false, error: { ...why, stack: '' }, requestId });
}

const throttling = 'TooManyRequestsException';

/** The result of an event that was not begun because more came than could be worked on; Lambda's own name for that. */
export const throttled = (requestId: string): InvocationResult => ({
  ok: false,
  error: { errorType: throttling, errorMessage: 'Rate Exceeded.', stack: '' },
  requestId,
});

export const isThrottled = (result: InvocationResult): boolean => !result.ok && result.error.errorType === throttling;
