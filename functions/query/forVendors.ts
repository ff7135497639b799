// Who may ask about the whole tenant, and what does anybody else get?
import { type Answered, badRequest, type QueryRequest, type Refused, unknownParameter } from './queryRequest.ts';

export interface ForVendors {
  /** The parameters that are known. */
  readonly known: readonly string[];
  /** Undefined where the cursor belongs to another query. */
  readonly body: () => Promise<object | Refused | undefined>;
}

/** Answers questions about the whole tenant, which do not separate its partners; only vendors may ask them. */
export const forVendors = async (
  { caller, asked, now }: QueryRequest,
  { known, body }: ForVendors,
): Promise<Answered> => {
  if (caller.role !== 'vendor') {
    return { problem: { status: 403, reason: 'vendorsOnly', detail: "only the tenant's own people may ask this" } };
  }
  const unknown = unknownParameter(asked, known, []);
  if (unknown !== undefined) return unknown;
  const found = await body();
  if (found === undefined) {
    return badRequest(
      'cursorNotOfThisQuery',
      'the cursor belongs to another query; leave it out to begin at the first page',
    );
  }
  return 'problem' in found ? found : { body: { ...found }, asOf: now };
};
