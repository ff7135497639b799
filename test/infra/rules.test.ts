// Does each fact reach the one that owns it, and each recorded event those whom it wakes, and nobody else?
import { describe, expect, it } from 'vitest';
import {
  changesContext,
  controlOpensOn,
  handoffTypes,
  lifecycle,
  outageTypes,
  ownerOf,
  stagesOpenedBy,
} from '../../domain/lifecycle.ts';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { parseStreamId } from '../../events/identifiers.ts';
import { stages } from '../../events/stage.ts';
import { compilePattern } from '../../infra/local/bus/eventPattern.ts';
import { resources, shown, synthesized } from './synthesized.ts';

const rules = resources(synthesized(), 'AWS::Events::Rule')
  .map(([, rule]) => rule.Properties)
  .filter((rule) => rule.EventPattern !== undefined)
  .map((rule) => ({
    bus: shown(rule.EventBusName),
    pattern: rule.EventPattern,
    matches: compilePattern(rule.EventPattern),
    // `{SellWorkQueue.Arn}` is sell's, `{FoundationPipelineUnownedQueue.Arn}` nobody's.
    taker: shown(rule.Targets[0].Arn).replace(
      /^\{(?:FoundationPipeline)?(\w+?)(?:Work)?Queue\.Arn\}$/,
      (_whole, name) => name.toLowerCase(),
    ),
  }));

/** An event as EventBridge wraps it. */
const enveloped = (source: string, type: string, data: object, streamId: string) => ({
  version: '0',
  id: '00000000-0000-4000-8000-000000000000',
  'detail-type': type,
  source,
  account: '000000000000',
  time: '2026-11-23T12:00:00Z',
  region: 'local',
  resources: [],
  detail: { type, streamId, data },
});
const takersOf = (
  source: string,
  type: string,
  data: object = {},
  streamId = 'acme/engagement/e-1',
): readonly string[] =>
  rules
    .filter((rule) => rule.matches(enveloped(source, type, data, streamId)))
    .map((rule) => rule.taker)
    .sort();

const isHandoff = (type: EventType): boolean => handoffTypes.includes(type);

describe('facts from intake', () => {
  it.each(eventTypes.filter((type) => !isHandoff(type)))('%s reaches its owner, or the unowned', (type) => {
    expect(takersOf('throughline.intake', type)).toEqual([ownerOf(type, {}) ?? 'unowned']);
  });

  it.each(handoffTypes.flatMap((type) => stages.map((toStage) => [type, toStage] as const)))(
    '%s to %s reaches the stage that takes',
    (type, toStage) => {
      expect(takersOf('throughline.intake', type, { fromStage: 'sell', toStage })).toEqual([toStage]);
    },
  );

  it.each(handoffTypes)('%s to a stage that does not exist reaches the queue of unowned facts', (type) => {
    expect(takersOf('throughline.intake', type, { toStage: 'celebrate' })).toEqual(['unowned']);
    expect(takersOf('throughline.intake', type)).toEqual(['unowned']);
  });

  it('of an unknown type reach the queue of unowned facts', () => {
    expect(takersOf('throughline.intake', 'SomethingElse')).toEqual(['unowned']);
  });
});

describe('packs of facts', () => {
  const takersOfPack = (detail: object): readonly string[] =>
    rules
      .filter((rule) => rule.matches({ ...enveloped('throughline.intake', 'Facts', {}, ''), detail }))
      .map((rule) => rule.taker)
      .sort();

  it.each([...stages, 'control'])('for %s reach it alone', (owner) => {
    expect(takersOfPack({ owner, facts: [{ type: 'EngagementOpened' }] })).toEqual([owner]);
  });

  it('for nobody that is known reach the queue of unowned facts', () => {
    expect(takersOfPack({ owner: 'celebrate', facts: [{}] })).toEqual(['unowned']);
    expect(takersOfPack({ facts: [{}] })).toEqual(['unowned']);
  });

  it('that are said to be recorded reach nobody', () => {
    expect(takersOf('throughline', 'Facts')).toEqual([]);
  });
});

