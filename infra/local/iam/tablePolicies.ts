// Which resource policies do the tables have? Those of the template, by the table's ARN.
import { arn } from '../core/awsNames.ts';
import { properties } from '../core/json.ts';
import { resolvedTemplate, type TemplateOptions } from '../template/templateResolver.ts';
import { readPolicy, type Statement } from './policyStatement.ts';

/** The statements of each table that has a resource policy. */
export function tablePolicies(options: TemplateOptions): ReadonlyMap<string, readonly Statement[]> {
  const { all, names, resolve } = resolvedTemplate(options);
  const tables = all.filter(({ type }) => type === 'AWS::DynamoDB::GlobalTable' || type === 'AWS::DynamoDB::Table');
  return new Map(
    tables.flatMap(({ id, properties: given }) => {
      const from = properties(
        resolve({ Replicas: given.Replicas ?? [], ResourcePolicy: given.ResourcePolicy }, id),
        id,
      );
      // A replica is the table in one region, and the local runtime has only one region.
      const holders = [from, ...from.objects('Replicas')].filter((each) => each.raw('ResourcePolicy') !== undefined);
      const statements = holders.flatMap((each) =>
        readPolicy(each.object('ResourcePolicy').raw('PolicyDocument'), `${each.where}: ResourcePolicy`),
      );
      return statements.length === 0 ? [] : [[arn.table(names.get(id) ?? id), statements] as const];
    }),
  );
}
