// Which schemas and problems does the OpenAPI document hold for its paths?
import type * as z from 'zod';
import { catalog, eventTypes } from '../../events/catalog.ts';
import { WhatIfRequest } from '../answer/whatIfQuery.ts';
import { NamesRequest } from '../names/putNames.ts';
import * as answers from './answers.ts';
import { factComponents } from './factComponents.ts';
import { type JsonObject, jsonSchemaOf } from './jsonSchema.ts';
import { componentForm, namedSchemas } from './namedShapes.ts';
import { problems } from './openApiAnswers.ts';
import { pageName } from './readRoutes.ts';
import * as receipts from './receiptAnswers.ts';
import * as runs from './runAnswers.ts';
import { rowName } from './tableSchemas.ts';
import { webhookComponents } from './webhookPaths.ts';

const form = componentForm('draft-2020-12');
const told = (schema: z.ZodType): JsonObject => jsonSchemaOf(schema, form);

const rowComponents = (): JsonObject =>
  Object.fromEntries([...answers.rows].map(([table, schema]) => [rowName(table), told(schema)]));

const pageComponents = (): JsonObject =>
  Object.fromEntries([...answers.rows.keys()].map((table) => [pageName(table), told(answers.pageOf(table))]));

/** The components of the document. */
export const openApiComponents = (): JsonObject => ({
  securitySchemes: {
    token: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'An RS256 token of the OIDC issuer that the deployment names, with a role, a tenant and, for partners, a partner.',
    },
  },
  schemas: {
    ...namedSchemas(form.target),
    ...Object.fromEntries(eventTypes.map((type) => [`${type}Data`, told(catalog[type].data)])),
    ...factComponents(form),
    ...rowComponents(),
    ...pageComponents(),
    ShownEvent: told(answers.ShownEvent),
    EngagementAnswer: told(answers.Engagement),
    TimelineAnswer: told(answers.Timeline),
    FlagsAnswer: told(answers.Flags),
    FlagAnswer: told(answers.Flag),
    ReceiptsAnswer: told(receipts.Receipts),
    OneReceiptAnswer: told(receipts.OneReceipt),
    ReceiptSummaryAnswer: told(receipts.ReceiptSummary),
    UnmatchedAnswer: told(receipts.UnmatchedReceipts),
    HealthAnswer: told(receipts.Health),
    SuggestionsAnswer: told(runs.Suggestions),
    ChangesAnswer: told(runs.Changes),
    RunAnswer: told(runs.RunAnswer),
    RunBegun: told(runs.RunBegun),
    WhatIf: jsonSchemaOf(WhatIfRequest, form),
    RecordedAnswer: told(answers.Recorded),
    Names: jsonSchemaOf(NamesRequest, form),
    NamesAnswer: told(answers.NamesList),
    NamedAnswer: told(answers.NamesPut),
    ...webhookComponents(),
    ReceiptAnswer: told(answers.Receipt),
    Problem: told(answers.Problem),
    GatewayMessage: told(answers.GatewayMessage),
  },
  responses: Object.fromEntries(Object.entries(problems).map(([status, response]) => [`Refused${status}`, response])),
});
