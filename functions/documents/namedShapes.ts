// Which shapes, shared by several events and tables, do the documents refer to by name?
import type * as z from 'zod';
import { LinkTarget } from '../../events/control.ts';
import { Reference } from '../../events/envelope.ts';
import {
  BillingPeriod,
  ComponentKind,
  Country,
  Marketplace,
  PartyRole,
  ReportSection,
  Route,
} from '../../events/fields.ts';
import { CalendarDate, Instant } from '../../events/instant.ts';
import { Currency, DealValue, Money, Price } from '../../events/money.ts';
import { LedgerCategory } from '../../events/procure.ts';
import { Stage } from '../../events/stage.ts';
import { type JsonObject, jsonSchemaOf, type SchemaForm } from './jsonSchema.ts';

const byName = {
  BillingPeriod,
  CalendarDate,
  ComponentKind,
  Country,
  Currency,
  DealValue,
  Instant,
  LedgerCategory,
  LinkTarget,
  Marketplace,
  Money,
  PartyRole,
  Price,
  Reference,
  ReportSection,
  Route,
  Stage,
} satisfies Readonly<Record<string, z.ZodType>>;

const shapes: readonly (readonly [string, z.ZodType])[] = Object.entries(byName);

/** The form of schemas that refer to named shapes, and to those of `beside`, in the components of OpenAPI and AsyncAPI. */
export const componentForm = (target: SchemaForm['target'], beside: typeof shapes = []): SchemaForm => ({
  target,
  named: {
    at: '#/components/schemas/',
    shapes: new Map([...shapes, ...beside].map(([name, schema]) => [schema, name])),
  },
});

/** The named shapes themselves, as components. */
export const namedSchemas = (target: SchemaForm['target']): JsonObject =>
  Object.fromEntries(
    Object.entries(byName).map(([name, schema]) => [name, jsonSchemaOf(schema, componentForm(target))]),
  );
