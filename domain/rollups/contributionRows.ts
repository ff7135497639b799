// Which contributions do an owner's rows feed to groups, and in which partition is each kept?

import { uuidOf } from '../../events/identifiers.ts';
import { contributions } from '../rows/ownTables.ts';
import { type Row, rowKeyOf } from '../rows/row.ts';
import { rollups } from './catalog.ts';
import type { Contribution, Rollup } from './rollup.ts';

/** A group of a rollup. */
export interface GroupName {
  readonly rollup: string;
  readonly group: string;
}

/** The partition of a group's bucket, inside its tenant. */
export const partitionOf = ({ rollup, group }: GroupName, bucket: number): string =>
  [rollup, group, String(bucket).padStart(2, '0')].join('#');

/** The group that a partition belongs to; undefined if it is no such partition. */
export const groupOfPartition = (partition: string): GroupName | undefined => {
  const [rollup, ...others] = partition.split('#');
  const group = others.slice(0, -1).join('#');
  return rollup === undefined || others.length < 2 ? undefined : { rollup, group };
};

const bucketOf = (spreadBy: string, buckets: number): number =>
  Number.parseInt(uuidOf('bucket', spreadBy).slice(0, 8), 16) % buckets;

const rowOf = (owner: string, { name, buckets }: Rollup, { group, part, spreadBy, data }: Contribution): Row => ({
  table: contributions.name,
  partition: partitionOf({ rollup: name, group }, bucketOf(spreadBy, buckets)),
  rowKey: rowKeyOf(owner, part),
  columns: { data: JSON.stringify(data) },
});

/**
 * The contributions of an owner (an engagement, a group, a reference), made of its rows, to every rollup over one of
 * their tables.
 */
export const contributionRows = (owner: string, rows: readonly Row[]): readonly Row[] =>
  rollups.flatMap((rollup) => rollup.contribute(rows).map((contribution) => rowOf(owner, rollup, contribution)));
