// How is `npm run connect` called? Its usage text, which lists every source of the catalog.
import { sources } from '../../events/sources/catalog.ts';
import { crmTypes } from '../../events/sources/defaultTypes.ts';
import { usualDataDir, usualPort } from './commandLine.ts';

const names = sources.map(({ name }) => name).join(', ');
const accounts = sources.map(({ title, accountIs }) => `${title}: the ${accountIs}`).join(', ');
const crms = sources
  .filter(({ isCrm }) => isCrm)
  .map(({ name }) => name)
  .join(' or ');

export const connectUsage = `Usage: npm run connect -- SOURCE --tenant ID [--account ID] [--currency CODE] [--mapping JSON] [--allow TYPE,…] [--stack NAME | --data DIR] [--port N]
  SOURCE        ${names}
  --account     the account within it (${accounts})
  --currency    the currency of amounts, where a message names none
  --mapping     how to read the source's own fields, as JSON
  --allow       event types that it may send beside its source's own: a CRM that is not connected as ${crms} needs
                ${crmTypes.join(',')}
  --stack NAME  makes the connection in this deployed stack; without it, on this machine
  --data DIR    the data directory of the instance (${usualDataDir})
  --port N      the port that the instance will have, when none runs now (${usualPort})`;
