// Where do conclusions stand? A table for each entry of the rows catalog, all of which can be computed again.
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type AnyTable, engagementHead, type TableName, tables } from '../../domain/rows/catalog.ts';
import type { TableIndex } from '../../domain/rows/table.ts';
import { onIndex, onTable, type TableAction } from '../constructs/permissions.ts';

const text = (name: string) => ({ name, type: AttributeType.STRING });

const idOf = (name: TableName): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** What writing a table's rows takes: rows are put and removed beside their head; a head's own is read and never removed. */
const writes = ({ grain, name }: AnyTable): readonly TableAction[] => {
  if (name === engagementHead) return ['GetItem', 'PutItem', 'ConditionCheckItem'];
  return grain === 'engagement' ? ['PutItem', 'DeleteItem'] : ['GetItem', 'PutItem'];
};

export class Projections extends Construct {
  readonly tables: ReadonlyMap<TableName, TableV2>;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.tables = new Map(
      tables.map(({ name, indexes }) => [
        name,
        new TableV2(this, idOf(name), {
          partitionKey: text('tenantId'),
          sortKey: text('rowKey'),
          pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
          removalPolicy: RemovalPolicy.DESTROY,
          globalSecondaryIndexes: indexes.map((index) => ({
            indexName: index.name,
            partitionKey: text(`ix_${index.name}`),
            sortKey: text(index.sort ?? 'rowKey'),
            // Keys alone: a row whose other columns change, as a head's do with every fact, costs no write of its indexes.
            projectionType: ProjectionType.KEYS_ONLY,
          })),
        }),
      ]),
    );
  }

  /** One table, by its name in the catalog. */
  table(name: TableName): TableV2 {
    const table = this.tables.get(name);
    if (table === undefined) throw new Error(`domain/rows/catalog.ts names no table ${name}.`);
    return table;
  }

  /** `TABLE_<NAME>` for these tables; for all of them where none is named. */
  environment(...names: readonly TableName[]): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...this.tables]
        .filter(([name]) => names.length === 0 || names.includes(name))
        .map(([name, table]) => [`TABLE_${name.toUpperCase()}`, table.tableName]),
    );
  }

  /** These actions on the items of every table. */
  onEveryTable(...actions: readonly TableAction[]): readonly PolicyStatement[] {
    return [...this.tables.values()].map((table) => onTable(table, ...actions));
  }

  /** What writing a table's rows takes, and no more: a head is never removed, and a row beside a head never read. */
  onWrittenTables(): readonly PolicyStatement[] {
    return tables.map((table) => onTable(this.table(table.name), ...writes(table)));
  }

  /** Queries of every index that one tenant's readers may use: those across tenants are the pipeline's own. */
  onTenantIndexes(): readonly PolicyStatement[] {
    const isRead = ({ acrossTenants, readBy }: TableIndex): boolean => !acrossTenants && readBy === undefined;
    return tables.flatMap(({ name, indexes }) =>
      indexes.filter(isRead).map((index) => onIndex(this.table(name), index.name)),
    );
  }
}
