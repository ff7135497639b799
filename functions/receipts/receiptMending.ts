// What can the tenant do about a receipt that has not become facts?
import type { ListedReceipt } from './receiptLists.ts';
import { waysOut } from './waysOut.ts';

const again = 'The receipt is then translated by itself, at the latest after some hours.';

/** By the first word of a waiting receipt's reason. */
const whileItWaits: Readonly<Record<string, string>> = {
  notLinked:
    'Link each id under waitsUnder that is not linked: have its system send it beside an id that is known, or post an IdentityLinked { external, to, reason } to /v1/facts. The receipt is then translated at once.',
  needsMerge:
    'Two engagements claim one reference, and who says so may not merge them. Merge them: post an EngagementMerged { into, how } of the one to /v1/facts, and link the id under waitsUnder; or correct the reference in one of the systems.',
  linkInvalid: 'Correct the link: post an IdentityLinked with supersedes, which leads to a stream of this tenant.',
  linkedElsewhere:
    'Correct the link: post an IdentityLinked with supersedes, which leads to a stream that may bear this fact.',
  mappingInvalid: `Correct the connection's mapping at the paths that the reason names. ${again}`,
  notAllowed: `Allow the connection these types (npm run connect, --allow), or have its system stop sending them. ${again}`,
  notYours: `The connection is bound to a partner, and says only what concerns that partner. Assign the partner to the engagement (PartnerAssigned; the receipt is then translated at once), bind the connection to the right partner (npm run connect -- --connection ID --partner PARTY), or link the ids yourself. ${again}`,
  notYourOffer: `A partner may name another's offer or campaign only once the vendor has: record a fact of this engagement that names it (EngagementOpened or SolutionProposed). ${again}`,
  connectionUnknown: 'The connection is gone. Connect the account again, and have its system send the message again.',
};

/** What to do; null where nothing is to be done. */
export const mendingOf = (
  { status, reason }: Pick<ListedReceipt, 'status' | 'reason'>,
  tenantId: string,
): string | null => {
  const [word = ''] = (reason ?? '').split(':');
  switch (status) {
    case 'pending':
      return 'It is about to be translated. After more than five minutes, /v1/health shows what waits.';
    case 'waiting':
      return [whileItWaits[word] ?? again, ...waysOut(reason ?? undefined, tenantId).map((way) => `Or: ${way}.`)].join(
        ' ',
      );
    case 'refused':
      return 'Correct what the issues name: at the sender, which then sends the message again, or in its mapping. Kept messages are then read again by npm run translate-again -- --connection ID --status refused.';
    case 'expired':
      return 'Nothing came in time of what it waited for. Bring that, then have the message read again by npm run translate-again -- --connection ID --status expired, or sent again.';
    case 'erased':
      return 'Its message was erased on request, and can not be read again. The facts that came of it stay: they name nobody.';
    default:
      return null;
  }
};
