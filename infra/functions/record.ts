// Which resources does record need? Permission to append what a person says, to read who leads the engagement, and to put names.
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { onTable } from '../constructs/permissions.ts';
import { PipelineFunction } from '../constructs/pipelineFunction.ts';
import type { Foundation } from '../foundation/foundation.ts';

export class RecordFacts extends Construct {
  readonly handler: IFunction;

  constructor(
    scope: Construct,
    id: string,
    { bundles, eventStore, measuresEnvironment, operational, originEnvironment, tokenEnvironment }: Foundation,
  ) {
    super(scope, id);
    this.handler = new PipelineFunction(this, 'Function', {
      name: 'record',
      describes: 'records what a person says, within the request',
      behindHttp: true,
      bundles,
      timeout: Duration.seconds(15),
      memory: 1024,
      environment: {
        EVENTS_TABLE: eventStore.table.tableName,
        NAMES_TABLE: operational.names.tableName,
        ...tokenEnvironment,
        ...measuresEnvironment,
        ...originEnvironment,
      },
      permissions: [
        onTable(eventStore.table, 'Query', 'BatchGetItem', 'PutItem'),
        // Who a person is, which only vendors say.
        onTable(operational.names, 'PutItem', 'DeleteItem'),
      ],
    }).handler;
  }
}
