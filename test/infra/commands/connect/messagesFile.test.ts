// Are the messages of a file found whatever form it has, with every digit as it was written?
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { salesforce } from '../../../../events/sources/salesforce.ts';
import { busEventOf } from '../../../../infra/commands/connect/busEvent.ts';
import { elementsOf, memberOf } from '../../../../infra/commands/connect/jsonSlices.ts';
import { messagesOfFile } from '../../../../infra/commands/connect/messagesFile.ts';
import { temporaryFolder } from '../../../support/localTemplate.ts';

const temporary = temporaryFolder();
afterAll(() => temporary.remove());

const fileOf = (text: string): string => {
  const path = join(temporary.folder, 'messages');
  writeFileSync(path, text);
  return path;
};
const textsIn = (text: string) => messagesOfFile(fileOf(text)).map((message) => message.text);

describe('a file', () => {
  it.each<[string, string, readonly string[]]>([
    ['one message', '{ "id": 1234567890123456789 }\n', ['{ "id": 1234567890123456789 }']],
    ['a list', '[{"a":84000.0},\n {"b":"],{\\""}]', ['{"a":84000.0}', '{"b":"],{\\""}']],
    ['a list of one', '[{"a":1}]', ['{"a":1}']],
    ['NDJSON with an empty line', '{"a":1}\r\n\r\n{"b":1e400}\n', ['{"a":1}', '{"b":1e400}']],
    ['a byte order mark', '\uFEFF{"a":1}', ['{"a":1}']],
    ['a byte order mark before NDJSON', '\uFEFF{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ['a line that is no JSON among others', '{"a":1}\noops', ['{"a":1}', 'oops']],
  ])('with %s', (_what, text, expected) => expect(textsIn(text)).toEqual(expected));

  it('says where each message stands', () => {
    expect(messagesOfFile(fileOf('{"a":1}\n\n{"b":2}')).map(({ place }) => place)).toEqual(['line 1', 'line 3']);
    expect(messagesOfFile(fileOf('[{},{}]')).map(({ place }) => place)).toEqual(['message 1', 'message 2']);
  });

  it.each([
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['[]', 'holds an empty list'],
    ['<xml/>', 'is not JSON ('],
    ['{"a":\n1,}', 'is not JSON ('],
    ['id;amount\n1;2', 'is not JSON ('],
  ])('of %j is refused by name', (text, reason) => expect(() => textsIn(text)).toThrow(reason));

  it.each(['/nowhere/at/all', temporary.folder])('that can’t be read is refused by name: %s', (path) => {
    expect(() => messagesOfFile(path)).toThrow(`the file "${path}" can't be read`);
  });
});

it('cuts any list and any object where parsing does', () => {
  const spaced = fc.constantFrom(undefined, 1, '\t');
  fc.assert(
    fc.property(fc.array(fc.jsonValue()), spaced, (list, space) => {
      const elements = elementsOf(JSON.stringify(list, undefined, space));
      expect(elements.map((element) => JSON.parse(element))).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), spaced, (object, space) => {
      const text = JSON.stringify(object, undefined, space);
      for (const [name, value] of Object.entries(JSON.parse(text))) {
        expect(JSON.parse(memberOf(text, name) ?? 'null')).toEqual(value);
      }
      expect(memberOf(text, `${Object.keys(object).join('')}-`)).toBeUndefined();
    }),
  );
  expect(memberOf('{"a":1,"\\u0061":2}', 'a')).toBe('2');
});

describe('an event of a partner bus', () => {
  const read = (text: string) => busEventOf({ place: 'line 3', text }, salesforce.delivery);
  const record = '{"ChangeEventHeader":{"entityName":"Opportunity"},"Amount":84000.0}';

  it.each([
    [`{"detail-type":"T","detail":${record}}`, { detailType: 'T', detailText: record }],
    [`{"detail":{"payload":${record}}}`, { detailType: 'OpportunityChangeEvent', detailText: `{"payload":${record}}` }],
    [`{"payload":${record}}`, { detailType: 'OpportunityChangeEvent', detailText: `{"payload":${record}}` }],
    [record, { detailType: 'OpportunityChangeEvent', detailText: record }],
    [
      '{"ChangeEventHeader":{"entityName":"Play__c"}}',
      { detailType: 'Play__ChangeEvent', detailText: '{"ChangeEventHeader":{"entityName":"Play__c"}}' },
    ],
    [
      '{"detail-type":"T","time":"2026-01-01T00:00:00Z","detail":{"a":1}}',
      { detailType: 'T', detailText: '{"a":1}', time: 1_767_225_600_000 },
    ],
  ])('is read from %s', (text, expected) => expect(read(text)).toEqual(expected));

  it.each([
    ['oops', 'line 3 is not JSON'],
    ['[1]', 'line 3 is no event: expected an object.'],
    ['{"Amount":1}', 'line 3 has no "detail-type"'],
  ])('is refused with its place: %s', (text, reason) => expect(() => read(text)).toThrow(reason));
});
