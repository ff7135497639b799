// What is there? Of every tenant: its facts, its engagements by stage, its flags, and one flag explained by its events.
// `npm start` calls it; it reads tables of the local runtime and asks its query API.
import type { Runtime } from '../../local/runtime.ts';
import type { EpisodeAt } from '../../sample/episode.ts';
import type { Planted, SampleKnown } from '../../sample/sampleSummary.ts';
import { type StoredTenant, storedTenants } from './storedTenants.ts';
import { createTenantReader, type ReadEngagement, type ReadEvidence, type ReadFlag } from './tenantReader.ts';

type StageCounts = Readonly<Record<string, number>>;

export interface TenantSummary extends StoredTenant {
  readonly engagements: number;
  /** The open engagements by stage, and how many were lost or have ended. */
  readonly byStage: StageCounts;
  readonly flags: readonly Pick<ReadFlag, 'flagId' | 'rule' | 'engagementId' | 'severity' | 'status'>[];
}

/** The summary, as `--json` prints it: the sums of all tenants, and each tenant. */
export interface Summary {
  readonly url: string;
  readonly facts: number | null;
  readonly engagements: number;
  readonly byStage: StageCounts;
  readonly flags: TenantSummary['flags'];
  readonly tenants: readonly TenantSummary[];
  /** Of the sample, where the directory holds it: its messages. */
  readonly receipts?: number;
  /** Of the sample, on its last day: what was planted and found. Later, more falls due. */
  readonly planted?: Planted;
  /** From the start of the process to this summary. */
  readonly seconds: number;
}

/** More data of a tenant for the text. */
export interface TenantFindings {
  readonly summary: TenantSummary;
  readonly flags: readonly ReadFlag[];
  readonly explained: { readonly flag: ReadFlag; readonly evidence: readonly ReadEvidence[] } | undefined;
  /** The partners that lead engagements, in alphabetical order. */
  readonly partners: readonly string[];
  readonly partnerOf: (at: Pick<ReadFlag, 'leadPartnerId'>) => string;
  readonly nameOf: (engagementId: string) => string;
}

export interface Findings {
  readonly summary: Summary;
  readonly tenants: readonly TenantFindings[];
  readonly sample: SampleKnown | undefined;
}

const order = ['sell', 'procure', 'deliver', 'report', 'renew', 'ended', 'lost', 'notOpened'];

const countsOf = (engagements: readonly ReadEngagement[]): StageCounts => {
  const named = engagements.map(({ stage, ended }) =>
    ended === undefined ? stage : ended === 'lost' ? 'lost' : 'ended',
  );
  return Object.fromEntries(
    [...order, ...named.filter((stage) => !order.includes(stage))].flatMap((stage) => {
      const count = named.filter((name) => name === stage).length;
      return count === 0 ? [] : [[stage, count]];
    }),
  );
};

const severities = ['info', 'low', 'medium', 'high', 'critical'];

/** The best open flag for an example: the most severe one, and of these the one with the most evidence. */
const mostTelling = (flags: readonly ReadFlag[]): ReadFlag | undefined => {
  const weight = ({ severity, evidence }: ReadFlag): number => severities.indexOf(severity) * 100 + evidence.length;
  return flags
    .filter(({ status }) => status === 'open')
    .sort((a, b) => weight(b) - weight(a) || (a.flagId < b.flagId ? -1 : 1))[0];
};

const episodeOf = ({ rule, engagementId, leadPartnerId: partnerId, raisedAt, clearedAt }: ReadFlag): EpisodeAt => ({
  ...{ rule, engagementId, partnerId, raisedAt, clearedAt },
});

const shownOf = ({ flagId, rule, engagementId, severity, status }: ReadFlag) => ({
  flagId,
  rule,
  engagementId,
  severity,
  status,
});

const findingsOf = async (
  runtime: Runtime,
  stored: StoredTenant,
  sample: SampleKnown | undefined,
): Promise<TenantFindings & { readonly engagements: readonly ReadEngagement[] }> => {
  const reader = await createTenantReader(runtime, stored.tenant);
  const [engagements, flags, parties] = await Promise.all([reader.engagements(), reader.flags(), reader.partyNames()]);
  const known = sample?.tenant === stored.tenant ? sample : undefined;
  const partnerOf: TenantFindings['partnerOf'] = ({ leadPartnerId: id }) =>
    id === '' ? 'nobody' : (known?.partnerNames.get(id) ?? parties.get(id) ?? id);
  const flag = mostTelling(flags);
  const evidence = flag === undefined ? undefined : await reader.explanation(flag);
  const led = engagements.filter(({ leadPartnerId }) => leadPartnerId !== '');
  return {
    summary: {
      ...stored,
      engagements: engagements.length,
      byStage: countsOf(engagements),
      flags: flags.map(shownOf),
    },
    engagements,
    flags,
    explained: flag === undefined || evidence === undefined ? undefined : { flag, evidence },
    partners: [...new Set(led.map(partnerOf))].sort(),
    partnerOf,
    nameOf: (engagementId) => known?.nameOf(engagementId) ?? engagementId,
  };
};

/** Reads what is there, of every tenant. `sample` is known where the directory holds a played sample. */
export const summarise = async (runtime: Runtime, sample: SampleKnown | undefined): Promise<Findings> => {
  const tenants = [];
  for (const stored of await storedTenants(runtime)) tenants.push(await findingsOf(runtime, stored, sample));
  const today = new Date(runtime.clock.now()).toISOString().slice(0, 10);
  const facts = tenants.map(({ summary }) => summary.facts);
  const played = tenants.find(({ summary }) => summary.tenant === sample?.tenant);
  return {
    summary: {
      url: runtime.url,
      facts: facts.every((count) => count !== null) ? facts.reduce((sum, count) => sum + count, 0) : null,
      engagements: tenants.reduce((sum, { summary }) => sum + summary.engagements, 0),
      byStage: countsOf(tenants.flatMap(({ engagements }) => engagements)),
      flags: tenants.flatMap(({ summary }) => summary.flags),
      tenants: tenants.map(({ summary }) => summary),
      ...(sample !== undefined && { receipts: sample.receipts }),
      ...(sample?.today === today &&
        played !== undefined && { planted: sample.comparedWith(played.flags.map(episodeOf)) }),
      seconds: Math.round(performance.now() / 100) / 10,
    },
    tenants,
    sample,
  };
};
