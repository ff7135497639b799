// Does the OpenAPI document show an example of every request, and does it need only what the API itself needs?
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalog, type EventType, eventTypes } from '../../../events/catalog.ts';
import { sourceOf } from '../../../events/sources/catalog.ts';
import { CloudEvent } from '../../../events/sources/cloudevents/cloudEventSchema.ts';
import { openApi } from '../../../functions/documents/openApi.ts';
import { FactRequest, readFactRequest } from '../../../functions/record/factRequest.ts';
import { saidByOffer } from '../../../functions/record/offeredStages.ts';
import { fixtures, messages } from '../../support/fixtures.ts';
import { componentsOf, strictAjv, wrongIn } from '../../support/jsonSchemas.ts';

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.looseObject({}),
  example: z.unknown().optional(),
});
const Content = z.object({
  schema: z.looseObject({}),
  example: z.unknown().optional(),
  examples: z.record(z.string(), z.object({ summary: z.string(), value: z.looseObject({}) })).optional(),
});
const Operation = z.object({
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: z.record(z.string(), Content) }).optional(),
});
const Path = z.object({
  parameters: z.array(Parameter).default([]),
  get: Operation.optional(),
  post: Operation.optional(),
});

const document: unknown = JSON.parse(JSON.stringify(openApi({ version: '0.1.0', fixtures, messages })));
const { paths } = z.object({ paths: z.record(z.string(), Path) }).parse(document);
const component = componentsOf(document);

const parameters = Object.entries(paths).flatMap(([path, { parameters: shared, get, post }]) =>
  [...shared, ...(get?.parameters ?? []), ...(post?.parameters ?? [])].map((parameter) => ({ path, parameter })),
);

it.each(parameters.filter(({ parameter }) => parameter.in !== 'header'))(
  '$path: $parameter.name has an example that its schema takes',
  ({ parameter: { schema, example } }) => {
    expect(example).toBeDefined();
    expect(wrongIn(strictAjv().compile(schema), example)).toEqual([]);
  },
);

const bodies = Object.entries(paths).flatMap(([path, { post }]) =>
  Object.entries(post?.requestBody?.content ?? {}).map(([type, content]) => ({ path, type, content })),
);

// A source that somebody adds may do without.
const withMessages = bodies.filter(({ path }) => {
  const [, source] = /^\/webhooks\/([^/]+)/.exec(path) ?? [];
  return source === undefined || messages.has(source);
});

it.each(withMessages)('$path: $type has an example', ({ content }) => {
  expect(content.example ?? content.examples).toBeDefined();
});

const posted = eventTypes.filter((type) => catalog[type].saidBy.some((sayer) => sayer !== 'system'));
const examples = paths['/v1/facts']?.post?.requestBody?.content['application/json']?.examples ?? {};

describe('facts', () => {
  it('of every type that people may say have an example', () => {
    expect(Object.keys(examples)).toEqual(posted);
  });

  it.each(Object.entries(examples))('%s: is taken by the document and by the API', (type, { value }) => {
    expect(wrongIn(component('Fact'), value)).toEqual([]);
    const read = readFactRequest(JSON.stringify(value));
    expect(read).toMatchObject({ ok: true, request: { type } });
    const known = posted.find((each) => each === type);
    const stages = saidByOffer.has(type) ? { fromStage: 'procure', toStage: 'deliver' } : {};
    expect(known && catalog[known].data.safeParse({ ...Object(value.data), ...stages }).success).toBe(true);
  });

  it.each(posted)('%s: the document needs exactly the fields that the API needs', (type: EventType) => {
    const data: Readonly<Record<string, unknown>> = Object(fixtures.get(`${type}.v${catalog[type].version}`)?.data);
    const inferred: readonly string[] = saidByOffer.get(type) ?? [];
    for (const left of Object.keys(data)) {
      const rest = Object.fromEntries(Object.entries(data).filter(([name]) => name !== left));
      const byApi = inferred.includes(left) || catalog[type].data.safeParse(rest).success;
      expect([left, wrongIn(component('Fact'), { type, data: rest }).length === 0]).toEqual([left, byApi]);
    }
  });

  it('need a type and data, and nothing else', () => {
    expect(wrongIn(component('Fact'), { type: 'EngagementOpened', data: {} })).toEqual([]);
    expect(FactRequest.safeParse({ type: 'EngagementOpened', data: {} }).success).toBe(true);
    expect(wrongIn(component('Fact'), { type: 'EngagementOpened' })).not.toEqual([]);
  });
});

describe('messages', () => {
  const exampleOf = (source: string, type: string): unknown =>
    paths[`/webhooks/${source}/{connection}`]?.post?.requestBody?.content[type]?.example;
  const translated = (source: string, example: unknown) => {
    const found = sourceOf(source);
    if (found === undefined) throw new Error(`no source ${source}`);
    const connection = {
      ...{ connection: 'c', source, tenantId: 'acme', account: 'acct_1', allowedTypes: found.defaultTypes },
      mapping: found.mapping.parse({}),
    };
    const receivedAt = '2026-07-11T09:00:00.000Z';
    return found.translate({ body: JSON.stringify(example), headers: {}, receivedAt }, connection);
  };

  it.each([
    ['stripe', 'application/json', 'SubscriptionStarted'],
    ['cloudevents', 'application/json', 'WorkLogged'],
    ['cloudevents', 'application/cloudevents+json', 'WorkLogged'],
    ['cloudevents', 'application/cloudevents-batch+json', 'MilestoneReached'],
  ])('%s, %s: the example says %s', (source, media, type) => {
    const translation = translated(source, exampleOf(source, media));
    expect(translation).toMatchObject({
      outcome: 'facts',
      facts: expect.arrayContaining([expect.objectContaining({ type })]),
    });
  });

  it('a CloudEvent needs exactly the attributes that we need', () => {
    const event: object = Object(exampleOf('cloudevents', 'application/cloudevents+json'));
    for (const left of Object.keys(event)) {
      const rest = Object.fromEntries(Object.entries(event).filter(([name]) => name !== left));
      const wrong = wrongIn(component('CloudEvent'), rest);
      expect([left, wrong.length === 0]).toEqual([left, CloudEvent.safeParse(rest).success]);
    }
  });
});
