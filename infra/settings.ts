// What must whoever deploys say, and what is refused? The deploy context, read into settings or refused by name.

export interface Settings {
  /** The OIDC issuer whose tokens people bring, and the audience that those tokens name. */
  readonly issuer: string;
  readonly audience: string;
  /** The names of the claims that hold a token's role, tenant and partner. */
  readonly claims: { readonly role: string; readonly tenant: string; readonly partner: string };
  /** A number that every deployment raises, also one that goes back to older code. */
  readonly release: number;
  /** The address that is asked whether it wants to hear of alarms. */
  readonly alarmEmail: string | undefined;
  /** Full names of the partner event sources that this account has been offered. */
  readonly partnerSources: readonly string[];
}

/** Why the context doesn't make settings: a name to look for, and a sentence that says how to mend it. */
export interface Refusal {
  readonly name:
    | 'issuerAbsent'
    | 'issuerNotAUrl'
    | 'audienceAbsent'
    | 'claimNotAName'
    | 'releaseNotANumber'
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

const listOf = (value: unknown): readonly unknown[] => {
  if (value === undefined || value === '') return [];
  if (Array.isArray(value)) return value;
  return isText(value) ? value.split(',').map((name) => name.trim()) : [value];
};

const partnerSource = /^aws\.partner(\/[.\-_A-Za-z0-9]+){2,}$/;

/** Reads settings through `contextOf`, which answers a context value by its name (undefined where there is none). */
export const settingsOf = (contextOf: (name: string) => unknown): Settled => {
  const refusals: Refusal[] = [];
  const refuse = (name: Refusal['name'], message: string): void => {
    refusals.push({ name, message });
  };

  const issuer = contextOf('issuer');
  const issuerExample = 'https://login.example.com/';
  if (!isText(issuer)) {
    refuse('issuerAbsent', `context \`issuer\` is absent: whose tokens people bring. ${mend('issuer', issuerExample)}`);
  } else if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol)) {
    refuse('issuerNotAUrl', `context \`issuer\` is not a URL: ${issuer}. ${mend('issuer', issuerExample)}`);
  }

  const audience = contextOf('audience');
  if (!isText(audience)) {
    refuse(
      'audienceAbsent',
      `context \`audience\` is absent: the audience that those tokens name. ${mend('audience', 'throughline')}`,
    );
  }

  const claim = (name: string, otherwise: string): string => {
    const value = contextOf(name) ?? otherwise;
    if (isText(value)) return value;
    refuse('claimNotAName', `context \`${name}\` is not the name of a claim. ${mend(name, otherwise)}`);
    return otherwise;
  };
  const claims = {
    role: claim('roleClaim', 'role'),
    tenant: claim('tenantClaim', 'tenant'),
    partner: claim('partnerClaim', 'partner'),
  };

  const release = Number(contextOf('release') ?? 1);
  if (!Number.isSafeInteger(release) || release < 1) {
    refuse('releaseNotANumber', `context \`release\` is not a whole number from 1 on. ${mend('release', '2')}`);
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

  if (refusals.length > 0 || !isText(issuer) || !isText(audience)) return { ok: false, refusals };
  return { ok: true, settings: { issuer, audience, claims, release, alarmEmail, partnerSources: [...new Set(named)] } };
};
