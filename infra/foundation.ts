// What do all functions stand on? Tables, the bus, bundles and settings, in one hand.
import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Bundles } from './bundles.ts';
import { PipelineBus } from './bus.ts';
import { EventStore } from './eventStore.ts';
import { OperationalTables } from './operationalTables.ts';
import { Projections } from './projections.ts';
import type { Settings } from './settings.ts';

export interface FoundationProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
}

export class Foundation extends Construct {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly eventStore: EventStore;
  readonly operational: OperationalTables;
  readonly projections: Projections;
  readonly bus: PipelineBus['bus'];
  /** The path of the parameter store under which each connection's secret lies. */
  readonly secretsPrefix: string;

  constructor(scope: Construct, id: string, props: FoundationProps) {
    super(scope, id);
    this.settings = props.settings;
    this.bundles = props.bundles;
    this.eventStore = new EventStore(this, 'Events');
    this.operational = new OperationalTables(this, 'Operational');
    this.projections = new Projections(this, 'Projections');
    this.bus = new PipelineBus(this, 'Pipeline').bus;
    this.secretsPrefix = `/throughline/${Stack.of(this).stackName}/connections`;
  }

  /** How a handler checks a token once more, and what it reads from it. */
  get tokenEnvironment(): Readonly<Record<string, string>> {
    const { issuer, audience, claims } = this.settings;
    return {
      ISSUER: issuer,
      AUDIENCE: audience,
      ROLE_CLAIM: claims.role,
      TENANT_CLAIM: claims.tenant,
      PARTNER_CLAIM: claims.partner,
    };
  }

  /** Of which stack the measures are that a function writes. */
  get measuresEnvironment(): Readonly<Record<string, string>> {
    return { STACK_NAME: Stack.of(this).stackName };
  }

  /** Which deployment, and which code of the domain, computes rows. */
  get releaseEnvironment(): Readonly<Record<string, string>> {
    return { RELEASE: String(this.settings.release), COMPUTED_BY: this.bundles.computedBy };
  }
}
