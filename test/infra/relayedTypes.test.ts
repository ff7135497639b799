// Does relay send every type that a rule of the stack takes, and of the others only what the context names?
import { describe, expect, it } from 'vitest';
import { type EventType, eventTypes } from '../../events/catalog.ts';
import { streamKinds } from '../../events/identifiers.ts';
import { recordedTypesIn } from '../../infra/constructs/eventPatterns.ts';
import { compilePattern } from '../../infra/local/bus/eventPattern.ts';
import { functionsOf, resources, synthesized } from './synthesized.ts';

const relayedIn = (relayTypes: unknown): readonly string[] => {
  const [, relay] = functionsOf(synthesized({ relayTypes })).get('relay') ?? [];
  return String(relay?.Properties.Environment.Variables.RELAYED_TYPES).split(',');
};

const matchers = resources(synthesized({ relayTypes: 'none' }), 'AWS::Events::Rule')
  .map(([, rule]) => rule.Properties.EventPattern)
  .filter((pattern) => pattern !== undefined)
  .map((pattern) => compilePattern(pattern));

/** What rules ask of events besides their types. */
const details = streamKinds.flatMap((kind) =>
  [{}, { result: 'won' }, { milestone: 'go_live' }].map((data) => ({
    streamId: `acme/${kind}/1`,
    leadPartner: { system: 'crm' },
    data,
  })),
);
const isTaken = (type: string): boolean =>
  details.some((detail) =>
    matchers.some((matches) => matches({ source: 'throughline', 'detail-type': type, detail: { ...detail, type } })),
  );

describe('relay sends', () => {
  it('every type, unless the context says otherwise', () => {
    expect(relayedIn(undefined)).toEqual(['all']);
  });

  it('with `none` exactly the types that a rule takes', () => {
    const taken = [...eventTypes, 'CommitChanged'].filter(isTaken);
    expect(taken.length).toBeGreaterThan(5);
    expect(relayedIn('none')).toEqual(taken.toSorted());
  });

  it('what the context names besides', () => {
    const named: readonly EventType[] = ['OrderPlaced', 'DealClosed'];
    expect(named.map(isTaken)).toEqual([false, true]);
    expect(relayedIn(named.join(','))).toEqual([...relayedIn('none'), 'OrderPlaced'].toSorted());
  });

  it('what the stack says that it sends', () => {
    const relayed = (relayTypes?: string) => synthesized({ relayTypes }).toJSON().Outputs.RelayedTypes.Value;
    expect(relayed()).toBe('all');
    expect(relayed('none')).toBe(relayedIn('none').join(','));
  });
});

it('a rule that takes recorded events without a list of their types is refused', () => {
  expect(() => recordedTypesIn({ source: ['throughline'] })).toThrow('without a list of their types');
  expect(() => recordedTypesIn({ source: ['throughline'], 'detail-type': [{ prefix: 'Deal' }] })).toThrow();
  expect(recordedTypesIn({ source: ['throughline.intake'] })).toEqual([]);
});
