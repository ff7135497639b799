// Which settings does a deployment need, and which values are refused? The deploy context is read here, and refused by name.
import { type ContextOf, countOf, isText, listOf, mend, type Refusal, type Refuse } from './contextValues.ts';
import { gatherSecondsOf, relayTypesOf } from './deliverySettings.ts';

/** Which tokens are valid: those of an OIDC issuer for one audience; and the claims that hold role, tenant and partner. */
export interface TokenIssuer {
  readonly issuer: string;
  readonly audience: string;
  readonly claims: { readonly role: string; readonly tenant: string; readonly partner: string };
}

export interface Settings {
  /** The stack's name: two stacks with different names can run in one account. */
  readonly stack: string;
  /** The organisation's own issuer; without one, the stack makes a user pool. */
  readonly tokens: TokenIssuer | undefined;
  /** The default of the template's parameter `release`: a number that every deployment raises, even one of older code. */
  readonly release: number;
  /** The most streams that the pager visits in a second. */
  readonly pagerRate: number;
  /** The days that a receipt may wait before it ends as expired. */
  readonly waitingDays: number;
  /** The mail address for alarms; SNS first asks it to confirm. */
  readonly alarmEmail: string | undefined;
  /** Full names of the partner event sources that AWS offers to this account. */
  readonly partnerSources: readonly string[];
  /** Requests a second of all webhooks together; undefined: the usual rate. */
  readonly webhookRate: number | undefined;
  /** Messages a second of one connection, in one process of receive; undefined: the usual pace. */
  readonly webhookPace: number | undefined;
  /** The types of recorded events that relay sends beside those that a rule of the stack takes; undefined: it sends all types. */
  readonly relayTypes: readonly string[] | undefined;
  /** How long project gathers commits before it works: 0 or 1 second. */
  readonly gatherSeconds: 0 | 1;
  /** CloudFront and a WAF stand before the API; undefined: they don't. */
  readonly cloudfront: CloudFrontSettings | undefined;
}

export interface CloudFrontSettings {
  /** The ARN of a web ACL of us-east-1; absent: the stack makes one, and must stand in us-east-1 itself. */
  readonly webAcl?: string;
}

export type Settled =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

const issuerExample = 'https://login.example.com/';

const partnerSource = /^aws\.partner(\/[.\-_A-Za-z0-9]+){2,}$/;

const claimNames = [
  ['role', 'roleClaim'],
  ['tenant', 'tenantClaim'],
  ['partner', 'partnerClaim'],
] as const;

/** The issuer of the context; undefined where it names none, or where it was refused. */
const tokensOf = (contextOf: ContextOf, refuse: Refuse): TokenIssuer | undefined => {
  const issuer = contextOf('issuer') ?? '';
  const audience = contextOf('audience') ?? '';
  if (issuer === '' && audience === '') {
    for (const [, name] of claimNames) {
      if (contextOf(name) === undefined) continue;
      refuse(
        'claimWithoutIssuer',
        `context \`${name}\` works only with your own issuer, and the context names none: the stack's user pool has claims of its own. ` +
          mend('issuer', issuerExample),
      );
    }
    return undefined;
  }
  if (!isText(issuer)) {
    refuse(
      'issuerAbsent',
      `context \`audience\` is given, but \`issuer\` is absent: the issuer of the tokens for that audience. ${mend('issuer', issuerExample)} Without both, the stack makes a user pool.`,
    );
  } else if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol)) {
    refuse('issuerNotAUrl', `context \`issuer\` is not a URL: ${issuer}. ${mend('issuer', issuerExample)}`);
  }
  if (!isText(audience)) {
    refuse(
      'audienceAbsent',
      `context \`issuer\` is given, but \`audience\` is absent: the audience of its tokens. ${mend('audience', 'throughline')} Without both, the stack makes a user pool.`,
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

const webAclForm = /^arn:aws[a-z-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/;

/** Whether CloudFront stands before the API, and behind which web ACL. */
const cloudfrontOf = (contextOf: ContextOf, refuse: Refuse): CloudFrontSettings | undefined => {
  const given = String(contextOf('cloudfront') || 'false');
  const webAcl = contextOf('webAcl') ?? '';
  if (given !== 'true' && given !== 'false') {
    const message = `context \`cloudfront\` is neither true nor false: ${given}. ${mend('cloudfront', 'true')}`;
    refuse('cloudfrontNeitherTrueNorFalse', message);
  }
  if (webAcl !== '' && (typeof webAcl !== 'string' || !webAclForm.test(webAcl))) {
    refuse(
      'webAclNotAnArn',
      `context \`webAcl\` is not the ARN of a web ACL for CloudFront, which always lies in us-east-1. ${mend('webAcl', 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/NAME/ID')}`,
    );
  } else if (webAcl !== '' && given === 'false') {
    refuse(
      'webAclWithoutCloudfront',
      `context \`webAcl\` is given, but no CloudFront to put it on. ${mend('cloudfront', 'true')}`,
    );
  }
  if (given !== 'true') return undefined;
  return typeof webAcl === 'string' && webAcl !== '' ? { webAcl } : {};
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

  const waitingDays = Number(contextOf('waitingDays') ?? 400);
  if (!Number.isSafeInteger(waitingDays) || waitingDays < 31 || waitingDays > 3_650) {
    refuse(
      'waitingDaysNotANumber',
      `context \`waitingDays\` is not a whole number from 31 to 3650, of days that a message may wait. ${mend('waitingDays', '400')}`,
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

  const webhookRate = countOf(contextOf, { name: 'webhookRate', most: 5_000, of: 'requests a second' }, (message) =>
    refuse('webhookRateNotANumber', message),
  );
  const webhookPace = countOf(
    contextOf,
    { name: 'webhookPace', most: 5_000, of: 'messages a second of a connection' },
    (message) => refuse('webhookPaceNotANumber', message),
  );
  const relayTypes = relayTypesOf(contextOf, refuse);
  const gatherSeconds = gatherSecondsOf(contextOf, refuse);
  const cloudfront = cloudfrontOf(contextOf, refuse);

  if (refusals.length > 0) return { ok: false, refusals };
  return {
    ok: true,
    settings: {
      ...{
        stack: String(stack),
        tokens,
        release,
        pagerRate,
        waitingDays,
        alarmEmail,
        partnerSources: [...new Set(named)],
      },
      ...{ webhookRate, webhookPace, relayTypes, gatherSeconds, cloudfront },
    },
  };
};
