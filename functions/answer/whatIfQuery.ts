// How is the question answered what other thresholds would have changed? Always by a run: its scores count all engagements.
// The routes call it; it resolves the partner's name by identity streams and the row of the party, and begins a run.
import * as z from 'zod';
import { engagementThresholds } from '../../domain/patterns/catalog.ts';
import { issuesOf } from '../../events/issues.ts';
import { mayBeInKey } from '../http/askedBounds.ts';
import type { KnownIds } from '../intake/knownIds.ts';
import { type Answered, badRequest, type QueryRequest, type Refused, unknownParameter } from '../query/queryRequest.ts';
import type { RowReader } from '../query/rowReader.ts';
import type { BeginRun } from './beginRun.ts';
import { begunAnswer } from './begunAnswer.ts';
import { datesOf } from './changesQuery.ts';
import { WhatIf } from './question.ts';

/** The body of `POST /v1/what-if`. */
export const WhatIfRequest = z.strictObject({
  set: engagementThresholds().describe(
    'The thresholds to set, by rule: `{ "P4.1": { "days": 60 } }`. What it does not name stays as it is. The rules on partners (P2.4 to P2.6) can’t be tried.',
  ),
  partner: z
    .string()
    .min(1)
    .max(1000)
    .refine(mayBeInKey, 'expected Unicode text of at most 1,000 bytes')
    .optional()
    .describe(
      'Only engagements that this partner leads now: its party id, its code, or an external id as `system/kind/id`.',
    ),
  from: z.string().meta({ format: 'date-time' }).describe('Flags and losses from this instant on.'),
  to: z.string().meta({ format: 'date-time' }).describe('Flags and losses before this instant; not in the future.'),
});

/** The thresholds as they are named: their schema would add the defaults of others of the rule. */
const Named = z.object({ set: WhatIf.shape.set });

/** A body of thresholds is short. */
const mostBytes = 100_000;

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export interface WhatIfSettings {
  readonly begin: BeginRun;
  readonly known: Pick<KnownIds, 'party'>;
  readonly rows: Pick<RowReader, 'row'>;
}

/** A slip in a name would else find that nothing differs. */
const noSuchPartner = (named: string): Refused => ({
  problem: {
    status: 422,
    reason: 'partnerUnknown',
    detail: `no fact names a partner ${named}; GET /v1/tables/parties lists all that are named, with their ids`,
  },
});

/** Answers `POST /v1/what-if`. Thresholds are the vendor's to set, and losses tell of revenue: no partner asks. */
export const createWhatIfQuery =
  ({ begin, known, rows }: WhatIfSettings) =>
  async ({ caller, asked, body = '', now }: QueryRequest): Promise<Answered> => {
    if (caller.role !== 'vendor') {
      return { problem: { status: 403, reason: 'vendorsOnly', detail: "only the tenant's own people may ask this" } };
    }
    const unknown = unknownParameter(asked, [], []);
    if (unknown !== undefined) return unknown;
    if (Buffer.byteLength(body) > mostBytes)
      return { problem: { status: 413, reason: 'bodyTooLarge', detail: `a question has at most ${mostBytes} bytes` } };
    const read = WhatIfRequest.safeParse(jsonIn(body));
    if (!read.success) {
      const detail = 'the body is no question in the form {"set": {"P4.1": {"days": 60}}, "from": "…", "to": "…"}';
      return { problem: { status: 422, reason: 'questionMalformed', detail, issues: issuesOf(read.error) } };
    }
    const { partner: named } = read.data;
    const { set } = Named.parse(jsonIn(body));
    if (Object.values(set).every((own) => Object.keys(own).length === 0))
      return badRequest('nothingSet', 'set names no threshold: give at least one, as {"P4.1": {"days": 60}}');
    const dates = datesOf(read.data, now);
    if ('problem' in dates) return dates;
    const partner = named === undefined ? undefined : await known.party(caller.tenantId, named);
    if (
      named !== undefined &&
      partner !== undefined &&
      (await rows.row('parties', caller.tenantId, partner)) === undefined
    )
      return noSuchPartner(named);
    const question = { ask: 'whatIf', set, ...dates, ...(partner !== undefined && { partner }) } as const;
    return begunAnswer(await begin({ question, caller, now }));
  };
