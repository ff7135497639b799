// Does a function whose environment lacks variables name each of them?
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readConfig, required } from '../../../functions/aws/config.ts';

const shape = { EVENTS_TABLE: required, BUS_NAME: required, RELEASE: z.coerce.number().int() };

test('the config holds the variables of the shape, and nothing else', () => {
  const environment = { EVENTS_TABLE: 'events', BUS_NAME: 'main', RELEASE: '7', HOME: '/root' };
  expect(readConfig(shape, environment)).toEqual({ EVENTS_TABLE: 'events', BUS_NAME: 'main', RELEASE: 7 });
});

test('one error names every variable that is missing, empty or wrong', () => {
  const read = () => readConfig(shape, { BUS_NAME: '', RELEASE: 'soon' });
  expect(read).toThrow(/EVENTS_TABLE .*BUS_NAME .*RELEASE /);
});
