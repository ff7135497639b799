// What must whoever deploys say, and what is refused? The deploy context, read into settings or refused by name.

/** Whose tokens count: an OIDC issuer's that name an audience, and the claims that hold their role, tenant and partner. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: { readonly role: string; readonly tenant: string; readonly partner: string };
}

export interface Settings {
  /** What the stack is called: two of different names stand beside each other in one account. */
  readonly stack: string;
  /** An issuer of one's own; the stack makes a user pool where there is none. */
  readonly tokens: TokenIssuer | undefined;
  /** The default of the template's parameter of that name: a number that every deployment raises, also one that goes back. */
  readonly release: number;
  /** Streams a second that the pager comes by, at the most. */
  readonly pagerRate: number;
  /** The address that is asked whether it wants to hear of alarms. */
  readonly alarmEmail: string | undefined;
  /** Full names of the partner event sources that this account has been offered. */
  readonly partnerSources: readonly string[];
}

/** Why the context doesn't make settings: a name to look for, and a sentence that says how to mend it. */
export interface Refusal {
  readonly name:
    | 'stackNotAName'
    | 'issuerAbsent'
    | 'issuerNotAUrl'
    | 'audienceAbsent'
    | 'claimNotAName'
    | 'claimWithoutIssuer'
    | 'releaseNotANumber'
    | 'pagerRateNotANumber'
    | 'alarmEmailNotAnAddress'
    | 'partnerSourceNotAName';
  readonly message: string;
}

export type Settled =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const mend = (name: string, example: string): string =>
  `Give it with \`-c ${name}=${example}\`, or as "${name}" under "context" in cdk.json.`;

const issuerExample = 'https://login.example.com/';

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  return isText(value) ? value.split(',').map((name) => name.trim()) : [value];
};

const partnerSource = /^aws\.partner(\/[.\-_A-Za-z0-9]+){2,}$/;

type ContextOf = (name: string) => unknown;
type Refuse = (name: Refusal['name'], message: string) => void;

const claimNames = [
  ['role', 'roleClaim'],
  ['tenant', 'tenantClaim'],
  ['partner', 'partnerClaim'],
] as const;

/** The issuer of the context; undefined where it names none, or what it says of one was refused. */
const tokensOf = (contextOf: ContextOf, refuse: Refuse): TokenIssuer | undefined => {
  const issuer = contextOf('issuer') ?? '';
  const audience = contextOf('audience') ?? '';
  if (issuer === '' && audience === '') {
    for (const [, name] of claimNames) {
      if (contextOf(name) === undefined) continue;
      refuse(
        'claimWithoutIssuer',
        `context \`${name}\` is for an issuer of one's own, and there is none: the stack's user pool has claims of its own. ` +
          mend('issuer', issuerExample),
      );
    }
    return undefined;
  }
  if (!isText(issuer)) {
    refuse(
      'issuerAbsent',
      `context \`audience\` is given, and \`issuer\` is absent: whose tokens name that audience. ${mend('issuer', issuerExample)} Give neither, and the stack makes a user pool.`,
    );
  } else if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol)) {
    refuse('issuerNotAUrl', `context \`issuer\` is not a URL: ${issuer}. ${mend('issuer', issuerExample)}`);
  }
  if (!isText(audience)) {
    refuse(
      'audienceAbsent',
      `context \`issuer\` is given, and \`audience\` is absent: the audience that its tokens name. ${mend('audience', 'throughline')} Give neither, and the stack makes a user pool.`,
    );
  }
  const claims = { role: 'role', tenant: 'tenant', partner: 'partner' };
  for (const [claim, name] of claimNames) {
    const value = contextOf(name) ?? claim;
    if (isText(value)) claims[claim] = value;
    else refuse('claimNotAName', `context \`${name}\` is not the name of a claim. ${mend(name, claim)}`);
  }
  return isText(issuer) && isText(audience) ? { issuer, audience, claims } : undefined;
};

/** Reads settings through `contextOf`, which answers a context value by its name (undefined where there is none). */
export const settingsOf = (contextOf: ContextOf): Settled => {
  const refusals: Refusal[] = [];
  const refuse: Refuse = (name, message) => {
    refusals.push({ name, message });
  };

  const stack = contextOf('stack') ?? 'Throughline';
  if (typeof stack !== 'string' || !/^[A-Za-z][A-Za-z0-9-]{0,63}$/.test(stack)) {
    refuse(
      'stackNotAName',
      `context \`stack\` is not a name of a stack: up to 64 letters, digits and dashes, a letter first. ${mend('stack', 'Staging')}`,
    );
  }

  const tokens = tokensOf(contextOf, refuse);

  const release = Number(contextOf('release') ?? 1);
  if (!Number.isSafeInteger(release) || release < 1) {
    refuse('releaseNotANumber', `context \`release\` is not a whole number from 1 on. ${mend('release', '2')}`);
  }

  const pagerRate = Number(contextOf('pagerRate') ?? 500);
  if (!Number.isSafeInteger(pagerRate) || pagerRate < 1 || pagerRate > 5_000) {
    refuse(
      'pagerRateNotANumber',
      `context \`pagerRate\` is not a whole number from 1 to 5000, of streams a second. ${mend('pagerRate', '500')}`,
    );
  }

  const given = contextOf('alarmEmail');
  const alarmEmail = isText(given) ? given.trim() : undefined;
  if (given !== undefined && given !== '' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(alarmEmail ?? '')) {
    refuse(
      'alarmEmailNotAnAddress',
      `context \`alarmEmail\` is not an address: ${JSON.stringify(given)}. ${mend('alarmEmail', 'ops@example.com')}`,
    );
  }

  const partnerSources = listOf(contextOf('partnerSources'));
  const named = partnerSources.filter((name): name is string => typeof name === 'string' && partnerSource.test(name));
  for (const name of partnerSources) {
    if (!named.some((known) => known === name)) {
      refuse(
        'partnerSourceNotAName',
        `context \`partnerSources\` holds ${JSON.stringify(name)}, which is not the name of a partner event source. ` +
          mend('partnerSources', 'aws.partner/salesforce.com/00D000000000000EAA/0YL000000000000EAA'),
      );
    }
  }

  if (refusals.length > 0) return { ok: false, refusals };
  return {
    ok: true,
    settings: { stack: String(stack), tokens, release, pagerRate, alarmEmail, partnerSources: [...new Set(named)] },
  };
};
