// Which engagements (or offers, parties, campaigns) must be folded for a question?
// Queries and the steps of a run call it; it reads the shard index of streams, and for a partner the index of heads by lead partner.
import { scopeTables, type TableName, tableNamed } from '../../domain/rows/catalog.ts';
import { parseStreamId, type StreamKind, streamKinds } from '../../events/identifiers.ts';
import type { RowReader } from '../query/rowReader.ts';
import type { EventStore } from '../store/eventStore.ts';
import { WalkPlace, walkPage, walkStart } from '../store/streamPages.ts';
import { isGathered } from './gathered.ts';
import { type Asking, grainOf } from './question.ts';

export interface ScopePage {
  readonly ids: readonly string[];
  /** Where the next page begins; undefined on the last. */
  readonly next: string | undefined;
}

export interface ScopeSettings {
  readonly store: Pick<EventStore, 'streams'>;
  readonly rows: Pick<RowReader, 'page'>;
}

/** A page of ids after a place; without a place, the first. */
export type ReadScope = (
  asking: Asking,
  page: { readonly after?: string | undefined; readonly limit: number },
) => Promise<ScopePage>;

/** The partner whose own is asked for. What a partner's token sees is what the partner leads now, whatever the date. */
const partnerOf = ({ caller, question }: Asking): string | undefined =>
  // The groups of a partner gather what it led then, also where another leads it now.
  isGathered(question)
    ? undefined
    : caller.role === 'partner'
      ? (caller.partnerId ?? '')
      : question.ask === 'whatIf'
        ? question.partner
        : undefined;

const headsOf = (kind: StreamKind): TableName | undefined =>
  scopeTables.find((name) => tableNamed(name)?.grain === kind);

const ownerOf = (rowKey: string): string => rowKey.split('#')[0] ?? '';

export const createReadScope = ({ store, rows }: ScopeSettings): ReadScope => {
  const ofTenant = async (kind: StreamKind, tenantId: string, { after, limit }: Parameters<ReadScope>[1]) => {
    const start = after === undefined ? walkStart([kind]) : WalkPlace.parse(JSON.parse(after));
    if (start === undefined) return { ids: [], next: undefined };
    const prefix = `${tenantId}/${kind}/`;
    const { streams, next } = await walkPage({ store, kinds: [kind], pageSize: limit, prefix }, start);
    return {
      ids: streams.map((stream) => parseStreamId(stream).id),
      next: next === undefined ? undefined : JSON.stringify(next),
    };
  };

  const ofPartner = async (
    kind: StreamKind,
    partner: string,
    { tenantId, after, limit }: { readonly tenantId: string } & Parameters<ReadScope>[1],
  ) => {
    const table = headsOf(kind);
    if (table === undefined || partner === '') return { ids: [], next: undefined };
    const within = { index: 'byLeadPartner', values: [partner] };
    const page = await rows.page({ table, tenantId, within, after, limit });
    // An owner may have several rows, before and after the page's end.
    const before = after === undefined ? undefined : ownerOf(after);
    const ids = [...new Set(page.rows.map(({ rowKey }) => ownerOf(rowKey)))].filter((id) => id !== before);
    return { ids, next: page.end };
  };

  return async (asking, page) => {
    const grain = grainOf(asking.question);
    const kind = streamKinds.find((each) => each === grain);
    if (kind === undefined) return { ids: [], next: undefined };
    const { tenantId } = asking.caller;
    const partner = partnerOf(asking);
    return partner === undefined
      ? await ofTenant(kind, tenantId, page)
      : await ofPartner(kind, partner, { tenantId, ...page });
  };
};
