// Which resources do all functions share? Tables, the bus, bundles and settings.
import { CfnParameter, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Bundles } from '../constructs/bundleAssets.ts';
import { OriginSecret } from '../constructs/originSecret.ts';
import { PipelineBus } from './bus.ts';
import { EventStore } from './eventStore.ts';
import { OperationalTables } from './operationalTables.ts';
import { Projections } from './projections.ts';
import type { Settings, TokenIssuer } from './settings.ts';
import { People } from './userPool.ts';

export interface FoundationProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
}

export class Foundation extends Construct {
  readonly bundles: Bundles;
  /** The issuer and the audience of people's tokens. */
  readonly tokens: TokenIssuer;
  /** The stack's user pool; absent where the context names an issuer. */
  readonly people: People | undefined;
  readonly eventStore: EventStore;
  readonly operational: OperationalTables;
  readonly projections: Projections;
  readonly bus: PipelineBus['bus'];
  private readonly release: CfnParameter;
  private readonly waitingDays: number;
  /** What only CloudFront and the functions know; undefined where the context asks for no CloudFront. */
  readonly originSecret: OriginSecret | undefined;
  private readonly webhookPace: number | undefined;
  /** The path of the parameter store under which each connection's secret lies. */
  readonly secretsPrefix: string;

  constructor(scope: Construct, id: string, props: FoundationProps) {
    super(scope, id);
    const { settings, bundles } = props;
    this.bundles = bundles;
    this.waitingDays = settings.waitingDays;
    this.people = settings.tokens === undefined ? new People(this, 'People') : undefined;
    const tokens = settings.tokens ?? this.people?.tokens;
    if (tokens === undefined) throw new Error('there is neither an issuer nor a user pool');
    this.tokens = tokens;
    // A parameter, so that the template of an unchanged deployment stays the same.
    this.release = new CfnParameter(Stack.of(this), 'Release', {
      type: 'Number',
      default: settings.release,
      minValue: 1,
      description: 'A number that every deployment raises, also one that goes back to older code.',
    });
    this.eventStore = new EventStore(this, 'Events');
    this.operational = new OperationalTables(this, 'Operational');
    this.projections = new Projections(this, 'Rows');
    this.bus = new PipelineBus(this, 'Pipeline').bus;
    this.originSecret = settings.cloudfront === undefined ? undefined : new OriginSecret(this, 'Origin');
    this.webhookPace = settings.webhookPace;
    this.secretsPrefix = `/throughline/${Stack.of(this).stackName}/connections`;
  }

  /** The settings with which a handler checks a token again, and the claims that it reads. */
  get tokenEnvironment(): Readonly<Record<string, string>> {
    const { issuer, audience, claims } = this.tokens;
    return {
      ISSUER: issuer,
      AUDIENCE: audience,
      ROLE_CLAIM: claims.role,
      TENANT_CLAIM: claims.tenant,
      PARTNER_CLAIM: claims.partner,
    };
  }

  /** The days that a receipt may wait before it ends as expired. */
  get waitingEnvironment(): Readonly<Record<string, string>> {
    return { WAITING_DAYS: String(this.waitingDays) };
  }

  /** By what the functions behind HTTP know what came through CloudFront; empty without it. */
  get originEnvironment(): Readonly<Record<string, string>> {
    return this.originSecret === undefined ? {} : { ORIGIN_SECRET: this.originSecret.value };
  }

  /** The pace of one connection's messages; empty: the usual one. */
  get paceEnvironment(): Readonly<Record<string, string>> {
    return this.webhookPace === undefined ? {} : { WEBHOOK_PACE: String(this.webhookPace) };
  }

  /** The stack's name in the metrics that a function writes. */
  get measuresEnvironment(): Readonly<Record<string, string>> {
    return { STACK_NAME: Stack.of(this).stackName };
  }

  /** The deployment and the domain code that compute rows. */
  get releaseEnvironment(): Readonly<Record<string, string>> {
    return { RELEASE: this.release.valueAsString, COMPUTED_BY: this.bundles.computedBy };
  }
}
