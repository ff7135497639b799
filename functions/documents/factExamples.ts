// How does a person's request look for each event type? As the fixture of the type says it.
import { catalog, type EventType } from '../../events/catalog.ts';
import { saidByOffer } from '../record/offeredStages.ts';
import { type Fixtures, saysOf, versionedName } from './eventSchemas.ts';
import type { JsonObject } from './jsonSchema.ts';

/** The types whose data names their subject, or whose key makes it: the request names no engagement. */
const namesItself: ReadonlySet<EventType> = new Set([
  'CustomerIdentified',
  'LedgerEntryRecorded',
] satisfies readonly EventType[]);

/** What an example leaves out: the offer of the handoff says it. */
const dataOf = (type: EventType, data: unknown): JsonObject => {
  const left = saidByOffer.get(type) ?? [];
  return Object.fromEntries(Object.entries(Object(data)).filter(([name]) => !left.some((field) => field === name)));
};

/** An example of the request of each type that has a fixture, as OpenAPI lists examples. */
export const factExamples = (types: readonly EventType[], fixtures: Fixtures): JsonObject =>
  Object.fromEntries(
    types.flatMap((type) => {
      const fixture = fixtures.get(versionedName(type));
      if (fixture === undefined) return [];
      const ofEngagement = catalog[type].streams.some((kind) => kind === 'engagement') && !namesItself.has(type);
      const value = {
        type,
        ...(ofEngagement && { reference: 'ENG-2026-000417' }),
        occurredAt: fixture.occurredAt,
        data: dataOf(type, fixture.data),
      };
      return [[type, { summary: saysOf(type), value }]];
    }),
  );
