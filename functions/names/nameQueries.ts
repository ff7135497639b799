// How do vendors see names at the edge: beside an answer, or as a list of their own?
// The routes of the read API call it; it reads the table of names.
import { forVendors } from '../query/forVendors.ts';
import { limitOf, placeOf } from '../query/pageSize.ts';
import { type Answered, badRequest, type QueryRequest, type Refused } from '../query/queryRequest.ts';
import type { Names } from './names.ts';
import { personReferencesIn } from './personFields.ts';

type Reads = Pick<Names, 'of' | 'page'>;

/** Whether the names are asked for, and the request without that; refused to partners, and for files. */
export const namesAsked = (
  question: QueryRequest,
): { readonly wanted: boolean; readonly question: QueryRequest } | Refused => {
  const { names: said, ...asked } = question.asked;
  if (said === undefined) return { wanted: false, question };
  if (said !== 'true' && said !== 'false') return badRequest('namesUnknown', `no names ${said}; there are true, false`);
  if (said === 'true' && question.caller.role !== 'vendor') {
    return {
      problem: { status: 403, reason: 'vendorsOnly', detail: "only the tenant's own people may ask for names" },
    };
  }
  if (said === 'true' && asked.format !== undefined && asked.format !== 'json') {
    return badRequest('namesNotInFiles', 'names=true stands beside JSON answers only: a file holds references');
  }
  return { wanted: said === 'true', question: { ...question, asked } };
};

/** The names of the persons to whom an answer refers, by reference. */
export const namesBeside = async (
  names: Reads,
  tenantId: string,
  body: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, string>>> => await names.of(tenantId, personReferencesIn(body));

/** `GET /v1/names`: the names of the tenant, by reference. */
export const createNameList =
  (names: Reads) =>
  (question: QueryRequest): Promise<Answered> =>
    forVendors(question, {
      known: ['cursor', 'limit'],
      body: async () => {
        const size = limitOf(question.asked);
        if ('problem' in size) return size;
        const place = placeOf(question, ['names']);
        if ('problem' in place) return place;
        const { items, end } = await names.page(question.caller.tenantId, { after: place.after, limit: size.limit });
        return { items, ...(end !== undefined && { cursor: place.cursorAt(end) }) };
      },
    });
