import * as z from 'zod';
import { baseUrl } from './addresses.ts';
import { check, type GivenSettings } from './given.ts';
import { type Problems, problem } from './problems.ts';
import { Secret } from './secret.ts';
import type { StorageSettings } from './settings.ts';
import { guid, reject } from './values.ts';

/**
 * The storage account of queue and tables, from the settings that the Functions host reads for itself; as there, a
 * connection string goes before the identity form.
 *
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity
 */
export function readStorage(given: GivenSettings, problems: Problems): StorageSettings | undefined {
  const connection = given.of('AzureWebJobsStorage');
  if (connection !== undefined) {
    const connectionString = check(storageConnection, connection, problems);
    return connectionString ? { kind: 'connection-string', connectionString: new Secret(connectionString) } : undefined;
  }
  check(managedIdentity, given.of('AzureWebJobsStorage__credential'), problems);
  const clientId = check(guid, given.of('AzureWebJobsStorage__clientId'), problems);
  const queueServiceUri = readServiceUri('queue', given, problems);
  const tableServiceUri = readServiceUri('table', given, problems);
  if (!queueServiceUri || !tableServiceUri) return undefined;
  return {
    kind: 'identity',
    queueServiceUri,
    tableServiceUri,
    ...(clientId ? { clientId } : {}),
  };
}

function readServiceUri(service: 'queue' | 'table', given: GivenSettings, problems: Problems): string | undefined {
  const uri = given.of(`AzureWebJobsStorage__${service}ServiceUri`);
  if (uri !== undefined) return check(baseUrl, uri, problems);
  const account = given.of('AzureWebJobsStorage__accountName');
  if (account !== undefined) {
    const name = check(accountName, account, problems);
    return name && `https://${name}.${service}.core.windows.net`;
  }
  const other = given.of(`AzureWebJobsStorage__${service === 'queue' ? 'table' : 'queue'}ServiceUri`);
  problems.add(
    other === undefined ? 'AzureWebJobsStorage' : `AzureWebJobsStorage__${service}ServiceUri`,
    problem(
      'is missing',
      'a connection string, or AzureWebJobsStorage__accountName, or both __queueServiceUri and __tableServiceUri',
      'Add it to the settings of the app.',
    ),
  );
  return undefined;
}

const managedIdentity = z.string().transform((text, context): string => {
  if (text.toLowerCase() === 'managedidentity') return text;
  return reject(context, 'is not supported', 'managedidentity', 'Put that, or remove the setting.');
});

const accountName = z.string().transform((text, context): string => {
  if (/^[a-z0-9]{3,24}$/.test(text)) return text;
  return reject(
    context,
    'is not the name of a storage account',
    '3 to 24 lower-case letters and digits',
    'Put the name alone, without https:// and domain.',
  );
});

/** A connection string in the spelling that the storage SDKs for JavaScript understand; it holds the account's key. */
const storageConnection = z.string().transform((connection, context): string => {
  const parts = connection.split(';').filter((part) => part.trim() !== '');
  const names = new Set(parts.map((part) => part.split('=')[0]?.trim().toLowerCase()));
  const has = (...wanted: string[]) => wanted.every((name) => names.has(name));
  if (parts.some((part) => /^\s*UseDevelopmentStorage\s*=\s*true\s*$/i.test(part))) {
    const proxy = parts.find((part) => /^\s*DevelopmentStorageProxyUri=/i.test(part));
    return ['UseDevelopmentStorage=true', ...(proxy ? [proxy.trim()] : [])].join(';');
  }
  const endpoints = has('queueendpoint', 'tableendpoint');
  if (has('accountname', 'accountkey')) {
    const complete = [...parts];
    if (!has('defaultendpointsprotocol')) complete.push('DefaultEndpointsProtocol=https');
    if (!has('endpointsuffix') && !endpoints) complete.push('EndpointSuffix=core.windows.net');
    return complete.map((part) => part.trim()).join(';');
  }
  if (has('sharedaccesssignature') && endpoints) return connection;
  return reject(
    context,
    'is not a connection string of a storage account for queues and tables',
    'AccountName=…;AccountKey=…, or SharedAccessSignature=… with QueueEndpoint and TableEndpoint, or UseDevelopmentStorage=true',
    "Copy it from the storage account's Access keys page.",
  );
});
