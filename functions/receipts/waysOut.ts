// What would free a receipt that waits for the link of an external id?
import * as z from 'zod';
import { Reference } from '../../events/envelope.ts';
import { canonicalJson, type ExternalId } from '../../events/identifiers.ts';
import { engagementReference } from '../../events/sources/externalIds.ts';

const Named = z.string().transform((text, context): ExternalId => {
  if (!text.startsWith('{')) {
    const [system = '', kind = '', ...id] = text.split('/');
    return { system, kind, id: id.join('/') };
  }
  try {
    return Reference.parse(JSON.parse(text));
  } catch {
    context.addIssue('not an external id');
    return z.NEVER;
  }
});

/** The names in a reason: JSON, or text without `, `. */
const eachName = /(?<=^|, )(?:\{(?:"(?:[^"\\]|\\.)*"|[^"}])*\}|(?:[^,]|,(?! ))+)/g;

/** Only for the first of many: the reason holds all of them. */
const mostNamed = 3;

const isReference = (external: ExternalId): boolean =>
  canonicalJson(external) === canonicalJson(engagementReference(external.id));

const linkJson = (external: ExternalId, to: unknown): string =>
  JSON.stringify({ type: 'IdentityLinked', data: { external, to, reason: 'the same engagement' } });

const toStream = (tenantId: string) => ({ stream: `${tenantId}/engagement/<id>` });

/** What frees a receipt that waits for the link of this id: each way as a sentence that ends in what to send. */
const waysOutFor = (external: ExternalId, tenantId: string): readonly string[] => {
  const linked = `a vendor links the id to its engagement with POST /v1/facts ${linkJson(external, toStream(tenantId))}`;
  if (!isReference(external)) {
    return [
      linked,
      `a vendor links it to a reference that is known: POST /v1/facts ${linkJson(external, { external: engagementReference('<reference>') })}`,
    ];
  }
  const opening = JSON.stringify({ type: 'EngagementOpened', reference: external.id, data: {} });
  return [
    `an engagement is opened by this reference: POST /v1/facts ${opening}, or a CloudEvent throughline.EngagementOpened with subject ${JSON.stringify(`engagement/${external.id}`)}`,
    linked,
  ];
};

/** What would free a receipt that waits for this reason; empty where no link would. `<…>` is what only people know. */
export const waysOut = (reason: string | undefined, tenantId: string): readonly string[] => {
  const names = [...(/^notLinked: (.*)$/s.exec(reason ?? '')?.[1] ?? '').matchAll(eachName)].map(([name]) => name);
  return names.slice(0, mostNamed).flatMap((name) => {
    const external = Named.safeParse(name);
    return external.success ? waysOutFor(external.data, tenantId) : [];
  });
};
