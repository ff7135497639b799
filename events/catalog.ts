// Which event types are there, and in which order do events of one instant fold?

import * as z from 'zod';
import { builtOnce } from './builtOnce.ts';
import { controlEvents } from './control.ts';
import { createEvents } from './create.ts';
import type { EventDefinition } from './definition.ts';
import { deliverEvents } from './deliver.ts';
import { type FactEnvelope, factEnvelope, type RecordedEnvelope, recordedEnvelope } from './envelope.ts';
import { handoffEvents } from './handoff.ts';
import { type Issue, issuesOf } from './issues.ts';
import { mobilizeEvents } from './mobilize.ts';
import { procureEvents } from './procure.ts';
import { renewEvents } from './renew.ts';
import { reportEvents } from './report.ts';
import { sellEvents } from './sell.ts';
import { stageEvents } from './stage.ts';
import { upcast } from './upcasts.ts';

export { type Issue, issuesOf } from './issues.ts';

/** Every event type, in order of rank: of two events of one instant, the type that comes first here folds first. */
export const catalog = {
  ...controlEvents,
  ...createEvents,
  ...mobilizeEvents,
  ...sellEvents,
  ...procureEvents,
  ...handoffEvents,
  ...deliverEvents,
  ...reportEvents,
  ...renewEvents,
  ...stageEvents,
} as const;

export type EventType = keyof typeof catalog;
export type EventData<T extends EventType> = Readonly<z.infer<(typeof catalog)[T]['data']>>;

/** A fact before it is recorded. */
export type Fact = { [K in EventType]: FactEnvelope & { readonly type: K; readonly data: EventData<K> } }[EventType];
export type FactOf<T extends EventType> = Extract<Fact, { readonly type: T }>;

/** An event that is recorded in its stream. */
export type RecordedEvent = {
  [K in EventType]: RecordedEnvelope & { readonly type: K; readonly data: EventData<K> };
}[EventType];
export type RecordedOf<T extends EventType> = Extract<RecordedEvent, { readonly type: T }>;

const isEventType = (type: string): type is EventType => Object.hasOwn(catalog, type);

/** Every event type, by rank. */
export const eventTypes: readonly EventType[] = Object.keys(catalog).filter(isEventType);

const ranks: ReadonlyMap<string, number> = new Map(eventTypes.map((type, rank) => [type, rank]));

/** A type's place in the catalog. It is the second of the four sort keys of the fold order. */
export const rankOf = (type: EventType): number => ranks.get(type) ?? ranks.size;

/** The definition of a type; undefined if the catalog has no such type. */
export const definitionOf = (type: string): EventDefinition | undefined =>
  isEventType(type) ? catalog[type] : undefined;

/** The schemas of whole events, by type. Each is built when the first event of its type is parsed. */
const schemasOf = (envelope: () => z.ZodRawShape): ((type: string) => z.ZodType | undefined) => {
  const built = new Map<EventType, z.ZodType>();
  return (type) => {
    if (!isEventType(type)) return undefined;
    const known = built.get(type);
    if (known !== undefined) return known;
    const schema = z.object({ ...envelope(), type: z.literal(type), data: catalog[type].data });
    built.set(type, schema);
    return schema;
  };
};

const factSchema = schemasOf(factEnvelope);
const recordedSchema = schemasOf(recordedEnvelope);

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Issue[] };

const Head = builtOnce(() => z.object({ type: z.string(), schemaVersion: z.int().min(1), data: z.unknown() }));
const Whole = builtOnce(() => z.looseObject(Head().shape));

const parseWith = <T>(schemaOf: ReturnType<typeof schemasOf>, value: unknown): Parsed<T> => {
  const head = Head().safeParse(value);
  if (!head.success) return { ok: false, issues: issuesOf(head.error, value) };
  const schema = schemaOf(head.data.type);
  if (schema === undefined) {
    return { ok: false, issues: [{ path: 'type', message: `unknown event type ${head.data.type}` }] };
  }
  const newest = definitionOf(head.data.type)?.version ?? 1;
  // Its own schema would leave out what a later version has added.
  if (head.data.schemaVersion > newest) {
    const message = `${head.data.type} is known up to version ${newest}, not ${head.data.schemaVersion}`;
    return { ok: false, issues: [{ path: 'schemaVersion', message }] };
  }
  // Most events have the newest version, so only older ones are copied.
  const current = head.data.schemaVersion < newest ? upcast(Whole().parse(value), newest) : value;
  const parsed = schema.safeParse(current);
  // The type chose the schema, and zod's own types can't express that. This is the parser's only cast.
  return parsed.success
    ? { ok: true, value: parsed.data as T }
    : { ok: false, issues: issuesOf(parsed.error, current) };
};

/** Upcasts a fact's data and parses the fact. Each issue names the path of the wrong value. */
export const parseFact = (value: unknown): Parsed<Fact> => parseWith<Fact>(factSchema, value);

/** Upcasts a recorded event's data and parses the event. Each issue names the path of the wrong value. */
export const parseRecorded = (value: unknown): Parsed<RecordedEvent> => parseWith<RecordedEvent>(recordedSchema, value);
