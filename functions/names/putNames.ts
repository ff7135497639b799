// What happens to names that a vendor puts, and which are refused?
// The record handler calls it for `PUT /v1/names`; it writes the table of names.
import * as z from 'zod';
import { personReferenceOf } from '../../events/freeText.ts';
import { issuesOf } from '../../events/issues.ts';
import { isObject, readJson } from '../../events/sources/sourceJson.ts';
import { textIssues } from '../../events/unicodeText.ts';
import { callsAtOnce, inParallel } from '../aws/parallel.ts';
import type { Caller } from '../http/caller.ts';
import { type HttpAnswer, jsonAnswer, problemAnswer } from '../http/problem.ts';
import type { Names } from './names.ts';

/** DynamoDB's limit for a sort key, in bytes. */
const longestReference = 1024;
const mostAtOnce = 100;

const Named = z
  .record(
    z
      .string()
      .min(1)
      .refine((text) => Buffer.byteLength(text) <= longestReference, `expected at most ${longestReference} bytes`),
    z
      .string()
      .trim()
      .regex(/^[^\r\n]{1,256}$/, 'expected a name of 1 to 256 characters on one line')
      .nullable(),
  )
  .refine((names) => Object.keys(names).length <= mostAtOnce, `expected at most ${mostAtOnce} names at once`);

/** The body of `PUT /v1/names`. */
export const NamesRequest = z.strictObject({
  names: Named.describe(
    'Names by reference, such as `{ "crm:user/42": "Anna Schmidt" }`; null removes one. An e-mail address or a name in place of a reference means the reference that events hold for it.',
  ),
});

/** Puts and removes names. Answers the references under which they stand now. */
export const createPutNames =
  (names: Pick<Names, 'put' | 'remove'>) =>
  async ({ caller, body }: { readonly caller: Caller; readonly body: string }): Promise<HttpAnswer> => {
    const { tenantId, role } = caller;
    if (role !== 'vendor') {
      const detail = "only the tenant's own people may say who a person is";
      return problemAnswer({ status: 403, reason: 'vendorsOnly', detail });
    }
    const read = readJson(body);
    const refused = (detail: string, issues: readonly { readonly path: string; readonly message: string }[]) =>
      problemAnswer({ status: 422, reason: 'requestInvalid', detail, issues });
    if (!read.ok) return refused('the body is not JSON', [{ path: '', message: read.message }]);
    const broken = textIssues(read.json);
    if (broken.length > 0) return refused('the body has text that is not Unicode', broken);
    const parsed = NamesRequest.safeParse(read.json);
    if (!parsed.success)
      return refused(
        'the body is no { "names": { REFERENCE: NAME } }',
        issuesOf(parsed.error, isObject(read.json) ? read.json : undefined),
      );
    const all = Object.entries(parsed.data.names).map(
      ([person, name]) => [personReferenceOf(tenantId, person), name] as const,
    );
    const said = new Map(all);
    await inParallel([...said], callsAtOnce, async ([reference, name]) => {
      if (name === null) await names.remove(tenantId, reference);
      else await names.put(tenantId, { reference, name });
    });
    const references = (isPut: boolean) => [...said].filter(([, name]) => (name !== null) === isPut).map(([of]) => of);
    return jsonAnswer(200, { named: references(true), removed: references(false) });
  };
