// How is one batch of a stream delivered? With retries from its lowest failure, in halves, until it is finished or given up.

import type { StreamMappingPlan } from '../core/plan.ts';
import type { InvocationResult } from '../lambda/invocation.ts';
import { readBatchAnswer } from './batchAnswer.ts';
import type { StreamRecord } from './streamReader.ts';

export type GivenUpBecause = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface BatchDelivery {
  readonly mapping: Pick<StreamMappingPlan, 'bisects' | 'maximumRetries' | 'reportsItemFailures'>;
  readonly invoke: (records: readonly StreamRecord[]) => Promise<InvocationResult>;
  /** Every record up to this one (included) is finished. */
  readonly reached: (record: StreamRecord) => void;
  /** These records get no more retries and go to the on-failure queue; then they count as finished. */
  readonly giveUp: (
    records: readonly StreamRecord[],
    why: { readonly condition: GivenUpBecause; readonly attempts: number },
  ) => void;
  readonly isTooOld: (record: StreamRecord) => boolean;
  /** Waits before a retry (1 for the first). */
  readonly pause: (attempt: number) => Promise<void>;
  readonly isStopped: () => boolean;
}

const sequenceOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

/**
 * Delivers the records in order. After an error of the function, the batch is halved if the mapping says so; this doesn't count as
 * a retry. After an answer that names failures, records before the lowest failure are finished, and delivery continues from it.
 */
export async function deliverBatch(records: readonly StreamRecord[], delivery: BatchDelivery): Promise<void> {
  const { mapping } = delivery;
  const pieces: (readonly StreamRecord[])[] = records.length > 0 ? [records] : [];
  // By first record: how often a batch failed that can't be made smaller.
  const failures = new Map<string, number>();

  const finish = (piece: readonly StreamRecord[]): void => {
    pieces.shift();
    const last = piece.at(-1);
    if (last !== undefined) delivery.reached(last);
  };
  const end = (piece: readonly StreamRecord[], condition: GivenUpBecause): void => {
    const attempts = failures.get(piece[0] === undefined ? '' : sequenceOf(piece[0])) ?? 0;
    delivery.giveUp(piece, { condition, attempts });
  };

  for (let piece = pieces[0]; piece !== undefined && !delivery.isStopped(); piece = pieces[0]) {
    const young = piece.findIndex((record) => !delivery.isTooOld(record));
    if (young !== 0) {
      const old = young === -1 ? piece : piece.slice(0, young);
      end(old, 'RecordAgeExceeded');
      finish(old);
      if (young > 0) pieces.unshift(piece.slice(young));
      continue;
    }
    const answer = readBatchAnswer(await delivery.invoke(piece), {
      identifiers: piece.map(sequenceOf),
      reportsItemFailures: mapping.reportsItemFailures,
    });
    if (delivery.isStopped() && answer.kind === 'failed') return;
    if (answer.kind === 'done') {
      finish(piece);
      continue;
    }
    if (answer.kind === 'failed' && mapping.bisects && piece.length > 1) {
      const middle = Math.ceil(piece.length / 2);
      pieces.splice(0, 1, piece.slice(0, middle), piece.slice(middle));
      continue;
    }
    const { failed } = answer.kind === 'partly' ? answer : { failed: undefined };
    const lowest = failed === undefined ? 0 : piece.findIndex((record) => failed.has(sequenceOf(record)));
    const rest = piece.slice(lowest);
    if (lowest > 0) {
      finish(piece.slice(0, lowest));
      pieces.unshift(rest);
    }
    const first = rest[0] === undefined ? '' : sequenceOf(rest[0]);
    const attempts = (failures.get(first) ?? 0) + 1;
    failures.set(first, attempts);
    if (mapping.maximumRetries !== undefined && attempts > mapping.maximumRetries) {
      end(rest, 'RetryAttemptsExhausted');
      finish(rest);
    } else {
      await delivery.pause(attempts);
    }
  }
}
