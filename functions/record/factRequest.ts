// What may the body of `POST /v1/facts` hold?
import * as z from 'zod';
import type { Issue } from '../../events/catalog.ts';
import { Reference } from '../../events/envelope.ts';
import { parseInstant } from '../../events/instant.ts';
import { saidData } from '../../events/sources/saidData.ts';
import { exactNumber, isObject, type JsonObject, readJson } from '../../events/sources/sourceJson.ts';
import { textIssues } from '../../events/unicodeText.ts';
import { issuesWithKeys } from '../../events/unknownKeys.ts';

/** An RFC 3339 time with any offset, as an instant. */
const When = z
  .string()
  .meta({ format: 'date-time' })
  .transform((text, context) => {
    const instant = parseInstant(text);
    if (instant !== undefined) return instant;
    context.addIssue({ code: 'custom', message: 'expected a time such as 2026-07-11T09:00:00Z' });
    return z.NEVER;
  });

const Name = z.string().min(1).max(256);

/** The body, before its data is checked against its type. */
export const FactRequest = z.strictObject({
  type: z.string().describe('The event type.'),
  engagement: z
    .string()
    .regex(
      /^[^#\s]{1,898}$/,
      "expected an engagement's id, its reference, or `system/kind/id`, without hash or white space; give any other reference as `reference`",
    )
    .optional()
    .describe('The engagement, by its id, its reference, or an external id as `system/kind/id`.'),
  reference: Reference.shape.id
    .optional()
    .describe(
      'The engagement, by the reference that people chose for it, in place of its id. An EngagementOpened opens it by this reference.',
    ),
  campaign: Name.optional().describe('The campaign that a handoff from Create to Mobilize is about.'),
  occurredAt: When.optional().describe('When it happened, as RFC 3339 with any offset; absent: now.'),
  supersedes: Name.optional().describe('The event that this one corrects.'),
  // Its numbers are the source's text until the type is known: only then it is known which of them are ids.
  data: z.record(z.string(), z.unknown()).describe('What the fact says: the fields of its type.'),
});
export type FactRequest = Readonly<z.infer<typeof FactRequest>>;

export type RequestRead =
  | { readonly ok: true; readonly request: FactRequest }
  | { readonly ok: false; readonly detail: string; readonly issues: readonly Issue[] };

/** The body, with ids as text. Its data stays as it is. */
const around = ({ data, ...rest }: JsonObject): unknown => ({
  ...Object(saidData({ schema: FactRequest, said: rest, numberOf: exactNumber }).data),
  ...(data !== undefined && { data }),
});

/** Reads the body. Each issue names the path of a wrong field; an empty path means the whole body. */
export const readFactRequest = (body: string): RequestRead => {
  const read = readJson(body);
  if (!read.ok) return { ok: false, detail: 'the body is not JSON', issues: [{ path: '', message: read.message }] };
  const broken = textIssues(read.json);
  if (broken.length > 0) return { ok: false, detail: 'the body has text that is not Unicode', issues: broken };
  const given = isObject(read.json) ? around(read.json) : read.json;
  const parsed = FactRequest.safeParse(given);
  if (!parsed.success) {
    return { ok: false, detail: 'the body is not a fact', issues: issuesWithKeys(FactRequest, parsed.error, given) };
  }
  const named = (['engagement', 'reference', 'campaign'] as const).filter((name) => parsed.data[name] !== undefined);
  const [, second] = named;
  return second === undefined
    ? { ok: true, request: parsed.data }
    : {
        ok: false,
        detail: 'a fact has only one subject',
        issues: [{ path: second, message: `give only one of ${named.join(', ')}` }],
      };
};
