// Whom might a hostile client spy on? A tenant with a direct engagement and one of each of two partners, and another tenant: all they say carries marks.
import { type Fact, parseFact } from '../../../events/catalog.ts';
import type { Reference } from '../../../events/envelope.ts';
import { derivedPartyOf, parseStreamId, uuidOf } from '../../../events/identifiers.ts';
import { type Api, itemsOf } from '../api.ts';
import { tenantId } from '../histories/events.ts';
import { everythingSaid } from '../histories/everything.ts';
import { createMarks, marksIn } from '../histories/marked.ts';

/** Whose data it is. */
export type Owner = 'p1' | 'p2' | 'direct' | 'rival';
export const rivalTenant = 'rival';

const partner = (id: string): Reference => ({ system: 'erp', kind: 'account', id });
const leads = { p1: partner('one'), p2: partner('canary-p2-party'), rival: partner('canary-rival-party') } as const;

export const engagementOf = (owner: Owner): string => (owner === 'p1' ? 'own-engagement' : `canary-${owner}-e`);
/** The party id of a partner, in its own tenant. */
export const partyIdOf = (owner: keyof typeof leads): string =>
  parseStreamId(derivedPartyOf(owner === 'rival' ? rivalTenant : tenantId, leads[owner])).id;

const isOfLead = ({ type }: Fact): boolean => ['EngagementOpened', 'PartnerAssigned', 'PartyRegistered'].includes(type);

const saidOf = (owner: Owner): readonly Fact[] => {
  const lead = owner === 'direct' ? partner('canary-direct-party') : leads[owner];
  const tenant = owner === 'rival' ? rivalTenant : tenantId;
  return everythingSaid({ engagement: engagementOf(owner), lead }).flatMap((fact): readonly Fact[] => {
    const customer = owner === 'p1' ? '0015g00000OWNCUAAA' : `canary-${owner}-customer`;
    const text = JSON.stringify(fact)
      .replaceAll('0015g00000AbCdEAAV', customer)
      .replaceAll(parseStreamId(derivedPartyOf(tenantId, lead)).id, parseStreamId(derivedPartyOf(tenant, lead)).id)
      .replaceAll(`"${tenantId}/`, `"${tenant}/`);
    const { leadPartner: _, ...direct } = JSON.parse(text).data;
    const data = owner === 'direct' && isOfLead(fact) ? { data: direct } : {};
    if (owner === 'direct' && isOfLead(fact) && fact.type !== 'EngagementOpened') return [];
    const own = { tenantId: tenant, factId: uuidOf('fact', owner, fact.factId), eventId: uuidOf(owner, fact.eventId) };
    const parsed = parseFact({ ...JSON.parse(text), ...data, ...own });
    if (!parsed.ok) throw new Error(`not a fact: ${JSON.stringify(parsed.issues)}`);
    return [parsed.value];
  });
};

export interface Neighbours {
  /** Ids of things that somebody has: engagements, offers, parties, events, flags. */
  readonly idsOf: Readonly<Record<Owner, readonly string[]>>;
  /** The owners of whatever a text holds of others' data, by what gives it away. */
  found(text: string): ReadonlyMap<string, Owner>;
}

const canary = /canary-(p2|direct|rival)[\w-]*/g;
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Records what each of them says, and brings the rows up to date. `tokens` are those of the tenants' vendors. */
export const settleNeighbours = async (
  api: Api,
  tokens: Readonly<Record<'own' | 'rival', string>>,
): Promise<Neighbours> => {
  const marks = createMarks();
  const owners = new Map<string, Owner>();
  const ids: Record<Owner, string[]> = { p1: [], p2: [], direct: [], rival: [] };
  for (const owner of ['p1', 'p2', 'direct', 'rival'] as const) {
    const facts = saidOf(owner)
      .map((fact) => marks.marked(fact))
      .toSorted((x, y) => (x.occurredAt < y.occurredAt ? -1 : 1));
    await api.record(...facts.filter(({ type }) => type !== 'FactRetracted'));
    for (const { eventId, factId } of facts) {
      owners.set(eventId, owner).set(factId, owner);
      ids[owner].push(eventId);
    }
    for (const [mark, { fact }] of marks.fields) if (facts.includes(fact)) owners.set(mark, owner);
    const things = [engagementOf(owner), `offer-${engagementOf(owner)}`, `campaign-${engagementOf(owner)}`];
    ids[owner].push(...things, ...(owner === 'direct' ? [] : [partyIdOf(owner), `erp/account/${leads[owner].id}`]));
  }
  await api.project();
  await api.rollUp();
  for (const token of Object.values(tokens)) {
    for (const { flagId, engagementId } of itemsOf(await api.get(token, 'flags', { limit: '1000' }))) {
      const owner = (Object.keys(ids) as Owner[]).find((each) => engagementOf(each) === engagementId);
      if (owner === undefined) continue;
      ids[owner].push(String(flagId));
      owners.set(String(flagId), owner);
    }
  }
  return {
    idsOf: ids,
    found: (text) => {
      const all = new Map<string, Owner>();
      for (const [name, owner] of text.matchAll(canary)) all.set(name, owner as Owner);
      for (const name of [...marksIn(text), ...(text.match(uuid) ?? [])]) {
        const owner = owners.get(name);
        if (owner !== undefined) all.set(name, owner);
      }
      return all;
    },
  };
};
