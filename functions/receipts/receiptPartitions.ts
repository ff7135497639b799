// In which partitions of their table do the receipts of a connection stand?

/**
 * The marks of a connection's partitions. DynamoDB writes 1,000 units a second to one partition key, and a receipt takes three: in one
 * partition a connection would end at some 300 messages a second.
 */
export const partitionMarks: readonly string[] = [...'0123456789abcdef'];

/** The partition of a mark; without a mark, that of an earlier release, which put all receipts of a connection into one. */
export const partitionOf = (tenantId: string, connection: string, mark?: string): string =>
  [tenantId, connection, ...(mark === undefined ? [] : [mark])].join('#');

/** The mark of a new receipt: always the same for its id, so that a repeated put finds it. */
export const partitionMarkOf = (receiptId: string): string =>
  partitionMarks[[...receiptId].reduce((sum, character) => sum + character.charCodeAt(0), 0) % partitionMarks.length] ??
  '0';

/** Every partition in which receipts of a connection may stand. */
export const partitionsOf = (tenantId: string, connection: string): readonly string[] => [
  partitionOf(tenantId, connection),
  ...partitionMarks.map((mark) => partitionOf(tenantId, connection, mark)),
];

/** What stands in a partition's name; no tenant and no connection has a `#`. */
export const placeOfPartition = (partition: string): { readonly connection: string; readonly mark?: string } => {
  const [, connection = '', mark] = partition.split('#');
  return { connection, ...(mark !== undefined && { mark }) };
};
