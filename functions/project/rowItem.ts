// How is a row stored as an item, and which id and digest does its head hold for it?
import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { tableNamed } from '../../domain/rows/catalog.ts';
import { ownTables } from '../../domain/rows/ownTables.ts';
import type { Row } from '../../domain/rows/row.ts';
import type { TableIndex } from '../../domain/rows/table.ts';

/** The place of a row. */
export type RowPlace = Pick<Row, 'table' | 'partition' | 'rowKey'>;

type Item = Record<string, AttributeValue>;

/** Partitions and keys contain no line break. */
const between = '\n';

/** A row's id across tables. */
export const rowId = ({ table, partition, rowKey }: RowPlace): string =>
  `${table}|${partition === undefined ? '' : `${partition}${between}`}${rowKey}`;

/** The place of a row, from its id; throws where the table is unknown. */
export const placeOfRow = (id: string): RowPlace => {
  const bar = id.indexOf('|');
  const table = id.slice(0, bar);
  if (tableNamed(table) === undefined && !ownTables.some(({ name }) => name === table))
    throw new Error(`no projection table in the row id ${id}`);
  const [partition = '', rowKey] = id.slice(bar + 1).split(between);
  return rowKey === undefined ? { table, rowKey: partition } : { table, partition, rowKey };
};

/**
 * Twelve characters of SHA-256 over the row's columns, in the order in which its table makes them: different rows have different
 * digests. Equal rows whose columns come in another order than before are only written once more.
 */
export const digestOf = (row: Row): string => hash('sha256', JSON.stringify(row.columns), 'base64url').slice(0, 12);

/** The key of a row's item. The partition is the tenant, unless the table declares a partition key of its own. */
export const keyOfRow = (tenantId: string, { table, partition, rowKey }: RowPlace): Item => {
  const own = ownTables.find(({ name }) => name === table)?.partitionKey;
  const [name, value] = own === undefined ? ['tenantId', tenantId] : [own, `${tenantId}#${partition}`];
  return { [name]: { S: value }, rowKey: { S: rowKey } };
};

const indexesOf = (table: string): readonly TableIndex[] =>
  tableNamed(table)?.indexes ?? ownTables.find(({ name }) => name === table)?.indexes ?? [];

/** A row as an item: its key, its columns, and an attribute for every index that it is in. */
export const rowItem = (tenantId: string, row: Row): Item => {
  const indexed = indexesOf(row.table).flatMap(({ name, columns, acrossTenants }) => {
    const values = columns.map((column) => row.columns[column] ?? null);
    if (values.some((value) => value === null)) return [];
    return [[`ix_${name}`, [...(acrossTenants ? [] : [tenantId]), ...values].join('#')] as const];
  });
  const filled = Object.entries(row.columns).filter(([, value]) => value !== null);
  return { ...marshall({ ...Object.fromEntries(filled), ...Object.fromEntries(indexed) }), ...keyOfRow(tenantId, row) };
};
