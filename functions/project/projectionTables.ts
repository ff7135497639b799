// Under which names do the projection tables stand here? The environment's, one variable a table.
import { tableNames } from '../../domain/rows/catalog.ts';
import { readConfig, required } from '../aws/config.ts';

/** The variable that names a projection table: `TABLE_STAGE_HISTORY` for `stage_history`. */
export const tableVariable = (table: string): string => `TABLE_${table.toUpperCase()}`;

/** The DynamoDB table of each projection table; throws, naming them, where variables are missing. */
export const readProjectionTables = (
  environment?: Readonly<Record<string, string | undefined>>,
): ((table: string) => string) => {
  const shape = Object.fromEntries(tableNames.map((name) => [tableVariable(name), required]));
  const config = readConfig(shape, environment);
  return (table) => config[tableVariable(table)] ?? '';
};
