// Which DynamoDB table is each projection table in this deployment?
// The entry files of project, rollup, query and sweep call it; it reads the process's environment.
import { tableNames } from '../../domain/rows/catalog.ts';
import { readConfig, required } from '../aws/config.ts';

/** The variable that names a table: `TABLE_STAGE_HISTORY` for `stage_history`. */
const tableVariable = (table: string): string => `TABLE_${table.toUpperCase()}`;

/** The DynamoDB table of each of `names` (absent: of every projection table); throws with the names of missing variables. */
export const readProjectionTables = (
  names: readonly string[] = tableNames,
  environment?: Readonly<Record<string, string | undefined>>,
): ((table: string) => string) => {
  const shape = Object.fromEntries(names.map((name) => [tableVariable(name), required]));
  const config = readConfig(shape, environment);
  return (table) => {
    const name = config[tableVariable(table)];
    if (name === undefined) throw new Error(`this function's environment has no variable for the table ${table}`);
    return name;
  };
};
