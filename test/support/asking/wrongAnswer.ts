// Is an answer of the API as the OpenAPI document says, for its route and status?
import * as z from 'zod';
import { openApi } from '../../../functions/documents/openApi.ts';
import type { Answer } from '../api.ts';
import { fixtures, messages } from '../fixtures.ts';
import { componentsOf, wrongIn } from '../jsonSchemas.ts';

const document = openApi({ version: '0.1.0', fixtures, messages });
const component = componentsOf(document);
const Operation = z.object({ responses: z.record(z.string(), z.looseObject({})) });
const Told = z.object({
  paths: z.record(
    z.string(),
    z.object({ get: Operation.optional(), post: Operation.optional(), delete: Operation.optional() }),
  ),
  components: z.object({ responses: z.record(z.string(), z.looseObject({})) }),
});
const Content = z.record(z.string(), z.object({ schema: z.looseObject({ $ref: z.string().optional() }) }));
const told = Told.parse(JSON.parse(JSON.stringify(document)));

/** What is wrong with an answer, by the document's schema for its route and status. */
export const wrongAnswer = (
  method: 'get' | 'post' | 'delete',
  path: string,
  { status, contentType, body }: Answer,
): readonly string[] => {
  const response = told.paths[path]?.[method]?.responses[status];
  const name = /#\/components\/responses\/(\w+)$/.exec(String(response?.$ref))?.[1] ?? '';
  const content = Content.parse((told.components.responses[name] ?? response)?.content ?? {});
  const schema = /#\/components\/schemas\/(\w+)$/.exec(content[contentType]?.schema.$ref ?? '')?.[1];
  return schema === undefined
    ? [`${method} ${path} tells no ${status} of ${contentType}`]
    : wrongIn(component(schema), body);
};
