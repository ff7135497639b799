// Does a value keep to a JSON Schema? Ajv says so, strictly, for documents of their own and for the components of a larger one.
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';

const Components = z.looseObject({ components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }) });

/** An Ajv that takes nothing that 2020-12 does not know; what OpenAPI adds is named. */
export const strictAjv = (): Ajv2020 => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  addFormats.default(ajv);
  ajv.addKeyword({ keyword: 'discriminator', schemaType: 'object' });
  return ajv;
};

/** Compiles every component of a document; the schemas are checked themselves as they are. */
export const componentsOf = (document: unknown): ((name: string) => ValidateFunction) => {
  const { schemas } = Components.parse(document).components;
  const text = JSON.stringify({ $id: 'components', $defs: schemas }).replaceAll('#/components/schemas/', '#/$defs/');
  const ajv = strictAjv();
  ajv.addSchema(JSON.parse(text));
  const compiled = new Map(
    Object.keys(schemas).map((name) => [name, ajv.compile({ $ref: `components#/$defs/${name}` })]),
  );
  return (name) => {
    const validate = compiled.get(name);
    if (validate === undefined) throw new Error(`the document has no component ${name}`);
    return validate;
  };
};

/** What is wrong with a value, a line each; empty where nothing is. */
export const wrongIn = (validate: ValidateFunction, value: unknown): readonly string[] =>
  validate(value)
    ? []
    : (validate.errors ?? []).map((error: ErrorObject) => `${error.instancePath || '/'} ${error.message}`);
