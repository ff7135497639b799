// What is provisioned? The pipeline as one stack: what each part stands on, and how the parts are joined.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { lifecycle } from '../domain/lifecycle.ts';
import { PipelineDashboard } from './dashboard.ts';
import { controlPattern, stagePattern } from './eventPatterns.ts';
import { Foundation, type FoundationProps } from './foundation.ts';
import { PipelineApi } from './httpApi.ts';
import { MeasureAlarms } from './measures.ts';
import { Notifications } from './notifications.ts';
import { PartnerBuses } from './partnerBuses.ts';
import { PipelineAlarm } from './pipelineAlarm.ts';
import { Project } from './project.ts';
import { Query } from './query.ts';
import { queueOutputs } from './queueOutputs.ts';
import { Receive } from './receive.ts';
import { RecordFacts } from './recordFacts.ts';
import { Relay } from './relay.ts';
import { Seal } from './seal.ts';
import { Stage } from './stage.ts';
import { Sweep } from './sweep.ts';
import { Translate } from './translate.ts';

export type PipelineStackProps = FoundationProps & StackProps;

export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const foundation = new Foundation(this, 'Foundation', props);
    const { alarmEmail, pagerRate, partnerSources } = props.settings;

    const receive = new Receive(this, 'Receive', foundation);
    new PartnerBuses(this, 'PartnerBuses', { sources: partnerSources, to: receive.work });
    const translate = new Translate(this, 'Translate', foundation);

    for (const entry of lifecycle) {
      const id = entry.stage.charAt(0).toUpperCase() + entry.stage.slice(1);
      new Stage(this, id, { name: entry.stage, foundation, takes: stagePattern(entry) });
    }
    new Stage(this, 'Control', { name: 'control', foundation, takes: controlPattern });

    new Relay(this, 'Relay', foundation);
    const project = new Project(this, 'Project', foundation);
    const sweep = new Sweep(this, 'Sweep', { foundation, pagerRate, project: project.work, translate: translate.work });

    const seal = new Seal(this, 'Seal', foundation);

    const record = new RecordFacts(this, 'Record', foundation);
    const query = new Query(this, 'Query', foundation);
    const api = new PipelineApi(this, 'Http', {
      tokens: foundation.tokens,
      receive: receive.handler,
      record: record.handler,
      query: query.handler,
    });

    new MeasureAlarms(this, 'Measures');
    // Last, so that every alarm is among them.
    const alarms = this.node.findAll().filter((part) => part instanceof PipelineAlarm);
    const { heardBy } = new Notifications(this, 'Notifications', { alarms, email: alarmEmail });
    new PipelineDashboard(this, 'Dashboard', { alarms, heardBy, api });

    const { operational, eventStore, bus, people, secretsPrefix } = foundation;
    const outputs = {
      ApiUrl: api.url,
      BusName: bus.eventBusName,
      EventsTable: eventStore.table.tableName,
      RootsTable: seal.roots.tableName,
      RunsTable: sweep.runs.tableName,
      ConnectionsTable: operational.connections.tableName,
      SecretsPrefix: secretsPrefix,
      FailuresTable: operational.failures.tableName,
      ...queueOutputs(this),
      ...(people ? { UserPoolId: people.pool.userPoolId, UserPoolClientId: people.client.userPoolClientId } : {}),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
