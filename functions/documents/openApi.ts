// What does the HTTP API take and answer? Its OpenAPI 3.1 document, made of the catalogs that the code itself runs by.

import { documentPath } from '../http/openApiRoute.ts';
import type { JsonObject } from './jsonSchema.ts';
import { jsonContent } from './openApiAnswers.ts';
import { openApiComponents } from './openApiComponents.ts';
import { readPaths } from './readPaths.ts';
import { recordPaths } from './recordPaths.ts';
import { webhookPaths } from './webhookPaths.ts';

const description = `Throughline follows the value that a technology vendor's channel creates, from the offer a partner designs to the
renewal a customer decides on. Systems send it facts by webhooks, people record them by \`POST /v1/facts\`, analysts ask \`GET /v1/…\`.

A vendor's token sees its tenant; a partner's the engagements that it leads now, and of an order's legs its own. Every answer carries
\`asOf\` and how fresh the sources behind it are. Null stands with its reason and is never 0. Money is integer minor units beside its
ISO 4217 currency. Times are UTC. Errors are problem documents (RFC 9457) whose \`reason\` is stable.`;

const aboutItself: JsonObject = {
  get: {
    operationId: 'readDocument',
    summary: 'This document',
    tags: ['about'],
    security: [],
    responses: { 200: { description: 'The document.', content: jsonContent({ type: 'object' }) } },
  },
};

const tags = [
  { name: 'ask', description: 'What analysts and partners ask.' },
  { name: 'record', description: 'What people record.' },
  { name: 'receive', description: "What outside systems send: each by its source's own contract." },
  { name: 'about', description: 'What the API says of itself.' },
];

/** The document of a version of the product. Its server is the API that serves it. */
export const openApi = ({ version }: { readonly version: string }): JsonObject => ({
  openapi: '3.1.1',
  info: { title: 'Throughline', version, description: description.replaceAll(/(?<!\n)\n(?!\n)/g, ' ') },
  servers: [{ url: '/', description: 'The API that serves this document.' }],
  tags,
  security: [{ token: [] }],
  paths: { ...readPaths(), ...recordPaths(), ...webhookPaths(), [documentPath]: aboutItself },
  components: openApiComponents(),
});
