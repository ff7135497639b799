// Does a function that lacks part of its environment say which part?
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readConfig, required } from '../../../functions/aws/config.ts';

const shape = { EVENTS_TABLE: required, BUS_NAME: required, RELEASE: z.coerce.number().int() };

test('what is asked for is given, and nothing else', () => {
  const environment = { EVENTS_TABLE: 'events', BUS_NAME: 'main', RELEASE: '7', HOME: '/root' };
  expect(readConfig(shape, environment)).toEqual({ EVENTS_TABLE: 'events', BUS_NAME: 'main', RELEASE: 7 });
});

test('everything that is missing, empty or wrong is named at once', () => {
  const read = () => readConfig(shape, { BUS_NAME: '', RELEASE: 'soon' });
  expect(read).toThrow(/EVENTS_TABLE .*BUS_NAME .*RELEASE /);
});
