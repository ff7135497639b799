// Does the OpenAPI document have every route of the template, with the parameters and values that the handler accepts?
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { askedNames } from '../../../domain/rows/catalog.ts';
import { catalog, eventTypes } from '../../../events/catalog.ts';
import { sources } from '../../../events/sources/catalog.ts';
import { openApi } from '../../../functions/documents/openApi.ts';
import { rooms } from '../../../functions/query/queryRoutes.ts';
import { resources, synthesized } from '../../infra/synthesized.ts';
import { type Api, createApi, peopleOf } from '../../support/api.ts';
import { startTestEngine, type TestEngine } from '../../support/engine.ts';
import { fixtures, messages } from '../../support/fixtures.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { componentsOf, wrongIn } from '../../support/jsonSchemas.ts';

const Parameter = z.object({
  name: z.string(),
  in: z.string(),
  schema: z.object({ enum: z.array(z.string()).optional() }),
});
const Operation = z.object({ parameters: z.array(Parameter).default([]), security: z.array(z.unknown()).optional() });
const Document = z.object({
  paths: z.record(
    z.string(),
    z.object({
      ...{ get: Operation.optional(), post: Operation.optional() },
      ...{ put: Operation.optional(), delete: Operation.optional(), options: Operation.optional() },
    }),
  ),
});
const document = openApi({ version: '0.1.0', fixtures, messages });
const { paths } = Document.parse(JSON.parse(JSON.stringify(document)));
const operations = Object.entries(paths).flatMap(([path, { get, post, put, options, delete: remove }]) =>
  Object.entries({ GET: get, POST: post, PUT: put, DELETE: remove, OPTIONS: options }).flatMap(([method, operation]) =>
    operation === undefined ? [] : [{ method, path, operation }],
  ),
);

describe('the routes of the template', () => {
  const routes = resources(synthesized(), 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => ({
    key: String(Properties.RouteKey),
    open: Properties.AuthorizationType === 'NONE',
  }));
  const takes = (key: string, method: string, path: string): boolean => {
    const [wanted, pattern = ''] = key.split(' ');
    const expression = pattern.replaceAll(/\{[^}]+\+\}/g, '.+').replaceAll(/\{[^}]+\}/g, '[^/]+');
    return wanted === method && new RegExp(`^${expression}$`).test(path);
  };

  it.each(routes)('$key is in the document, with or without a token as in the template', ({ key, open }) => {
    const told = operations.filter(({ method, path }) => takes(key, method, path));
    expect(told).not.toEqual([]);
    for (const { path, operation } of told) expect([path, operation.security?.length === 0]).toEqual([path, open]);
  });

  it('accept every path of the document', () => {
    const untaken = operations.filter(({ method, path }) => !routes.some(({ key }) => takes(key, method, path)));
    expect(untaken).toEqual([]);
  });
});

