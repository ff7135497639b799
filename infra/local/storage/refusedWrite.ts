// Did a condition refuse a write, and whose condition was it in a transaction? The engine's answer says so.
import { isObject } from '../core/json.ts';
import type { EngineAnswer } from './engineCall.ts';

/** Whether the answer to a single write says that its condition doesn't hold. */
export const isRefusedByCondition = ({ status, body }: EngineAnswer): boolean =>
  status === 400 && body.includes('#ConditionalCheckFailedException"');

function reasonsIn(body: string): readonly unknown[] {
  try {
    const answer: unknown = JSON.parse(body);
    return isObject(answer) && Array.isArray(answer.CancellationReasons) ? answer.CancellationReasons : [];
  } catch {
    // Whoever asks has callers that wait, and they can ask one by one.
    return [];
  }
}

/** The places in a cancelled transaction whose conditions don't hold; undefined where anything else is the cause, or a part of it. */
export function conditionsThatFailed({ status, body }: EngineAnswer): ReadonlySet<number> | undefined {
  if (status !== 400 || !body.includes('#TransactionCanceledException"')) return undefined;
  const codes = reasonsIn(body).map((reason: unknown) => (isObject(reason) ? reason.Code : undefined));
  if (!codes.every((code) => code === 'None' || code === 'ConditionalCheckFailed')) return undefined;
  const failed = codes.flatMap((code, index) => (code === 'None' ? [] : [index]));
  return failed.length === 0 ? undefined : new Set(failed);
}
