// How does the OpenAPI document describe JSON answers and problems?
import type { JsonObject } from './jsonSchema.ts';

/** A component's schema by its name. */
export const schemaRef = (name: string): JsonObject => ({ $ref: `#/components/schemas/${name}` });

/** JSON of that schema. */
export const jsonContent = (schema: JsonObject): JsonObject => ({ 'application/json': { schema } });

const problemContent = { 'application/problem+json': { schema: schemaRef('Problem') } };
const gatewayContent = { 'application/json': { schema: schemaRef('GatewayMessage') } };

const problem = (description: string, content: JsonObject = problemContent): JsonObject => ({ description, content });

/** The problems of the read and record API, by status. */
export const problems = {
  400: problem('A parameter or header is unknown or malformed; `detail` lists the known ones.'),
  401: {
    ...problem('The token is missing or not valid: expired, or of another issuer or audience.', {
      ...problemContent,
      ...gatewayContent,
    }),
    headers: { 'www-authenticate': { description: 'How to authenticate.', schema: { type: 'string' } } },
  },
  403: problem('The token names no role, tenant or partner, or its holder may not do this.'),
  404: problem('There is no such thing, or it is not the caller’s.'),
  409: problem('A rule of the domain forbids the fact; `reason` names the rule.'),
  413: problem('The fact is too large.'),
  422: problem(
    'The request is malformed; `issues` lists each field that is wrong, the first hundred where there are more.',
  ),
  429: {
    ...problem('Too many requests at once, or too many runs under way: send it again a little later.', {
      ...problemContent,
      ...gatewayContent,
    }),
    headers: { 'retry-after': { description: 'After how many seconds to send again.', schema: { type: 'integer' } } },
  },
  503: {
    ...problem('A service of ours failed. Nothing was lost: send the same request again.'),
    headers: { 'retry-after': { description: 'After how many seconds to send again.', schema: { type: 'integer' } } },
  },
} as const;

/** The problems of these statuses, referred to by name. */
export const refusedWith = (...statuses: readonly (keyof typeof problems)[]): JsonObject =>
  Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]));
