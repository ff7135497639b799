// What does a case hold: what was given, and the messages that are sent? The files are in test/fixtures/cases.
import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';

const Step = z.looseObject({
  door: z.enum(['cloudEventsWebhook', 'stripeWebhook', 'partnerBus', 'facts']).optional(),
  /** Wait for all work before the next step. */
  drained: z.boolean().optional(),
  /** The exact text of a body that JSON can't hold, such as a number of 19 digits. */
  rawBody: z.string().optional(),
  body: z.unknown().optional(),
  'detail-type': z.string().optional(),
  detail: z.unknown().optional(),
  'idempotency-key': z.string().optional(),
  /** Signatures in which `{{signature}}` stands for the right one. */
  'webhook-signature': z.string().optional(),
  /** Send it to every connection of the case, as two endpoints of one account do. */
  toEveryConnection: z.boolean().optional(),
});
export type Step = z.infer<typeof Step>;

const MessageCase = z.looseObject({
  name: z.string(),
  door: z.string(),
  given: z.union([z.string(), z.array(z.string())]).optional(),
  input: z.array(z.unknown()),
});
export interface MessageCase {
  readonly name: string;
  readonly door: string;
  readonly given: readonly string[];
  readonly input: readonly Step[];
}

const folder = new URL('../../fixtures/cases/', import.meta.url);

/** Every case that is sent through a door, by name. */
export const messageCases: ReadonlyMap<string, MessageCase> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => MessageCase.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))))
    .filter(({ door }) => !door.startsWith('unit'))
    .map(({ name, door, given = [], input }) => [
      name,
      { name, door, given: [given].flat(), input: input.map((step) => Step.parse(step)) },
    ]),
);
