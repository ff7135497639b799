// Which rows result from the sample? Engagements by stage, and flags, compared with the planted failures.
import { derivedPartyOf, parseStreamId } from '../../events/identifiers.ts';
import type { Runtime } from '../local/runtime.ts';
import { createChannelReader, type ReadEngagement, type ReadEvidence, type ReadFlag } from './channelReader.ts';
import type { Deal } from './deal.ts';
import { channelParty, partners, tenantId } from './participants.ts';
import { isPlantedRule } from './plantedRules.ts';
import type { SampleChannel } from './sampleChannel.ts';

/** A rule and an engagement, by its id and by people's name for it. */
export interface RuleAt {
  readonly rule: string;
  readonly engagementId: string;
  readonly reference: string;
}

/** The summary, as `--json` prints it. */
export interface SampleSummary {
  readonly facts: number;
  readonly receipts: number;
  readonly engagements: number;
  /** The open engagements by stage, and how many were lost or have ended. */
  readonly byStage: Readonly<Record<string, number>>;
  readonly flags: readonly Pick<ReadFlag, 'flagId' | 'rule' | 'engagementId' | 'severity' | 'status'>[];
  readonly planted: {
    readonly found: number;
    readonly missed: readonly RuleAt[];
    /** Flagged though not planted, by rules that the stories plant. */
    readonly extra: readonly RuleAt[];
  };
  /** From the start of the process to this summary. */
  readonly seconds: number;
}

/** More data for the text beside the summary. */
export interface SampleFindings {
  readonly summary: SampleSummary;
  readonly flags: readonly ReadFlag[];
  readonly explained: { readonly flag: ReadFlag; readonly evidence: readonly ReadEvidence[] } | undefined;
  readonly dealOf: (engagementId: string) => Deal | undefined;
  readonly partnerOf: (flag: ReadFlag) => string;
}

/** Events in the store, without the StageEntered events that the pipeline itself records. */
const countFacts = async ({ engine, plan }: Runtime): Promise<number> => {
  const table = plan.functions.find(({ environment }) => environment.EVENTS_TABLE !== undefined)?.environment
    .EVENTS_TABLE;
  let facts = 0;
  let after: unknown;
  do {
    const page = await engine.call('Scan', {
      TableName: table,
      ProjectionExpression: 'events',
      ...(after === undefined ? {} : { ExclusiveStartKey: after }),
    });
    const items: unknown = page.Items;
    for (const item of Array.isArray(items) ? items : []) {
      const commit: unknown = JSON.parse(item.events?.S ?? '[]');
      facts += Array.isArray(commit) ? commit.filter((event) => event.type !== 'StageEntered').length : 0;
    }
    after = page.LastEvaluatedKey;
  } while (after !== undefined);
  return facts;
};

const stageCounts = (engagements: readonly ReadEngagement[]): Readonly<Record<string, number>> => {
  const order = ['sell', 'procure', 'deliver', 'report', 'renew', 'ended', 'lost', 'notOpened'];
  const named = engagements.map(({ stage, ended }) =>
    ended === undefined ? stage : ended === 'lost' ? 'lost' : 'ended',
  );
  return Object.fromEntries(
    order.flatMap((stage) => {
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

/** Reads the results of the sample through the query API, and compares them with the planted failures. */
export const summarise = async (runtime: Runtime, channel: SampleChannel): Promise<SampleFindings> => {
  const reader = await createChannelReader(runtime);
  const [engagements, flags, facts] = await Promise.all([reader.engagements(), reader.flags(), countFacts(runtime)]);
  const deals = new Map(channel.deals.map((deal) => [deal.engagementId, deal]));
  const keyOf = ({ rule, engagementId }: Pick<RuleAt, 'rule' | 'engagementId'>): string => `${rule} ${engagementId}`;
  const raised = new Map(flags.map((flag) => [keyOf(flag), flag]));
  const planted = new Set(channel.planted.map(keyOf));
  const missed = channel.planted.filter((failure) => !raised.has(keyOf(failure)));
  const extra = [...raised.values()]
    .filter((flag) => isPlantedRule(flag.rule) && !planted.has(keyOf(flag)))
    .map(({ rule, engagementId }) => ({ rule, engagementId, reference: deals.get(engagementId)?.reference ?? '' }));
  const flag = mostTelling(flags);
  const explained = flag === undefined ? undefined : { flag, evidence: await reader.explanation(flag) };
  const names = new Map(
    partners.map(({ id, name }) => [parseStreamId(derivedPartyOf(tenantId, channelParty(id))).id, name]),
  );
  return {
    summary: {
      facts,
      receipts: channel.deliveries.length,
      engagements: engagements.length,
      byStage: stageCounts(engagements),
      flags: flags.map(({ flagId, rule, engagementId, severity, status }) => ({
        flagId,
        rule,
        engagementId,
        severity,
        status,
      })),
      planted: { found: planted.size - missed.length, missed, extra },
      seconds: Math.round(performance.now() / 100) / 10,
    },
    flags,
    explained,
    dealOf: (engagementId) => deals.get(engagementId),
    partnerOf: ({ leadPartnerId }) => names.get(leadPartnerId) ?? 'nobody',
  };
};
