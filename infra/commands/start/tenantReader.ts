// What does the query API answer about a tenant? Its engagements, flags and parties are read with a token of the tenant's own people.
// The summary calls it; it sends HTTP requests to the local API.
import { type JsonObject, properties } from '../../local/core/json.ts';
import { patientFetch } from '../../local/http/patientFetch.ts';
import { mintToken } from '../../local/http/tokens.ts';
import type { Runtime } from '../../local/runtime.ts';

export interface ReadEngagement {
  readonly engagementId: string;
  readonly stage: string;
  /** Empty where nobody leads it. */
  readonly leadPartnerId: string;
  /** Why it ended; absent while it lasts. */
  readonly ended?: string;
}

export interface ReadEvidence {
  readonly kind: string;
  readonly row: JsonObject;
}

export interface ReadFlag {
  readonly flagId: string;
  readonly rule: string;
  readonly pattern: string;
  readonly title: string;
  /** Empty for a flag of a partner. */
  readonly engagementId: string;
  readonly leadPartnerId: string;
  readonly severity: string;
  readonly status: string;
  readonly raisedAt: string;
  /** Absent while it is open. */
  readonly clearedAt?: string;
  readonly clearsWhen: string;
  readonly nextStep: string;
  readonly evidence: readonly ReadEvidence[];
}

export interface TenantReader {
  engagements(): Promise<readonly ReadEngagement[]>;
  flags(): Promise<readonly ReadFlag[]>;
  /** A name for each party that has a row: its id in the system that names it. */
  partyNames(): Promise<ReadonlyMap<string, string>>;
  /** A flag's evidence, each piece with the event that it cites; undefined where the flag is gone since it was listed. */
  explanation(flag: ReadFlag): Promise<readonly ReadEvidence[] | undefined>;
}

const evidenceOf = (row: JsonObject): ReadEvidence => ({ kind: String(row.kind), row });

const flagOf = (row: JsonObject): ReadFlag => {
  const read = properties(row, 'a flag');
  return {
    flagId: read.text('flagId'),
    rule: read.text('rule'),
    pattern: read.text('pattern'),
    title: read.text('title'),
    engagementId: read.text('engagementId', ''),
    leadPartnerId: read.text('leadPartnerId', ''),
    severity: read.text('severity'),
    status: read.text('status'),
    raisedAt: read.text('raisedAt'),
    ...(row.clearedAt === null ? {} : { clearedAt: read.text('clearedAt') }),
    clearsWhen: read.text('clearsWhen'),
    nextStep: read.text('nextStep'),
    evidence: read.objects('evidence').map((piece) => evidenceOf(Object.fromEntries(piece.entries()))),
  };
};

const engagementOf = (row: JsonObject): ReadEngagement => {
  const read = properties(row, 'an engagement');
  const ended = row.endReason === null ? {} : { ended: read.text('endReason') };
  return {
    engagementId: read.text('rowKey'),
    stage: row.stage === null ? 'notOpened' : read.text('stage'),
    leadPartnerId: read.text('leadPartnerId', ''),
    ...ended,
  };
};

const partyOf = (row: JsonObject): readonly [string, string] => {
  const read = properties(row, 'a party');
  return [read.text('partyId'), row.externalId === null ? read.text('partyId') : read.text('externalId')];
};

/** Reads a tenant with the vendor's permissions. */
export const createTenantReader = async (
  runtime: Pick<Runtime, 'url' | 'issuer' | 'plan'>,
  tenant: string,
): Promise<TenantReader> => {
  const token = await mintToken(
    { issuer: runtime.issuer, functions: runtime.plan.functions },
    { role: 'vendor', tenant, subject: 'summary', seconds: 600 },
  );

  const found = async (path: string, asked: Readonly<Record<string, string>> = {}): Promise<JsonObject | undefined> => {
    const url = `${runtime.url}/v1/${path}?${new URLSearchParams(asked)}`;
    const response = await patientFetch(url, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`${url} was answered ${response.status}: ${text}`);
    return Object.fromEntries(properties(JSON.parse(text), url).entries());
  };

  const get = async (path: string, asked: Readonly<Record<string, string>> = {}): Promise<JsonObject> => {
    const answer = await found(path, asked);
    if (answer === undefined) throw new Error(`/v1/${path} was answered 404.`);
    return answer;
  };

  const all = async (path: string): Promise<readonly JsonObject[]> => {
    const rows: JsonObject[] = [];
    let cursor: string | undefined;
    do {
      const page = properties(await get(path, { limit: '1000', ...(cursor === undefined ? {} : { cursor }) }), path);
      rows.push(...page.objects('items').map((row) => Object.fromEntries(row.entries())));
      cursor = page.has('cursor') ? page.text('cursor') : undefined;
    } while (cursor !== undefined);
    return rows;
  };

  return {
    engagements: async () => (await all('engagements')).map(engagementOf),
    flags: async () => (await all('flags')).map(flagOf),
    partyNames: async () => new Map((await all('tables/parties')).map(partyOf)),
    explanation: async ({ flagId, engagementId }) => {
      const of = engagementId === '' ? {} : { engagement: engagementId };
      const answer = await found(`flags/${flagId}`, of);
      if (answer === undefined) return undefined;
      const pieces = properties(answer, `flag ${flagId}`).objects('explanation');
      return pieces.map((piece) => evidenceOf(Object.fromEntries(piece.entries())));
    },
  };
};
