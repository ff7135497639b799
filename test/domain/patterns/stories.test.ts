// Do the lives of engagements that once were flagged wrongly show the flags that they must, on each date?
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { severities } from '../../../domain/patterns/pattern.ts';
import { parseRecorded, type RecordedEvent } from '../../../events/catalog.ts';
import { canonicalJson, eventIdOf, factIdOf } from '../../../events/identifiers.ts';
import { engagementStream, tenantId } from '../../support/histories/events.ts';
import { given } from '../../support/histories/given.ts';
import { historyKept } from '../../support/histories/observing.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'cases', 'stories');

const Story = z.strictObject({
  story: z.string(),
  facts: z.array(z.strictObject({ type: z.string(), occurredAt: z.string(), data: z.record(z.string(), z.unknown()) })),
  expected: z.array(
    z.strictObject({
      asOf: z.string(),
      rule: z.string(),
      /** Every flag of the rule on that date, open or cleared. */
      flags: z.array(
        z.strictObject({
          subject: z.string().optional(),
          raisedAt: z.string(),
          clearedAt: z.string().nullable(),
          clearReason: z.string().nullable(),
          severity: z.enum(severities),
        }),
      ),
    }),
  ),
});

type Told = z.infer<typeof Story>;

const recordedOf = ({ type, occurredAt, data }: Told['facts'][number]): RecordedEvent => {
  const sourceEventId = canonicalJson({ type, occurredAt, data });
  const factId = factIdOf({ tenantId, system: 'crm', account: '', sourceId: sourceEventId, type });
  const eventId = eventIdOf({ factId, data });
  const parsed = parseRecorded({
    ...{ eventId, factId, type, schemaVersion: 1, streamId: engagementStream, tenantId, occurredAt, data },
    ...{ source: 'crm:1', sourceEventId, causationId: eventId, correlationId: engagementStream },
    ...{ version: 1, recordedAt: occurredAt },
  });
  if (!parsed.ok) throw new Error(`not a ${type}: ${JSON.stringify(parsed.issues)}`);
  return parsed.value;
};

const stories = readdirSync(folder).map((file) => Story.parse(JSON.parse(readFileSync(join(folder, file), 'utf8'))));

const shownBy = (events: readonly RecordedEvent[], asked: Told['expected'][number]) =>
  given(historyKept, ...events)
    .flagsAt(asked.asOf, asked.rule)
    .map(({ subject, raisedAt, cleared, severity }) => ({
      ...{ subject, raisedAt, severity },
      ...{ clearedAt: cleared?.at ?? null, clearReason: cleared?.reason ?? null },
    }))
    .sort((a, b) => (a.raisedAt < b.raisedAt ? -1 : 1));

test.each(stories)('$story', ({ facts, expected }) => {
  const events = facts.map(recordedOf);
  for (const arrived of [events, events.toReversed()])
    for (const asked of expected) {
      const flags = asked.flags.map((flag) => expect.objectContaining(flag));
      expect(shownBy(arrived, asked), `${asked.rule} on ${asked.asOf}`).toEqual(flags);
    }
});
