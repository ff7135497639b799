// Which parameters do routes of the read API have in common?
import { askedNames } from '../../domain/rows/catalog.ts';
import { maxLimit, usualLimit } from '../query/pageSize.ts';
import type { JsonObject } from './jsonSchema.ts';

/** A parameter of the path or the query. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  readonly schema: JsonObject;
}

const text = { type: 'string' };
export const oneOf = (words: readonly string[]): JsonObject => ({ type: 'string', enum: [...words] });
export const parameter = (name: string, description: string, schema: JsonObject = text): Parameter => ({
  name,
  description,
  schema,
});

export const cursor = parameter(
  'cursor',
  'The cursor of the page before; it is valid only for the query that made it.',
);
export const paging = [
  cursor,
  parameter('limit', 'The most items of a page.', {
    type: 'integer',
    minimum: 1,
    maximum: maxLimit,
    default: usualLimit,
  }),
];
export const partner = parameter(
  'partner',
  'Only what this partner leads now, or led at `asOf`: its party id, its code, or an external id as `system/kind/id`.',
);
/** Beside every answer that may refer to persons. */
export const names = parameter(
  'names',
  "Whether `names` beside a JSON answer says who the persons are to whom it refers. Only the tenant's own people may ask.",
  oneOf(['true', 'false']),
);
export const dated = [
  parameter('asOf', "An earlier instant (RFC 3339) to compute the answer for, with today's code."),
  parameter(
    'clock',
    'The clock of `asOf`: when facts occurred, or when they were recorded.',
    oneOf(['occurred', 'recorded']),
  ),
];

/** Of lists and tables. */
export const datedList = [
  parameter(
    'asOf',
    "An earlier instant (RFC 3339) to compute the rows for, with today's code; the filters apply to the rows of then. Where over 200 engagements must be folded, or the request has no time for fewer, a run takes over: 202, and the place of its result.",
  ),
  ...dated.slice(1),
];

/** The parameters that paths have, by name. */
export const pathParameters: Readonly<Record<string, Parameter>> = {
  engagement: parameter(
    'engagement',
    "The engagement's id, the reference that people chose for it, or an external id as `system/kind/id`; slashes encoded.",
  ),
  flag: parameter('flag', "The flag's id."),
  run: parameter('run', "The run's id, which the 202 carries."),
  receipt: parameter('receipt', "The receipt's id, which the sender's 2xx carries."),
  table: parameter('table', "The table's name.", oneOf(askedNames)),
};
