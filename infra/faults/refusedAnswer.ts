// How does each service report a failure or throttling? In AWS's own form, so that the SDK reacts as it does on AWS.
import type { ServiceAnswer, ServiceName } from '../local/core/callInterceptor.ts';

const answer = (status: number, code: string, message: string, extra: object = {}): ServiceAnswer => ({
  status,
  headers: { 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message, ...extra }),
});

const throttles: Readonly<Record<ServiceName, string>> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  events: 'ThrottlingException',
  sqs: 'RequestThrottled',
  ssm: 'ThrottlingException',
};

/** A failure of the service itself: the SDK retries. */
export const failedAnswer = (service: ServiceName): ServiceAnswer =>
  answer(
    500,
    service === 'dynamodb' || service === 'ssm' ? 'InternalServerError' : 'InternalFailure',
    'The service failed, as the fault plan says.',
  );

/** Throttling: the SDK retries later. */
export const throttledAnswer = (service: ServiceName): ServiceAnswer => {
  const found = answer(400, throttles[service], 'The call was throttled, as the fault plan says.');
  return service === 'sqs'
    ? { ...found, headers: { ...found.headers, 'x-amzn-query-error': 'RequestThrottled;Sender' } }
    : found;
};

/** A refusal that a retry can't change: the SDK gives it to the function at once. */
export const deniedAnswer = (): ServiceAnswer =>
  answer(400, 'AccessDeniedException', 'The call was denied, as the fault plan says.');

/** A transaction of so many parts, whose first part conflicts with another transaction. */
export const conflictAnswer = (parts: number): ServiceAnswer =>
  answer(400, 'TransactionCanceledException', 'Transaction cancelled [TransactionConflict]', {
    CancellationReasons: Array.from({ length: parts }, (_, index) =>
      index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } : { Code: 'None' },
    ),
  });
