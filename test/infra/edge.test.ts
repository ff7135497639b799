// What stands before the API? Throttles for webhooks apart, and, where the context asks for it, CloudFront with a web ACL.
import { describe, expect, it } from 'vitest';
import { runTypes, whyWithoutEffect } from '../../infra/local/template/resourceCatalog.ts';
import { functionsOf, resources, shown, synthesized } from './synthesized.ts';

const stageOf = (context: Readonly<Record<string, unknown>>) => {
  const [stage] = resources(synthesized(context), 'AWS::ApiGatewayV2::Stage');
  if (stage === undefined) throw new Error('the template has no stage');
  return stage[1];
};

describe('webhooks', () => {
  it('have throttles of their own, by route', () => {
    const { RouteSettings, DefaultRouteSettings } = stageOf({}).Properties;
    const own = { ThrottlingRateLimit: 400, ThrottlingBurstLimit: 800 };
    expect(RouteSettings).toEqual({
      'POST /webhooks/{source}/{connection}': own,
      'OPTIONS /webhooks/{source}/{connection}': own,
    });
    expect(DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 });
  });

  it('the stage comes after the routes that it names', () => {
    const routes = resources(synthesized(), 'AWS::ApiGatewayV2::Route').filter(([, { Properties }]) =>
      String(Properties.RouteKey).includes('/webhooks/'),
    );
    expect(stageOf({}).DependsOn).toEqual(expect.arrayContaining(routes.map(([id]) => id)));
  });

  it('have the rate and the pace of the context', () => {
    const context = { webhookRate: '50', webhookPace: 7 };
    expect(Object.values(stageOf(context).Properties.RouteSettings)).toEqual(
      Array(2).fill({ ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 }),
    );
    const environmentOf = (given: Readonly<Record<string, unknown>>) =>
      functionsOf(synthesized(given)).get('receive')?.[1].Properties.Environment.Variables;
    expect(environmentOf(context)).toMatchObject({ WEBHOOK_PACE: '7' });
    expect(environmentOf({})).not.toHaveProperty('WEBHOOK_PACE');
  });
});

const webAcl = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/ours/0a1b-2c3d';
const edgeTypes = ['AWS::CloudFront::Distribution', 'AWS::WAFv2::WebACL', 'AWS::SecretsManager::Secret'];

describe('without CloudFront', () => {
  it('nothing of it is in the template', () => {
    for (const type of edgeTypes) expect(resources(synthesized(), type)).toEqual([]);
    for (const [, handler] of functionsOf(synthesized()).values()) {
      expect(handler.Properties.Environment.Variables).not.toHaveProperty('ORIGIN_SECRET');
    }
  });
});

describe('with CloudFront', () => {
  const template = synthesized({ cloudfront: true });
  const [distribution] = resources(template, 'AWS::CloudFront::Distribution');
  const config = distribution?.[1].Properties.DistributionConfig;

  it('every request goes to the API over TLS, whole, and is never cached', () => {
    const [origin, ...more] = config.Origins;
    expect(more).toEqual([]);
    expect(shown(origin.DomainName)).toMatch(/\{HttpApi\}\.execute-api\./);
    expect(origin.CustomOriginConfig).toMatchObject({
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
    });
    expect(config.DefaultCacheBehavior).toMatchObject({
      AllowedMethods: expect.arrayContaining(['GET', 'POST', 'OPTIONS']),
      // AWS’s own policies: caching disabled, and all that the viewer sends but the host.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    });
    expect(config.CacheBehaviors).toBeUndefined();
  });

  it('the functions behind it, and no others, get the secret of its header; the template holds only a reference', () => {
    const [{ OriginCustomHeaders } = { OriginCustomHeaders: [] }] = config.Origins;
    const [{ HeaderName, HeaderValue }] = OriginCustomHeaders;
    expect(HeaderName).toBe('x-origin-verify');
    expect(shown(HeaderValue)).toMatch(/^\{\{resolve:secretsmanager:/);
    const holders = [...functionsOf(template)].filter(
      ([, [, handler]]) =>
        JSON.stringify(handler.Properties.Environment.Variables.ORIGIN_SECRET) === JSON.stringify(HeaderValue),
    );
    expect(holders.map(([name]) => name).sort()).toEqual(['query', 'receive', 'record']);
  });

  it('the web ACL bounds each address, refuses what AWS knows as attacks, and only counts rules about bodies', () => {
    const [acl] = resources(template, 'AWS::WAFv2::WebACL');
    const { Scope, DefaultAction, Rules } = acl?.[1].Properties ?? {};
    expect([Scope, DefaultAction]).toEqual(['CLOUDFRONT', { Allow: {} }]);
    const [rate, common] = Rules;
    expect(rate.Statement.RateBasedStatement).toMatchObject({ AggregateKeyType: 'IP', Limit: expect.any(Number) });
    expect(rate.Action).toEqual({ Block: { CustomResponse: { ResponseCode: 429 } } });
    const { Name, RuleActionOverrides } = common.Statement.ManagedRuleGroupStatement;
    expect([Name, common.OverrideAction]).toEqual(['AWSManagedRulesCommonRuleSet', { None: {} }]);
    expect(RuleActionOverrides).toContainEqual({ Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } });
    for (const { ActionToUse } of RuleActionOverrides) expect(ActionToUse).toEqual({ Count: {} });
    expect(shown(config.WebACLId)).toBe(`{EdgeWebAcl.Arn}`);
  });

  it('a deployment of its web ACL elsewhere than in us-east-1 is refused, with what to do', () => {
    const said = JSON.stringify(template.toJSON().Rules);
    expect(said).toMatch(/"Fn::Equals":\[\{"Ref":"AWS::Region"\},"us-east-1"\]/);
    expect(said).toMatch(/make the web ACL there and name it: -c webAcl=ARN/);
  });

  it('a web ACL that the context names is used, wherever the stack stands', () => {
    const named = synthesized({ cloudfront: 'true', webAcl });
    const [found] = resources(named, 'AWS::CloudFront::Distribution');
    expect(found?.[1].Properties.DistributionConfig.WebACLId).toBe(webAcl);
    expect(resources(named, 'AWS::WAFv2::WebACL')).toEqual([]);
    expect(JSON.stringify(named.toJSON().Rules)).not.toContain('us-east-1');
  });

  it('its URL is the one that senders and people are told', () => {
    expect(shown(template.toJSON().Outputs.ApiUrl.Value)).toMatch(/^https:\/\/\{EdgeDistribution\.DomainName\}\/$/);
  });

  it('one machine refuses its resources by name: nothing stands before it', () => {
    for (const type of edgeTypes) {
      expect([type, runTypes[type], whyWithoutEffect(type)]).toEqual([type, undefined, undefined]);
    }
  });
});
