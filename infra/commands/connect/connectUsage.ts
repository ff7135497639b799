// How is `npm run connect` called? Its usage text, which lists every source of the catalog.
import { sources } from '../../../events/sources/catalog.ts';
import { crmTypes } from '../../../events/sources/defaultTypes.ts';
import { usualDataDir, usualPort } from '../commandLine.ts';

const names = sources.map(({ name }) => name).join(', ');
const accounts = sources.map(({ title, accountIs }) => `${title}: the ${accountIs}`).join(', ');
const crms = sources
  .filter(({ isCrm }) => isCrm)
  .map(({ name }) => name)
  .join(' or ');
const marking = sources
  .filter(({ marksTestData }) => marksTestData === true)
  .map(({ title }) => title)
  .join(', ');

/** How many hours the secret before a new one still holds, where nobody says otherwise. */
export const usualHoldHours = 24;

export const connectUsage = `Usage: npm run connect -- SOURCE --tenant ID [--account ID] [--currency CODE] [--mapping JSON|@FILE] [--allow TYPE,…]
                         [--partner PARTY] [--rhythm HOURS] [--secret-file FILE] [--test-data] [--stack NAME | --data DIR] [--port N]
       npm run connect -- --list [--tenant ID]
       npm run connect -- --connection ID [--mapping JSON|@FILE] [--allow TYPE,…] [--partner PARTY | --no-partner]
                         [--rhythm HOURS|none]
       npm run connect -- --disable ID | --enable ID | --sample ID
       npm run connect -- --rotate ID [--secret-file FILE] [--hold HOURS]
       npm run connect -- --check FILE (SOURCE [--account ID] | --connection ID) [--mapping JSON|@FILE] [--allow TYPE,…]
  SOURCE        ${names}
  --account     the account within it (${accounts})
  --currency    the currency of amounts, where a message names none
  --mapping     how to read the source's own fields: JSON, or a file that holds it
  --allow       event types that it may send beside its source's own: a CRM that is not connected as ${crms} needs
                ${crmTypes.join(',')}
  --partner     the partner on whose behalf it speaks: its party id, code (NORTHWIND) or external id (system/kind/id). It then says
                only what partners may say, of engagements that this partner leads
  --rhythm      the hours within which it is heard at least once: after a longer silence, nothing that it might have said counts as missing
  --secret-file the file of a secret that the source has issued (- is standard input); else THROUGHLINE_SECRET in the environment
  --test-data   count the account's test data as live data (${marking})
  --list        the connections, without their secrets
  --connection  gives this connection another mapping, whose version rises, more types, another partner (--no-partner: none) or
                rhythm, which counts from its next message on; --rhythm none ends a silence at once
  --disable     refuses what this connection's sender sends (403), until --enable; nothing that waits is lost
  --rotate      gives this connection a new secret; the one before holds for ${usualHoldHours} hours, or --hold HOURS
  --sample      prints a signed request for this connection's sender
  --check       prints what each message of a file would become (JSON, a list, or one a line); stores nothing, and ends with 1
                if something is wrong
  --tenant ID   with an ID of a connection: refuse it unless it is this tenant's
  --stack NAME  acts on this deployed stack; without it, on this machine
  --data DIR    the data directory of the instance (${usualDataDir})
  --port N      the port that the instance will have, when none runs now (${usualPort})`;
