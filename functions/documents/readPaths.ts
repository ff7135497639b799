// How does the OpenAPI document describe the routes of the read API?
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent, refusedWith, schemaRef } from './openApiAnswers.ts';
import { parameterExample } from './parameterExamples.ts';
import { names, type Parameter, pathParameters } from './readParameters.ts';
import type { ReadRoute } from './readRoute.ts';
import { readRoutes } from './readRoutes.ts';
import { putNamesOperation } from './recordPaths.ts';
import { begun, cancelRunOperation } from './runPaths.ts';

const inQuery = ({ name, description, schema }: Parameter): JsonObject => ({
  name,
  in: 'query',
  description,
  schema,
  ...parameterExample(name, schema),
});

const inPath = (path: string): readonly JsonObject[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => {
    const parameter = pathParameters[name];
    if (parameter === undefined) throw new Error(`readRoutes.ts does not describe the parameter {${name}} of ${path}`);
    const { description, schema } = parameter;
    return { name, in: 'path', required: true, description, schema, ...parameterExample(name, schema) };
  });

/** What a file can't say in itself. */
const fileHeaders: JsonObject = {
  'x-unreadable': {
    description:
      'Of a file as of a date: the ids of what could not be read, as a JSON list. Its rows are missing. Absent where nothing is; of JSON `unreadable` says it.',
    schema: { type: 'string' },
  },
  'x-unreadable-left-out': {
    description: 'How many more there are than the header holds.',
    schema: { type: 'integer' },
  },
};

const operationOf = (route: ReadRoute): JsonObject => {
  const { path, operationId, summary, description, asked, answer, absent, conflicts, long, vendorsOnly } = route;
  const told = [description, vendorsOnly === true ? "Only the tenant's own people may ask." : undefined];
  const parameters = [...inPath(path), ...[...asked, ...(vendorsOnly === true ? [] : [names])].map(inQuery)];
  return {
    operationId,
    summary,
    ...(told.some((each) => each !== undefined) && {
      description: told.filter((each) => each !== undefined).join(' '),
    }),
    tags: ['ask'],
    ...(parameters.length > 0 && { parameters }),
    responses: {
      200: {
        description: summary,
        ...(route.files !== undefined && { headers: fileHeaders }),
        content: { ...jsonContent(schemaRef(answer)), ...route.files },
      },
      ...(long && begun),
      ...refusedWith(400, 401, 403, ...(absent ? [404 as const] : []), ...(conflicts ? [409 as const] : []), 429, 503),
    },
  };
};

/** What else is done at a path, beside reading. */
const beside: Readonly<Record<string, JsonObject>> = {
  '/v1/names': { put: putNamesOperation },
  '/v1/runs/{run}': { delete: cancelRunOperation(inPath('/v1/runs/{run}')) },
};

/** The paths of the read API. */
export const readPaths = (): JsonObject =>
  Object.fromEntries(readRoutes.map((route) => [route.path, { get: operationOf(route), ...beside[route.path] }]));
