// How does a run of translate-again go, and when is it over? It starts the run, and follows its items until the last page is done.
// `npm run translate-again` calls it; it sends a message to translate's queue, counts its dead letters, and reads the receipts table.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { AgainPage } from '../../functions/again/againPage.ts';
import { createRunItems, type RunState } from '../../functions/again/runItems.ts';
import { groupOf } from '../../functions/aws/messageGroup.ts';
import { refuse } from '../local/core/refusal.ts';
import type { Target } from './target.ts';

export type AgainAsked = Pick<AgainPage, 'tenantId' | 'connectionId' | 'account' | 'status' | 'from' | 'to' | 'apply'>;

export interface Following {
  readonly site: Target;
  readonly asked: AgainAsked;
  /** Called at each look, with the number of receipts that were read so far. */
  readonly progress: (seen: number) => void;
  readonly lookEveryMs?: number;
}

async function deadLetters({ sqs, output }: Target): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: output('TranslateDeadLetters'), AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}

/** Starts a run, follows it to its end, and answers what it has found out. */
export async function runAgain({ site, asked, progress, lookEveryMs = 1_000 }: Following): Promise<RunState> {
  const { dynamo: client, sqs, output } = site;
  const now = (): string => new Date().toISOString();
  const again = { ...asked, run: randomUUID(), at: now() };
  const items = createRunItems({ client, table: output('ReceiptsTable'), now })(again);
  const begun = await deadLetters(site);
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: output('TranslateQueue'),
      MessageBody: JSON.stringify({ again }),
      MessageGroupId: groupOf(asked.tenantId),
    }),
  );
  for (;;) {
    const { pages, done } = await items.progress();
    progress(pages.reduce((sum, { seen }) => sum + seen, 0));
    if (done?.problem !== undefined) return refuse(`Nothing was done: ${done.problem}.`);
    if (done !== undefined) return await items.all();
    if ((await deadLetters(site)) > begun) {
      return refuse(
        'A message of translate is now in its dead-letter queue, and the run may be stuck. `npm run redrive -- --list` says why. Fix the cause, then run this again: what is done already is not done twice.',
      );
    }
    await pause(lookEveryMs);
  }
}
