// How is `npm run connect` called? Its usage, in which every source of the catalog has its place.
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
  --currency    what amounts are in where a message names no currency
  --mapping     how the source's own fields are to be read, as JSON
  --allow       types that it may say beside its source's own: a CRM that is not connected as ${crms} needs
                ${crmTypes.join(',')}
  --stack NAME  a deployed stack, in which it is made; this machine without it
  --data DIR    the data directory of the instance (${usualDataDir})
  --port N      the port that the instance will have, when none runs now (${usualPort})`;
