// Do the waves of messages keep what must keep its order? Each record is created in an earlier wave than it is changed in, and nothing is left out.
import { expect, test } from 'vitest';
import { inWaves } from '../../infra/faults/inWaves.ts';
import { sampleChannel } from '../../infra/sample/sampleChannel.ts';

const { deliveries } = sampleChannel({ seed: 1, today: '2026-11-23', stories: 3 });
const waves = inWaves(deliveries);

/** `CREATE 006…`, of each record of the CRM in a message. */
const changesIn = (message: unknown): readonly string[] => {
  const [, record, change] = /"recordIds":\["(\w+)"\],"changeType":"(\w+)"/.exec(JSON.stringify(message)) ?? [];
  return record === undefined ? [] : [`${change} ${record}`];
};

test('all messages, in their order', () => {
  expect(waves.flat()).toEqual(deliveries);
});

test('no wave both creates and changes a record', () => {
  expect(waves.length).toBeGreaterThan(1);
  for (const wave of waves) {
    const changes = wave.flatMap(changesIn);
    const created = changes.filter((change) => change.startsWith('CREATE')).map((change) => change.slice(7));
    expect(changes.filter((change) => !change.startsWith('CREATE') && created.includes(change.slice(7)))).toEqual([]);
  }
});
