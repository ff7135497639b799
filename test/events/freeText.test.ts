// Is free text told from codes, references and names of organisations, and what remains of data without it?
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { catalog, eventTypes } from '../../events/catalog.ts';
import { freeTextIn, isFreeText, pseudonymOf, withoutFreeText } from '../../events/freeText.ts';

describe('a field of a code or a reference', () => {
  it.each([
    ['a sentence about a person', 'Called Anna, she was angry about the delay'],
    ['a short sentence about a person', 'Anna says he left'],
    ['a remark', 'the customer wants to wait until the budget of next year is there'],
    ['a sentence with its spaces encoded', 'Called%20Anna%20about%20the%20delay%20of%20the%20project'],
    [
      'a sentence with no-break spaces',
      'Called\u00a0Anna\u00a0about\u00a0the\u00a0delay\u00a0of\u00a0the\u00a0project',
    ],
    ['a sentence in the query of a link', 'https://crm.example/notes?text=Called+Anna+about+the+delay+of+the+project'],
    [
      'a sentence in the fragment of a link',
      'https://a.example/#Called%20Anna%20about%20the%20delay%20of%20the%20project',
    ],
    ['a link that is itself the text', 'data:text/plain,Anna'],
    ['a text of two lines', 'code\u2028of two'],
    ['a sentence without spaces, of another script', '担当者の田中さんが遅れについて怒っていました'],
    ['a sentence in Thai', 'ลูกค้าโทรมาบ่นเรื่องความล่าช้าของโครงการ'],
    ['a sentence in German', 'Frau Schmidt war am Telefon sehr verärgert über die Verspätung'],
  ])('holds free text: %s', (_, text) => {
    expect(isFreeText(text)).toBe(true);
  });

  it.each([
    ['a code', 'price'],
    ['words of a picklist', 'Lost to Competitor'],
    ['longer words of a picklist', 'Price too high compared to competition'],
    ['words with a slash', 'No Budget / Lost Funding'],
    ['a stage of the sale', 'Id. Decision Makers'],
    ['a reference', 'SF-OPP 0061x00000AbCdE'],
    ['a case', 'case 12345'],
    ['a link', 'https://wiki.example/how-we-hand-over/the/whole-text-of-it#part-2'],
    [
      'a link to a file with spaces',
      'https://share.example/Value%20Report%20of%20Q1%202026%20for%20Contoso%20and%20others.pdf',
    ],
    ['a link with a query', 'https://crm.example/case?id=500x&view=all&lang=en&x=1&y=2&z=3&w=4'],
    ['a reason of ours', 'an EngagementOpened names this reference'],
    ['words of another script', '競合他社に敗れた'],
    ['a digest', 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'],
    ['a UUID', '6f1c1d0e-6a2b-5d0c-9b1e-7f4e2a9c5d31'],
    ['numbers', '47 22 12 34 56 78 90 11 22'],
    ['Norwegian words', 'tapt i anbud på pris'],
  ])('holds none in %s', (_, text) => {
    expect(isFreeText(text)).toBe(false);
  });
});

it.each([
  ['Contoso Ltd', false],
  ['London School of Hygiene and Tropical Medicine', false],
  ['Ministry of Food, Agriculture, Fisheries and the Environment', false],
  ['the company where Anna works now, which she says will buy in spring', true],
])('the id of an organisation may be its name: %s', (text, free) => {
  expect(isFreeText(text, 'name')).toBe(free);
});

it.each([
  ['crm:user/42', false],
  ['role:deliver/ACME-17', false],
  ['0055x000001AbCd', false],
  ['Anna Schmidt', true],
  ['Anna\u00a0Schmidt', true],
  ['Anna%20Schmidt', true],
  ['Schmidt, Anna', true],
  ['田中 一郎', true],
])('a person is named by a reference without white space: %s', (text, free) => {
  expect(isFreeText(text, 'person')).toBe(free);
});

const offered = {
  ...{ handoffId: 'h1', fromStage: 'sell', toStage: 'deliver', toOwner: 'Anna Schmidt' },
  contextRef: 'Anna knows the customer well, ask about the migration',
  expectations: [{ textRef: 'please be nice to the new people at the customer' }, { textRef: 'wiki:1' }],
  openRisks: ['risk:1', 'the customer may leave because of the long delay'],
};

describe('of a fact', () => {
  it('each free text is found with its path', () => {
    const schema = catalog.HandoffOffered.data;
    expect(freeTextIn(schema, schema.parse(offered)).map(({ path }) => path)).toEqual([
      ...['expectations.0.textRef', 'toOwner', 'contextRef', 'openRisks.1'],
    ]);
  });

  it("a system's free texts are left out, and a person gets a reference", () => {
    const schema = catalog.HandoffOffered.data;
    const cleared = withoutFreeText(schema, schema.parse(offered), 'northwind');
    expect(cleared).toEqual({
      ok: true,
      freeTexts: ['expectations.0.textRef', 'toOwner', 'contextRef', 'openRisks.1'],
      data: {
        ...{ handoffId: 'h1', fromStage: 'sell', toStage: 'deliver' },
        toOwner: pseudonymOf('northwind', 'Anna Schmidt'),
        expectations: [{ textRef: 'textLeftOut' }, { textRef: 'wiki:1' }],
        openRisks: ['risk:1'],
      },
    });
    expect(schema.safeParse(cleared.ok && cleared.data).success).toBe(true);
  });

  it('an id that is a sentence can not be left out', () => {
    const schema = catalog.OutcomeAgreed.data;
    const data = schema.parse({ outcomeId: 'the customer wants to be faster than all the others' });
    expect(withoutFreeText(schema, data, 'northwind')).toMatchObject({ ok: false, issues: [{ path: 'outcomeId' }] });
  });

  it('the same person has the same reference in a tenant, however the name is spelt', () => {
    expect(pseudonymOf('a', 'Anna  Schmidt'.replace('  ', ' '))).toBe(pseudonymOf('a', 'ANNA%20SCHMIDT'));
    expect(pseudonymOf('a', 'Anna Schmidt')).not.toBe(pseudonymOf('b', 'Anna Schmidt'));
  });
});

const sentence = 'Called Anna, she was angry about the long delay of this whole project, and she will not buy again';

/** The schemas of text in a schema, with their paths. */
const textsIn = (schema: z.core.$ZodType, path: string): readonly (readonly [string, z.core.$ZodType])[] => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return textsIn(schema.unwrap(), path);
  if (schema instanceof z.ZodArray) return textsIn(schema.element, path);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => textsIn(option, path));
  if (schema instanceof z.ZodRecord) return [schema.keyType, schema.valueType].flatMap((each) => textsIn(each, path));
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => textsIn(field, `${path}.${name}`));
  return schema._zod.def.type === 'string' ? [[path, schema]] : [];
};

it('every text field of the catalog refuses a sentence by its form, or says what it holds', () => {
  const open = eventTypes
    .flatMap((type) => textsIn(catalog[type].data, type))
    .filter(([, schema]) => z.safeParse(schema, sentence).success);
  expect(open.length).toBeGreaterThan(100);
  const undeclared = open.filter(([, schema]) => freeTextIn(z.object({ at: schema }), { at: sentence }).length === 0);
  expect(undeclared.map(([path]) => path)).toEqual([]);
});

it('codes and ids of any characters are never free text', () => {
  const code = fc.string({ unit: fc.constantFrom(...'ABCabc019-_/.:#+&%='), maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(code, fc.uuid(), fc.webUrl()), (text) => {
      expect(isFreeText(text)).toBe(false);
    }),
  );
});
