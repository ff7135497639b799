// Which messages does the AsyncAPI document describe for each event type?

import { ownerOf } from '../../domain/lifecycle.ts';
import { catalog, type EventType, eventTypes } from '../../events/catalog.ts';
import { cloudEventOf, systemTypes } from '../../events/sources/cloudevents/cloudEventSchema.ts';
import { stages } from '../../events/stage.ts';
import { intakeSource, packType, recordedSource } from '../aws/eventBridge.ts';
import { asyncApiForm } from './asyncApiSchemas.ts';
import { type Fixtures, saysOf, versionedName } from './eventSchemas.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';
import { schemaRef } from './openApiAnswers.ts';

/** The names of a type's messages. */
export const messageName = {
  fact: (type: EventType): string => `${type}Fact`,
  recorded: (type: EventType): string => `${type}Recorded`,
  cloudEvent: (type: EventType): string => `${type}CloudEvent`,
};

const message = (type: EventType, title: string, payload: JsonObject, example: JsonObject | undefined): JsonObject => ({
  name: type,
  title,
  summary: saysOf(type),
  contentType: 'application/json',
  payload,
  ...(example !== undefined && { examples: [{ name: versionedName(type), payload: example }] }),
});

/** An event of the bus: EventBridge's own fields, the detail-type, and the detail. */
const busEvent = (source: string, type: string, detail: JsonObject): JsonObject => ({
  allOf: [
    schemaRef('EventBridgeEvent'),
    {
      type: 'object',
      required: ['source', 'detail-type', 'detail'],
      properties: { source: { const: source }, 'detail-type': { const: type }, detail },
    },
  ],
});

/** The envelope with the data of a type. */
const enveloped = (type: EventType, envelope: 'FactEnvelope' | 'RecordedEnvelope'): JsonObject => ({
  allOf: [
    schemaRef(envelope),
    {
      type: 'object',
      required: ['type', 'schemaVersion', 'data'],
      properties: {
        type: { const: type },
        schemaVersion: { const: catalog[type].version },
        data: schemaRef(`${type}Data`),
      },
    },
  ],
});

/** The types that a fact on its way may have. */
export const factTypes: readonly EventType[] = eventTypes.filter((type) => type !== 'StageEntered');

const packedFacts = (fixtures: Fixtures): JsonObject => {
  const [type = 'EngagementOpened'] = factTypes.filter((each) => fixtures.has(versionedName(each)));
  const fixture = fixtures.get(versionedName(type));
  const example = fixture === undefined ? undefined : { owner: ownerOf(type, fixture.data), facts: [factOf(fixture)] };
  return {
    name: packType,
    title: 'Facts, on their way to the one that owns them',
    summary: 'Facts of one tenant that one stage, or control, owns.',
    contentType: 'application/json',
    payload: busEvent(intakeSource, packType, {
      type: 'object',
      required: ['owner', 'facts'],
      properties: {
        owner: { enum: [...stages, 'control'] },
        facts: {
          type: 'array',
          minItems: 1,
          items: { oneOf: factTypes.map((each) => enveloped(each, 'FactEnvelope')) },
        },
      },
    }),
    ...(example !== undefined && {
      examples: [{ name: packType, payload: delivered(packType, intakeSource, example) }],
    }),
  };
};

const delivered = (type: string, source: string, detail: JsonObject): JsonObject => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': type,
  source,
  account: '123456789012',
  time: '2026-07-11T09:00:01Z',
  region: 'us-east-1',
  resources: [],
  detail,
});

const factOf = ({ version: _, recordedAt: __, ...fact }: JsonObject): JsonObject => fact;

const cloudEventExample = (type: EventType, fixture: JsonObject): JsonObject => ({
  specversion: '1.0',
  id: fixture.sourceEventId,
  source: 'https://tools.example.com',
  type: `throughline.${type}`,
  time: fixture.occurredAt,
  data: fixture.data,
});

/** Every message, with the fixture of its type as its example: facts, recorded events, and CloudEvents. */
export const asyncApiMessages = (fixtures: Fixtures): JsonObject => {
  const exampleOf = (type: EventType, made: (fixture: JsonObject) => JsonObject): JsonObject | undefined => {
    const fixture = fixtures.get(versionedName(type));
    return fixture === undefined ? undefined : made(fixture);
  };
  const fact = (type: EventType): JsonObject =>
    message(
      type,
      `${type}, on its way alone`,
      busEvent(intakeSource, type, enveloped(type, 'FactEnvelope')),
      exampleOf(type, (fixture) => delivered(type, intakeSource, factOf(fixture))),
    );
  const recorded = (type: EventType): JsonObject =>
    message(
      type,
      `${type}, recorded`,
      busEvent(recordedSource, type, enveloped(type, 'RecordedEnvelope')),
      exampleOf(type, (fixture) => delivered(type, recordedSource, fixture)),
    );
  const cloudEvent = (type: EventType): JsonObject => {
    const { properties, ...schema } = jsonSchemaOf(cloudEventOf(type), asyncApiForm);
    const payload = { ...schema, properties: { ...Object(properties), data: schemaRef(`${type}Data`) } };
    return {
      ...message(
        type,
        `${type}, sent`,
        payload,
        exampleOf(type, (fixture) => cloudEventExample(type, fixture)),
      ),
      contentType: 'application/cloudevents+json',
    };
  };
  return Object.fromEntries([
    [packType, packedFacts(fixtures)],
    ...factTypes.map((type) => [messageName.fact(type), fact(type)]),
    ...eventTypes.map((type) => [messageName.recorded(type), recorded(type)]),
    ...systemTypes.map((type) => [messageName.cloudEvent(type), cloudEvent(type)]),
  ]);
};
