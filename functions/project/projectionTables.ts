// Under which names do the projection tables stand here? The environment's, one variable a table.
import { type TableName, tableNames } from '../../domain/rows/row.ts';
import { readConfig, required } from '../aws/config.ts';

/** The variable that names a projection table: `TABLE_STAGE_HISTORY` for `stage_history`. */
export const tableVariable = (name: TableName): string => `TABLE_${name.toUpperCase()}`;

/** The DynamoDB table of each projection table; throws, naming them, where variables are missing. */
export const readProjectionTables = (
  environment?: Readonly<Record<string, string | undefined>>,
): ((name: TableName) => string) => {
  const shape = Object.fromEntries(tableNames.map((name) => [tableVariable(name), required]));
  const config = readConfig(shape, environment);
  return (name) => config[tableVariable(name)] ?? '';
};
