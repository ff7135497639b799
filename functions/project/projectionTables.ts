// Under which names do the projection tables stand here? The environment's, one variable a table.
import { tableNames } from '../../domain/rows/catalog.ts';
import { readConfig, required } from '../aws/config.ts';

/** The variable that names a table: `TABLE_STAGE_HISTORY` for `stage_history`. */
export const tableVariable = (table: string): string => `TABLE_${table.toUpperCase()}`;

/** The DynamoDB table of each of these tables (of every projection table); throws, naming them, where variables are missing. */
export const readProjectionTables = (
  names: readonly string[] = tableNames,
  environment?: Readonly<Record<string, string | undefined>>,
): ((table: string) => string) => {
  const shape = Object.fromEntries(names.map((name) => [tableVariable(name), required]));
  const config = readConfig(shape, environment);
  return (table) => {
    const name = config[tableVariable(table)];
    if (name === undefined) throw new Error(`this function has not been given the table ${table}`);
    return name;
  };
};
