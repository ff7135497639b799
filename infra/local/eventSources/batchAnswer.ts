// Which items of a batch has a function finished? Its answer is read by the rules of Lambda's event source mappings.

import { isObject } from '../core/json.ts';
import type { InvocationResult } from '../lambda/invocation.ts';

export type BatchAnswer =
  | { readonly kind: 'done' }
  /** The whole batch must be retried. */
  | { readonly kind: 'failed' }
  /** These items must be retried. */
  | { readonly kind: 'partly'; readonly failed: ReadonlySet<string> };

/**
 * An error fails the batch. With ReportBatchItemFailures, an absent or empty list means success. An entry without an identifier,
 * with an empty one, or with one that isn't in the batch fails the whole batch.
 */
export function readBatchAnswer(
  result: InvocationResult,
  batch: { readonly identifiers: readonly string[]; readonly reportsItemFailures: boolean },
): BatchAnswer {
  if (!result.ok) return { kind: 'failed' };
  if (!batch.reportsItemFailures || result.value === null) return { kind: 'done' };
  if (!isObject(result.value)) return { kind: 'failed' };
  const listed = result.value.batchItemFailures ?? [];
  if (!Array.isArray(listed)) return { kind: 'failed' };
  const known = new Set(batch.identifiers);
  const failed = new Set<string>();
  for (const entry of listed) {
    const identifier: unknown = isObject(entry) ? entry.itemIdentifier : undefined;
    if (typeof identifier !== 'string' || !known.has(identifier)) return { kind: 'failed' };
    failed.add(identifier);
  }
  return failed.size === 0 ? { kind: 'done' } : { kind: 'partly', failed };
}