it('an instant is any date-time of RFC 3339, by no stricter pattern', () => {
  const instant = componentsOf(document)('Instant');
  for (const text of ['2026-03-31T22:30:00.5-05:00', '2026-03-31t22:30:00z', '2026-03-31T22:30:00.123Z'])
    expect([text, wrongIn(instant, text)]).toEqual([text, []]);
  expect(wrongIn(instant, '2026-02-30T00:00:00Z')).toHaveLength(1);
  expect(JSON.stringify(document)).toMatch(/"occurredAt":\{[^{}]*"format":"date-time"/);
});

it('every source that sends over HTTP has its path, its status and its contract', () => {
  const doors = sources.flatMap(({ name, delivery }) => (delivery.way === 'webhook' ? [{ name, ...delivery }] : []));
  expect(Object.keys(paths).filter((path) => path.startsWith('/webhooks/'))).toEqual(
    doors.map(({ name }) => `/webhooks/${name}/{connection}`),
  );
  for (const { name, acceptedStatus, handshake, contract } of doors) {
    const path = `/webhooks/${name}/{connection}`;
    expect(document).toHaveProperty(['paths', path, 'post', 'responses', String(acceptedStatus)]);
    expect(paths[path]?.options !== undefined).toBe(handshake !== undefined);
    const headers = paths[path]?.post?.parameters.filter((parameter) => parameter.in === 'header');
    expect(headers?.map((header) => header.name)).toEqual(Object.keys(contract.headers));
    for (const type of ['application/json', ...Object.keys(contract.bodies ?? {})])
      expect(document).toHaveProperty(['paths', path, 'post', 'requestBody', 'content', type, 'schema']);
    for (const shape of Object.keys(contract.shapes ?? {}))
      expect(document).toHaveProperty(['components', 'schemas', shape]);
  }
});

describe('facts', () => {
  const component = componentsOf(document);

  it.each([...fixtures])(
    '%s: its fixture may be posted only where the catalog lets people say its type',
    (name, { data, type }) => {
      const known = eventTypes.find((each) => each === type);
      const byPeople = known !== undefined && catalog[known].saidBy.some((sayer) => sayer !== 'system');
      expect(wrongIn(component('Fact'), { type, data }).length === 0).toBe(byPeople);
      expect(wrongIn(component(`${name.split('.')[0]}Data`), data)).toEqual([]);
      expect(wrongIn(component('Fact'), { type, data: { ...Object(data), stranger: 1 } })).not.toEqual([]);
    },
  );
});

describe('the read API', () => {
  let engine: TestEngine;
  let issuer: TestIssuer;
  let api: Api;
  let vendor: string;
  beforeAll(async () => {
    [engine, issuer] = await Promise.all([startTestEngine(), startIssuer()]);
    vendor = await peopleOf(issuer).vendor();
    api = await createApi(engine, issuer);
  });
  afterAll(() => Promise.all([engine.stop(), issuer.stop()]));

  const asked = operations.filter(({ path, method }) => method === 'GET' && path.startsWith('/v1/'));
  const urlOf = (path: string): string => path.replace('/v1/', '').replaceAll(/\{\w+\}/g, 'some-id');
  /** The words after "there are" in what a refusal says. */
  const wordsOf = (detail: unknown): readonly string[] =>
    /there (?:are|is) (.+)$/
      .exec(String(detail))?.[1]
      ?.split(', ')
      .filter((word) => word !== 'none') ?? [];

  it.each(asked)(
    '$path accepts the parameters and values of the document, and no others',
    async ({ path, operation }) => {
      const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
      const unknown = await api.get(vendor, urlOf(path), { stranger: '1' });
      expect([unknown.status, unknown.body.reason]).toEqual([400, 'parameterUnknown']);
      expect(wordsOf(unknown.body.detail).toSorted()).toEqual(inQuery.map(({ name }) => name).toSorted());
      for (const { name, schema } of inQuery) {
        if (schema.enum === undefined) continue;
        const refused = await api.get(vendor, urlOf(path), {
          [name]: 'stranger',
          ...(name === 'clock' && path !== '/v1/changes' && { asOf: '2026-01-01' }),
          ...(path === '/v1/flags/{flag}' && { engagement: 'some-id' }),
        });
        expect([refused.status, refused.body.reason]).toEqual([400, `${name}Unknown`]);
        expect(wordsOf(refused.body.detail).toSorted()).toEqual(schema.enum.toSorted());
      }
    },
  );

  it('has no route that the document lacks', async () => {
    const shapes = rooms.flatMap((room) => [
      room,
      `${room}/x`,
      // The one name that no receipt can have.
      ...(room === 'receipts' ? [`${room}/summary`] : []),
      `${room}/x/events`,
      `${room}/x/y`,
      `${room}/x/events/z`,
    ]);
    const answers = await Promise.all(
      shapes.map(async (path) => [path, await api.get(vendor, path, { stranger: '1' })] as const),
    );
    const known = answers.filter(([, { body }]) => !String(body.detail).startsWith('no route')).map(([path]) => path);
    const told = asked.map(({ path }) =>
      urlOf(path)
        .replace('some-id', 'x')
        .replace(/^tables\/.*/, 'tables/x'),
    );
    expect(known.toSorted()).toEqual([...new Set(told)].toSorted());
    expect(asked.filter(({ path }) => path.startsWith('/v1/tables/')).map(({ path }) => path)).toEqual(
      askedNames.map((name) => `/v1/tables/${name}`),
    );
  });
});
