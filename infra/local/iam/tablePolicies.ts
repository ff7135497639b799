// What do the tables themselves allow and refuse? The resource policies that the template gives them, by the table's ARN.
import { arn } from '../core/awsNames.ts';
import { properties } from '../core/json.ts';
import { resolvedTemplate, type TemplateOptions } from '../template/templateResolver.ts';
import { readPolicy, type Statement } from './policyStatement.ts';

/** The statements of each table that has a policy of its own. */
export function tablePolicies(options: TemplateOptions): ReadonlyMap<string, readonly Statement[]> {
  const { all, names, resolve } = resolvedTemplate(options);
  const tables = all.filter(({ type }) => type === 'AWS::DynamoDB::GlobalTable' || type === 'AWS::DynamoDB::Table');
  return new Map(
    tables.flatMap(({ id, properties: given }) => {
      const from = properties(
        resolve({ Replicas: given.Replicas ?? [], ResourcePolicy: given.ResourcePolicy }, id),
        id,
      );
      // A replica is this account's table in one region, of which there is one here.
      const holders = [from, ...from.objects('Replicas')].filter((each) => each.raw('ResourcePolicy') !== undefined);
      const statements = holders.flatMap((each) =>
        readPolicy(each.object('ResourcePolicy').raw('PolicyDocument'), `${each.where}: ResourcePolicy`),
      );
      return statements.length === 0 ? [] : [[arn.table(names.get(id) ?? id), statements] as const];
    }),
  );
}
