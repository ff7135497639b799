// Which DynamoDB table is each projection table in this deployment?
// The entry files of project, rollup, query, answer and sweep call it; it reads the process's environment.
import { tableNames } from '../../domain/rows/catalog.ts';
import { readConfig, required } from '../aws/config.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names a table: `TABLE_STAGE_HISTORY` for `stage_history`. */
const tableVariable = (table: string): string => `TABLE_${table.toUpperCase()}`;

/** The tables that have a variable of their own. */
const ownVariables = (names: readonly string[], environment?: Environment): ReadonlyMap<string, string> => {
  const config = readConfig(Object.fromEntries(names.map((name) => [tableVariable(name), required])), environment);
  return new Map(names.map((name) => [name, config[tableVariable(name)] ?? '']));
};

/** The tables of one variable: `flags=~Flags-1,usage=~Usage-1`, where `~` stands for what each name begins with. */
const packedTables = (environment?: Environment): ReadonlyMap<string, string> => {
  const { TABLES, TABLES_BEGIN } = readConfig({ TABLES: required, TABLES_BEGIN: required }, environment);
  return new Map(
    TABLES.split(',').map((pair) => {
      const [name = '', table = ''] = pair.split('=');
      return [name, table.replace('~', TABLES_BEGIN)];
    }),
  );
};

/** The DynamoDB table of each of `names` (absent: of every projection table); throws with the names of missing variables. */
export const readProjectionTables = (
  names: readonly string[] = tableNames,
  environment: Environment = process.env,
): ((table: string) => string) => {
  const tables = environment.TABLES === undefined ? ownVariables(names, environment) : packedTables(environment);
  const missing = names.filter((name) => !tables.has(name));
  if (missing.length > 0) throw new Error(`TABLES in this function's environment lacks ${missing.join(', ')}`);
  return (table) => {
    const name = tables.get(table);
    if (name === undefined) throw new Error(`this function's environment names no table ${table}`);
    return name;
  };
};
