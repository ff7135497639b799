// Where are rows stored? In one table for each entry of the rows catalog, and in the tables that rows need; all can be computed again.
import { Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, StreamViewType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { engagementHead, headsOfLevel, type Level, tables, writtenTables } from '../../domain/rows/catalog.ts';
import { contributions, type OwnTable, ownTables } from '../../domain/rows/ownTables.ts';
import type { Table, TableIndex } from '../../domain/rows/table.ts';
import { onIndex, onTable, type TableAction } from '../constructs/permissions.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const idOf = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** A writer's actions on a table of heads: project reads them and never removes them. */
const headActions: readonly TableAction[] = ['GetItem', 'PutItem', 'ConditionCheckItem'];
/** A writer's actions on other rows: project puts and removes them in the transaction of their head. */
const rowActions: readonly TableAction[] = ['PutItem', 'DeleteItem'];

export class Projections extends Construct {
  private readonly byName: ReadonlyMap<string, TableV2>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const all: readonly (Pick<Table, 'name' | 'indexes'> & Pick<OwnTable, 'partitionKey'>)[] = [
      ...tables,
      ...ownTables,
    ];
    this.byName = new Map(
      all.map(({ name, indexes, partitionKey = 'tenantId' }) => [
        name,
        new TableV2(this, idOf(name), {
          partitionKey: text(partitionKey),
          sortKey: text('rowKey'),
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          removalPolicy: RemovalPolicy.DESTROY,
          // A changed contribution wakes its group; its key names the group.
          ...(name === contributions.name ? { dynamoStream: StreamViewType.KEYS_ONLY } : {}),
          globalSecondaryIndexes: indexes.map((index) => ({
            indexName: index.name,
            partitionKey: text(`ix_${index.name}`),
            sortKey: text(index.sort ?? 'rowKey'),
            // Keys only: a change of another column (a head changes with every fact) then costs no write to the indexes.
            projectionType: ProjectionType.KEYS_ONLY,
          })),
        }),
      ]),
    );
  }

  /** One table, by its name in a catalog. */
  table(name: string): TableV2 {
    const table = this.byName.get(name);
    if (table === undefined) throw new Error(`neither domain/rows/catalog.ts nor ownTables.ts names a table ${name}.`);
    return table;
  }

  /** `TABLE_<NAME>` for these tables. */
  environment(names: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(names.map((name) => [`TABLE_${name.toUpperCase()}`, this.table(name).tableName]));
  }

  /**
   * All these tables in one variable, for a function that reads so many that variables of their own would exceed the 4 KB which all of them
   * may have. `~` stands for the name of the stack, with which each table's own name begins.
   */
  packedEnvironment(names: readonly string[]): Readonly<Record<string, string>> {
    const begin = `${Stack.of(this).stackName}-`;
    const short = (name: string): string => Fn.join('~', Fn.split(begin, this.table(name).tableName));
    return { TABLES: names.map((name) => `${name}=${short(name)}`).join(','), TABLES_BEGIN: begin };
  }

  /** The actions that writing needs, and no more: a writer never removes a head and never reads other rows. */
  onWritten(level: Level): readonly PolicyStatement[] {
    const heads = [engagementHead, headsOfLevel[level]];
    return writtenTables(level).map((name) =>
      onTable(this.table(name), ...(heads.includes(name) ? headActions : rowActions)),
    );
  }

  /** These actions on the items of every projection table. */
  onEveryTable(...actions: readonly TableAction[]): readonly PolicyStatement[] {
    return tables.map(({ name }) => onTable(this.table(name), ...actions));
  }

  /** Queries of the indexes of a table that the pipeline alone reads. */
  onPipelineIndexes(name: string): readonly PolicyStatement[] {
    const indexes = tables.find((table) => table.name === name)?.indexes ?? [];
    return indexes.flatMap((index) => (index.readBy === 'pipeline' ? [onIndex(this.table(name), index.name)] : []));
  }

  /** Queries of every index that readers of one tenant use; the pipeline alone uses the other indexes. */
  onTenantIndexes(): readonly PolicyStatement[] {
    const isRead = ({ acrossTenants, readBy }: TableIndex): boolean => !acrossTenants && readBy === undefined;
    return tables.flatMap(({ name, indexes }) =>
      indexes.filter(isRead).map((index) => onIndex(this.table(name), index.name)),
    );
  }
}
