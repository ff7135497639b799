// How do a service's inputs and outputs look as JSON? As in the SDK, except that bytes are base64 text.

/** What a service answered; the caller knows of which command. */
export type WireOutput = ReturnType<typeof JSON.parse>;

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const encoded = (value: unknown): unknown => {
  if (!isRecord(value)) return value;
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  }
  if (Array.isArray(value)) return value.map(encoded);
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = encoded(value[name]);
  return copy;
};

/** The input of a call as JSON text. It holds no dates. */
export const toWire = (input: object): string => JSON.stringify(encoded(input));

const bytesOf = (text: string): Uint8Array => {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, 'base64');
  return new Uint8Array(buffer, byteOffset, byteLength);
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** Puts bytes in place of base64 text. An attribute that is named B holds no text, but its type and value. */
const decode = (value: unknown): void => {
  if (!isRecord(value)) return;
  for (const name in value) {
    const held = value[name];
    if (name === 'B' && isText(held)) value[name] = bytesOf(held);
    else if (name === 'BS' && Array.isArray(held) && held.every(isText)) value[name] = held.map(bytesOf);
    else if (isRecord(held)) decode(held);
  }
};

/** The output of a call from JSON text, with the bytes of its attributes. Throws where the text is no JSON. */
export const fromWire = (text: string): WireOutput => {
  const output: WireOutput = JSON.parse(text);
  decode(output);
  return output;
};
