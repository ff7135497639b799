// Which fields of an event may a caller see, around its data and in it?
import * as z from 'zod';
import { type Context, partyIdOf } from '../../../domain/context/context.ts';
import type { Audience } from '../../../events/audience.ts';
import { builtOnce } from '../../../events/builtOnce.ts';
import { definitionOf, type RecordedEvent } from '../../../events/catalog.ts';
import { Reference, recordedEnvelope } from '../../../events/envelope.ts';
import { type Fields, fieldsIn } from '../../../events/fieldsIn.ts';
import type { Caller } from '../../http/caller.ts';
import type { LedBy } from './grantsNow.ts';
import { notYours } from './partnerView.ts';

type Data = Readonly<Record<string, unknown>>;

/**
 * An event as the caller may see it. Around its data, a hidden field is left out, or null if every event has it; in its data,
 * it is null. `reason` stands beside what is hidden.
 */
export interface ShownEvent {
  readonly eventId: string;
  readonly version: number;
  readonly type: string;
  readonly data: Data;
  readonly [field: string]: unknown;
}

/** By what the parties of an event are found. */
export interface Parties {
  readonly links: Context['links'];
  /** The stream of the engagement that `ledBy` is about. */
  readonly engagement: string;
  readonly ledBy: LedBy;
}

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);

const envelopeFields = builtOnce(() => fieldsIn(z.object(recordedEnvelope())));

/** Fields of the envelope that every event has, of those that may be hidden. */
const always: ReadonlySet<string> = new Set(['source', 'sourceEventId', 'causationId']);

/** Shows events to a caller, field by field, as the catalog declares who sees each field. */
export const eventsFor = ({ role, partnerId, tenantId }: Caller, { links, engagement, ledBy }: Parties) => {
  const isOwn = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(isOwn);
    const named = Reference.safeParse(value);
    return named.success && partyIdOf({ tenantId, links }, named.data) === partnerId;
  };

  /** `objects` are the object that holds the field and those around it; one of them may name the party. */
  const seesOf = (event: RecordedEvent) => {
    const said = partnerId !== undefined && event.saidBy?.partyId === partnerId;
    // Other streams (of offers, parties, policies) have no lead.
    const led = partnerId !== undefined && event.streamId === engagement && ledBy(event.occurredAt) === partnerId;
    return (audience: Audience, objects: readonly Data[]): boolean => {
      const isNamed = (names: readonly string[]) => names.some((name) => objects.some((each) => isOwn(each[name])));
      switch (audience.kind) {
        case 'everyone':
          return true;
        case 'sayer':
          return said;
        case 'parties':
          return said || isNamed(audience.namedBy);
        case 'lead':
          return said || led || isNamed(audience.namedBy);
        case 'commercial':
        case 'vendor':
          return false;
        default:
          return audience satisfies never;
      }
    };
  };
  type Sees = ReturnType<typeof seesOf>;

  const shownIn = (fields: Fields, objects: readonly [Data, ...Data[]], sees: Sees): Data => {
    const [data] = objects;
    const shown: Record<string, unknown> = {};
    let hidesAny = false;
    for (const [name, value] of Object.entries(data)) {
      const field = fields.get(name);
      if (field === undefined || !sees(field.audience, objects)) {
        shown[name] = null;
        hidesAny = true;
      } else shown[name] = field.within === undefined ? value : shownWithin(field.within, value, objects, sees);
    }
    return hidesAny ? { ...shown, reason: notYours } : shown;
  };

  const shownWithin = (fields: Fields, value: unknown, around: readonly Data[], sees: Sees): unknown => {
    if (Array.isArray(value)) return value.map((each) => shownWithin(fields, each, around, sees));
    return isData(value) ? shownIn(fields, [value, ...around], sees) : value;
  };

  return (event: RecordedEvent): ShownEvent => {
    if (role === 'vendor') return event;
    const sees = seesOf(event);
    const { eventId, version, type, data, ...around } = event;
    const shown: Record<string, unknown> = {};
    let hidesAny = false;
    for (const [name, value] of Object.entries(around)) {
      const field = envelopeFields().get(name);
      if (field !== undefined && sees(field.audience, [around])) shown[name] = value;
      else {
        hidesAny = true;
        if (always.has(name)) shown[name] = null;
      }
    }
    const definition = definitionOf(type);
    return {
      ...shown,
      eventId,
      version,
      type,
      data: definition === undefined ? {} : shownIn(fieldsIn(definition.data), [data], sees),
      ...(hidesAny && { reason: notYours }),
    };
  };
};
