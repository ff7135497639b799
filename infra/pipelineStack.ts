// Which resources does the pipeline have? One stack joins all parts.
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { lifecycle } from '../domain/lifecycle.ts';
import { controlPattern, stagePattern } from './constructs/eventPatterns.ts';
import { PipelineAlarm } from './constructs/pipelineAlarm.ts';
import { WorkQueue } from './constructs/workQueue.ts';
import { Foundation, type FoundationProps } from './foundation/foundation.ts';
import { Answer } from './functions/answer.ts';
import { Edge } from './functions/edge.ts';
import { PipelineApi } from './functions/httpApi.ts';
import { PartnerBuses } from './functions/partnerBuses.ts';
import { Project } from './functions/project.ts';
import { Query } from './functions/query.ts';
import { Receive } from './functions/receive.ts';
import { RecordFacts } from './functions/record.ts';
import { Relay } from './functions/relay.ts';
import { Rollup } from './functions/rollup.ts';
import { Seal } from './functions/seal.ts';
import { Stage } from './functions/stage.ts';
import { Sweep } from './functions/sweep.ts';
import { Translate } from './functions/translate.ts';
import { PipelineDashboard } from './operations/dashboard.ts';
import { MeasureAlarms } from './operations/metricAlarms.ts';
import { Notifications } from './operations/notifications.ts';
import { queueOutputs } from './operations/queueOutputs.ts';

export type PipelineStackProps = FoundationProps & StackProps;

export class PipelineStack extends Stack {
  constructor(scope: Construct, id: string, props: PipelineStackProps) {
    super(scope, id, props);
    const foundation = new Foundation(this, 'Foundation', props);
    const { alarmEmail, cloudfront, gatherSeconds, pagerRate, partnerSources, relayTypes, webhookRate } =
      props.settings;

    const receive = new Receive(this, 'Receive', foundation);
    new PartnerBuses(this, 'PartnerBuses', { sources: partnerSources, to: receive.work });
    const translate = new Translate(this, 'Translate', foundation);

    for (const entry of lifecycle) {
      const id = entry.stage.charAt(0).toUpperCase() + entry.stage.slice(1);
      new Stage(this, id, { name: entry.stage, foundation, takes: stagePattern(entry) });
    }
    new Stage(this, 'Control', { name: 'control', foundation, takes: controlPattern });

    const relay = new Relay(this, 'Relay', { foundation, types: relayTypes });
    const rollup = new Rollup(this, 'Rollup', foundation);
    const project = new Project(this, 'Project', { foundation, rollup: rollup.work, gatherSeconds });
    const sweep = new Sweep(this, 'Sweep', {
      foundation,
      pagerRate,
      project: project.work,
      rollup: rollup.work,
      translate: translate.work,
    });

    const answer = new Answer(this, 'Answer', foundation);
    const seal = new Seal(this, 'Seal', foundation);

    const record = new RecordFacts(this, 'Record', foundation);
    // After every function with a queue, so that all queues are among them.
    const queues = this.node.findAll().filter((part) => part instanceof WorkQueue);
    const query = new Query(this, 'Query', { foundation, queues, answer });
    const api = new PipelineApi(this, 'Http', {
      tokens: foundation.tokens,
      receive: receive.handler,
      record: record.handler,
      query: query.handler,
      webhookRate,
    });
    const secret = foundation.originSecret;
    const edge =
      cloudfront === undefined || secret === undefined
        ? undefined
        : new Edge(this, 'Edge', { host: api.host, secret, webAcl: cloudfront.webAcl });

    new MeasureAlarms(this, 'Measures');
    // Last, so that every alarm is among them.
    const alarms = this.node.findAll().filter((part) => part instanceof PipelineAlarm);
    const { heardBy } = new Notifications(this, 'Notifications', { alarms, email: alarmEmail });
    new PipelineDashboard(this, 'Dashboard', { alarms, heardBy, api });

    const { operational, eventStore, bus, people, secretsPrefix } = foundation;
    const outputs = {
      ApiUrl: edge?.url ?? api.url,
      BusName: bus.eventBusName,
      RelayedTypes: relay.sends,
      EventsTable: eventStore.table.tableName,
      RootsTable: seal.roots.tableName,
      RunsTable: sweep.runs.tableName,
      ConnectionsTable: operational.connections.tableName,
      SecretsPrefix: secretsPrefix,
      ReceiptsTable: operational.receipts.tableName,
      SourcesTable: operational.sources.tableName,
      FailuresTable: operational.failures.tableName,
      NamesTable: operational.names.tableName,
      ...queueOutputs(this),
      ...(people ? { UserPoolId: people.pool.userPoolId, UserPoolClientId: people.client.userPoolClientId } : {}),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
