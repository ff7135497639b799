// Do people of the stack's own user pool bring what the handlers read, and may nobody make themselves more than they are?
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCallers } from '../../../functions/http/caller.ts';
import { Refusal } from '../../../infra/local/core/refusal.ts';
import { readTemplate } from '../../../infra/local/template/template.ts';
import { startIssuer, type TestIssuer } from '../../support/issuer.ts';
import { functionsOf, resources, shown, synthesized } from '../synthesized.ts';

const template = synthesized({ issuer: undefined, audience: undefined });
const withIssuer = synthesized();
const only = (type: string) => {
  const found = resources(template, type);
  expect(found).toHaveLength(1);
  return found[0]?.[1].Properties;
};
const pool = only('AWS::Cognito::UserPool');
const client = only('AWS::Cognito::UserPoolClient');
const environmentOf = (name: string) => functionsOf(template).get(name)?.[1].Properties.Environment.Variables;
const claims = ['custom:role', 'custom:tenant', 'custom:partner'];

describe('the user pool', () => {
  it('has users made by an administrator, and requires a second factor', () => {
    expect(pool.AdminCreateUserConfig.AllowAdminCreateUserOnly).toBe(true);
    expect([pool.MfaConfiguration, pool.EnabledMfas]).toEqual(['ON', ['SOFTWARE_TOKEN_MFA']]);
    expect(pool.Policies.PasswordPolicy.MinimumLength).toBeGreaterThanOrEqual(14);
    expect([pool.UserPoolTier, pool.UserPoolAddOns.AdvancedSecurityMode]).toEqual(['PLUS', 'ENFORCED']);
  });

  it('resets a password only by mail to a verified address, as the README says', () => {
    const [recovery] = pool.AccountRecoverySetting.RecoveryMechanisms;
    expect(recovery.Name).toBe('verified_email');
    const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
    const [, command = ''] = /(admin-create-user[\s\S]*?)```/.exec(readme) ?? [];
    expect(command).toContain('Name=email_verified,Value=true');
    expect(command).toContain('--desired-delivery-mediums EMAIL');
  });

  it('stays when the stack is deleted, because only it knows the roles', () => {
    const [, { DeletionPolicy, UpdateReplacePolicy }] = resources(template, 'AWS::Cognito::UserPool')[0] ?? ['', {}];
    expect([DeletionPolicy, UpdateReplacePolicy, pool.DeletionProtection]).toEqual(['Retain', 'Retain', 'ACTIVE']);
  });

  it('lets people read their role, tenant and partner, and write none of them', () => {
    expect(client.ReadAttributes).toEqual(expect.arrayContaining(claims));
    // Said at all: left out, it would be whatever Cognito lets a client write by default.
    expect(client.WriteAttributes).toEqual(['email']);
    expect(client.GenerateSecret).toBe(false);
    expect(client.PreventUserExistenceErrors).toBe('ENABLED');
    expect(client.AllowedOAuthFlowsUserPoolClient).toBe(false);
  });

  it('can not be used by any function', () => {
    expect(JSON.stringify(resources(template, 'AWS::IAM::Role'))).not.toContain('cognito-idp:');
    expect(resources(template, 'AWS::Cognito::IdentityPool')).toEqual([]);
  });
});

describe('the doors and the handlers', () => {
  it('accept its tokens, for its client', () => {
    const { JwtConfiguration } = only('AWS::ApiGatewayV2::Authorizer');
    expect(shown(JwtConfiguration.Issuer)).toBe('{FoundationPeoplePool.ProviderURL}');
    expect(JwtConfiguration.Audience.map(shown)).toEqual(['{FoundationPeopleClient}']);
    for (const name of ['record', 'query']) {
      const { ISSUER, AUDIENCE } = environmentOf(name);
      expect([shown(ISSUER), shown(AUDIENCE)]).toEqual([shown(JwtConfiguration.Issuer), '{FoundationPeopleClient}']);
    }
  });

  it('read claims that the pool has', () => {
    const { ROLE_CLAIM, TENANT_CLAIM, PARTNER_CLAIM } = environmentOf('query');
    expect([ROLE_CLAIM, TENANT_CLAIM, PARTNER_CLAIM]).toEqual(claims);
    const known = pool.Schema.map(({ Name }: { Name: string }) => `custom:${Name}`);
    expect(known).toEqual(expect.arrayContaining(claims));
  });
});

describe('a token of the pool', () => {
  let issuer: TestIssuer;
  beforeAll(async () => {
    issuer = await startIssuer();
  });
  afterAll(() => issuer.stop());

  /** As the template tells the handlers. */
  const caller = async (...token: Parameters<TestIssuer['token']>) => {
    const { ROLE_CLAIM: role, TENANT_CLAIM: tenant, PARTNER_CLAIM: partner } = environmentOf('query');
    const rules = { issuer: issuer.url, audience: 'client-1', claims: { role, tenant, partner } };
    return await createCallers(rules)(`Bearer ${await issuer.token(...token)}`);
  };
  const person = { sub: 'f3b1', 'custom:role': 'partner', 'custom:tenant': 'acme', 'custom:partner': 'p-1' };

  it('names the caller if it is an id token', async () => {
    const idToken = { ...person, token_use: 'id', 'cognito:username': 'f3b1', email: 'p@example.com' };
    expect(await caller(idToken, { audience: 'client-1' })).toEqual({
      ok: true,
      caller: { tenantId: 'acme', subject: 'f3b1', role: 'partner', partnerId: 'p-1' },
    });
  });

  it('is refused if it is an access token, which has no audience', async () => {
    const accessToken = { ...person, client_id: 'client-1', token_use: 'access' };
    expect(await caller(accessToken, { audience: null })).toMatchObject({ ok: false, status: 401 });
  });

  it('is refused for a person without a role', async () => {
    const { 'custom:role': _, ...nobody } = person;
    expect(await caller(nobody, { audience: 'client-1' })).toMatchObject({ ok: false, status: 403 });
  });
});

it('is absent where the context names an issuer', () => {
  const own = Object.values(withIssuer.toJSON().Resources).map((each) => String(Object(each).Type));
  expect(own.filter((type) => type.startsWith('AWS::Cognito'))).toEqual([]);
});

it('the local runtime, which is an issuer itself, refuses a user pool by name', () => {
  const addresses = { queues: 'http://127.0.0.1:1/000000000000', api: 'http://127.0.0.1:2' };
  const read = () => readTemplate({ template: template.toJSON(), stack: 'Throughline', assembly: '/', addresses });
  expect(read).toThrow(Refusal);
  expect(read).toThrow(/FoundationPeoplePool\w+: resource type AWS::Cognito::UserPool is not run locally\./);
});
