// Which items of a batch has a function dealt with? Reads its answer as Lambda's event source mappings do.

import { isObject } from '../core/json.ts';
import type { InvocationResult } from '../lambda/invocation.ts';

export type BatchAnswer =
  | { readonly kind: 'done' }
  /** All of it has to come again. */
  | { readonly kind: 'failed' }
  /** These have to come again. */
  | { readonly kind: 'partly'; readonly failed: ReadonlySet<string> };

/**
 * An error fails the batch. With ReportBatchItemFailures, an absent or empty list means success; an entry without an identifier,
 * with an empty one, or with one that isn't in the batch fails all of it.
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
