// How does the OpenAPI 3.1 document describe the HTTP API, from the catalogs that the code itself uses?

import { aboutPaths } from './aboutPaths.ts';
import type { Fixtures, Messages } from './eventSchemas.ts';
import type { JsonObject } from './jsonSchema.ts';
import { openApiComponents } from './openApiComponents.ts';
import { readPaths } from './readPaths.ts';
import { recordPaths } from './recordPaths.ts';
import { whatIfPath } from './runPaths.ts';
import { webhookPaths } from './webhookPaths.ts';

const description = `Throughline follows the value that a technology vendor's channel creates, from the offer a partner designs to the
renewal a customer decides on. Systems send facts by webhooks, people record facts by \`POST /v1/facts\`, analysts read by \`GET /v1/…\`.

A vendor's token sees its whole tenant. A partner's token sees the engagements that the partner leads now, and of their orders only the
legs that it sells or buys. Every answer has \`asOf\`, and says how fresh the sources behind it are. A null has its reason, and is never 0.
Money is integer minor units with an ISO 4217 currency. Times are UTC. Errors are problem documents (RFC 9457) with a stable \`reason\`.`;

const tags = [
  { name: 'ask', description: 'What analysts and partners read.' },
  { name: 'record', description: 'What people record.' },
  { name: 'receive', description: 'What outside systems send, each by the contract of its source.' },
  { name: 'about', description: 'What the API says about itself.' },
];

/** The document for a version of the product, with the fixtures and messages as examples. Its server is the API that serves it. */
export const openApi = ({
  version,
  fixtures,
  messages,
}: {
  readonly version: string;
  readonly fixtures: Fixtures;
  readonly messages: Messages;
}): JsonObject => ({
  openapi: '3.1.1',
  info: { title: 'Throughline', version, description: description.replaceAll(/(?<!\n)\n(?!\n)/g, ' ') },
  servers: [{ url: '/', description: 'The API that serves this document.' }],
  tags,
  security: [{ token: [] }],
  paths: { ...readPaths(), ...whatIfPath, ...recordPaths(fixtures), ...webhookPaths(messages), ...aboutPaths() },
  components: openApiComponents(),
});