describe('recorded events', () => {
  const isOfOutage = (type: EventType, streamId: string): boolean =>
    outageTypes.includes(type) || (type === 'FactRetracted' && parseStreamId(streamId).kind === 'source');

  const expected = (type: EventType, data: object, streamId: string): readonly string[] =>
    [
      ...stagesOpenedBy({ type, data }),
      ...(controlOpensOn.includes(type) ? ['control'] : []),
      ...(changesContext({ type, streamId }) || isOfOutage(type, streamId) ? ['sweep'] : []),
      ...(type === 'IdentityLinked' || type === 'PartnerAssigned' ? ['translate'] : []),
    ].sort();

  const streams = [
    ...['acme/engagement/e-1', 'acme/party/p-1', 'party/engagement/party'],
    ...['acme/offer/o-1', 'acme/identity/i-1', 'acme/policy/default', 'acme/source/c-1'],
  ];
  it.each(eventTypes.flatMap((type) => streams.map((stream) => [type, stream] as const)))(
    '%s of %s reaches what it opens or wakes',
    (type, stream) => {
      expect(takersOf('throughline', type, { toStage: 'sell' }, stream)).toEqual(expected(type, {}, stream));
    },
  );

  it('wakes sweep for a customer identified in a stream of its own, not for one identified in an engagement', () => {
    const takers = (stream: string) => takersOf('throughline', 'CustomerIdentified', {}, stream);
    expect([takers('acme/party/p-1'), takers('acme/engagement/e-1')]).toEqual([['sweep'], []]);
  });

  it.each(
    lifecycle.flatMap(({ stage, opensOn }) => opensOn.map(({ type, when = {} }) => [type, stage, when] as const)),
  )('%s opens %s where its data is %j, and only there', (type, stage, when) => {
    expect(takersOf('throughline', type, when)).toContain(stage);
    for (const field of Object.keys(when)) {
      expect(takersOf('throughline', type, { ...when, [field]: 'other' })).not.toContain(stage);
      expect(takersOf('throughline', type, { ...when, [field]: undefined })).not.toContain(stage);
    }
  });

  it('wakes translate for an opening that names who leads, and for no other', () => {
    const takers = (data: object) => takersOf('throughline', 'EngagementOpened', data);
    expect(takers({ leadPartner: { system: 'crm', kind: 'partner', id: '1' } })).toContain('translate');
    expect(takers({ offerId: 'o' })).not.toContain('translate');
  });

  it('wakes only control, translate and sweep for an identity link', () => {
    expect(takersOf('throughline.intake', 'IdentityLinked')).toEqual(['control']);
    expect(takersOf('throughline', 'IdentityLinked')).toEqual(['sweep', 'translate']);
  });
});

it('no queue takes events from other sources on the bus', () => {
  for (const type of eventTypes)
    expect(takersOf('somebody.else', type, { toStage: 'sell', result: 'won' })).toEqual([]);
});

it('a changed commit reaches only the queue whose alarm calls a person', () => {
  expect(takersOf('throughline', 'CommitChanged')).toEqual(['relaychanged']);
  expect(takersOf('throughline.intake', 'CommitChanged')).toEqual(['unowned']);
});

it('is one rule for each stage and control, all on the one bus', () => {
  const takers = rules.map(({ taker }) => taker).sort();
  expect(takers).toEqual([...stages, 'control', 'sweep', 'translate', 'relaychanged', 'unowned'].sort());
  expect(new Set(rules.map(({ bus }) => bus))).toEqual(new Set(['{FoundationPipelineBus}']));
});

it('keeps every pattern within the 2,048 characters that EventBridge takes by default', () => {
  for (const { taker, pattern } of rules) expect(JSON.stringify(pattern).length, taker).toBeLessThanOrEqual(2048);
});
