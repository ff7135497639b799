// How does each service say that it failed, or that it is asked too much? As AWS words it, so that the SDK does what it would do there.
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

/** A failure of the service itself: the SDK tries again. */
export const failedAnswer = (service: ServiceName): ServiceAnswer =>
  answer(
    500,
    service === 'dynamodb' || service === 'ssm' ? 'InternalServerError' : 'InternalFailure',
    'The service failed, as the fault plan says.',
  );

/** Too much was asked: the SDK tries again, later. */
export const throttledAnswer = (service: ServiceName): ServiceAnswer => {
  const found = answer(400, throttles[service], 'Too much was asked, as the fault plan says.');
  return service === 'sqs'
    ? { ...found, headers: { ...found.headers, 'x-amzn-query-error': 'RequestThrottled;Sender' } }
    : found;
};

/** A refusal that trying again does not mend: the SDK gives it to the function at once. */
export const deniedAnswer = (): ServiceAnswer =>
  answer(400, 'AccessDeniedException', 'The call was denied, as the fault plan says.');

/** A transaction of so many parts that met another one at its first. */
export const conflictAnswer = (parts: number): ServiceAnswer =>
  answer(400, 'TransactionCanceledException', 'Transaction cancelled [TransactionConflict]', {
    CancellationReasons: Array.from({ length: parts }, (_, index) =>
      index === 0 ? { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' } : { Code: 'None' },
    ),
  });
