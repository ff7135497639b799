// Which policies does each function's role have? Those in the template (inline, attached or managed); a policy outside it is refused by name.
import { arn } from '../core/awsNames.ts';
import { type Properties, properties } from '../core/json.ts';
import { refuse } from '../core/refusal.ts';
import type { Resource } from '../template/templateNames.ts';
import { resolvedTemplate, type TemplateOptions } from '../template/templateResolver.ts';
import { readPolicy, type Statement } from './policyStatement.ts';

export interface FunctionPolicy {
  /** The role's name; locally this is its logical id. */
  readonly role: string;
  readonly statements: readonly Statement[];
}

/** Resource types that attach a policy document to roles. */
const attaching = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy'];

const rolesOf = (from: Properties): readonly string[] =>
  from.has('RoleName') ? [from.text('RoleName')] : from.texts('Roles');

/** The policies by function name, which is the `caller` of a call. */
export function functionPolicies(options: TemplateOptions): ReadonlyMap<string, FunctionPolicy> {
  const { all, names, resolve } = resolvedTemplate(options);
  const resolved = ({ id, type, properties: given }: Resource, ...wanted: readonly string[]): Properties => {
    const where = `${id} (${type})`;
    const kept = Object.entries(given).filter(([name]) => wanted.includes(name));
    return properties(resolve(Object.fromEntries(kept), where), where);
  };
  const attached = all
    .filter(({ type }) => attaching.includes(type))
    .map((resource) => {
      const from = resolved(resource, 'Roles', 'RoleName', 'PolicyDocument');
      return { id: resource.id, roles: rolesOf(from), statements: readPolicy(from.raw('PolicyDocument'), from.where) };
    });

  const statementsOf = (role: Resource): readonly Statement[] => {
    const from = resolved(role, 'Policies', 'ManagedPolicyArns', 'PermissionsBoundary', 'RoleName');
    if (from.has('PermissionsBoundary')) refuse(`${from.where}: PermissionsBoundary is not understood locally.`);
    const name = from.text('RoleName', role.id);
    const inline = from
      .objects('Policies')
      .flatMap((policy) => readPolicy(policy.raw('PolicyDocument'), `${policy.where}: PolicyDocument`));
    const managed = from.texts('ManagedPolicyArns').map((policy) => {
      const found = attached.find(({ id }) => id === policy);
      return found ?? refuse(`${from.where}: what the managed policy ${policy} allows is not in the template.`);
    });
    const others = attached.filter(({ roles }) => roles.includes(role.id) || roles.includes(name));
    return [...inline, ...[...new Set([...managed, ...others])].flatMap(({ statements }) => statements)];
  };

  const roles = new Map(
    all.filter(({ type }) => type === 'AWS::IAM::Role').map((role) => [arn.role(role.id), role] as const),
  );
  return new Map(
    all
      .filter(({ type }) => type === 'AWS::Lambda::Function')
      .map((handler) => {
        const from = resolved(handler, 'Role');
        const role = roles.get(from.text('Role'));
        if (role === undefined) return refuse(`${from.where}: its Role ${from.text('Role')} is not in the template.`);
        return [names.get(handler.id) ?? handler.id, { role: role.id, statements: statementsOf(role) }] as const;
      }),
  );
}
