import { CollectorError } from '../errors.ts';

/** What one or more of the storage services' error codes mean. */
export interface StorageMeaning {
  readonly codes: readonly string[];
  /** What happened, as the end of a sentence: "Storage refused a request: …". */
  readonly what: string;
  /** What to do, whole sentences. */
  readonly remedy: string;
}

const key =
  "Copy the connection string from the storage account's Access keys page into AzureWebJobsStorage, or use AzureWebJobsStorage__accountName and a managed identity.";
const roles =
  'In the Azure portal, the storage account, Access control (IAM), give the identity of the app the roles Storage Queue Data Contributor, Storage Table Data Contributor and Storage Blob Data Owner; a new role can take ten minutes.';
const network =
  "In the Azure portal, the storage account, Networking, let the app's network in: its subnet, or a private endpoint each for queue, table and blob.";

/**
 * The one table of the codes with which storage refuses a request for good.
 *
 * Source: https://learn.microsoft.com/rest/api/storageservices/common-rest-api-error-codes.
 */
export const storageMeanings: readonly StorageMeaning[] = [
  {
    codes: ['AuthorizationPermissionMismatch', 'InsufficientAccountPermissions'],
    what: 'the identity of the app lacks a role on the storage account',
    remedy: roles,
  },
  {
    codes: ['AuthorizationFailure', 'AuthorizationSourceIPMismatch'],
    what: 'the firewall of the storage account does not let the app in, or its identity has no role there',
    remedy: `${network} ${roles}`,
  },
  {
    codes: ['AuthenticationFailed', 'InvalidAuthenticationInfo', 'NoAuthenticationInformation'],
    what: 'the key or token is wrong, or the clock of the machine is',
    remedy: key,
  },
  {
    codes: ['KeyBasedAuthenticationNotPermitted'],
    what: 'shared keys are switched off in the storage account, and AzureWebJobsStorage holds one',
    remedy: `Remove AzureWebJobsStorage and set AzureWebJobsStorage__accountName (with AzureWebJobsStorage__clientId for a user-assigned identity). ${roles}`,
  },
  {
    codes: ['AuthorizationProtocolMismatch', 'AuthorizationResourceTypeMismatch', 'AuthorizationServiceMismatch'],
    what: 'the shared access signature in AzureWebJobsStorage does not allow what is needed',
    remedy: 'Make one for queues and tables, all resource types and all permissions, or use a managed identity.',
  },
  {
    codes: ['AccountIsDisabled'],
    what: 'the storage account is disabled',
    remedy: 'See the state of the Azure subscription that it belongs to.',
  },
];

const byCode: ReadonlyMap<string, StorageMeaning> = new Map(
  storageMeanings.flatMap((meaning) => meaning.codes.map((code) => [code, meaning])),
);

/**
 * Says in one error what storage failed at: `storage_refused` (fault) when somebody has to change something,
 * `storage_unavailable` (retry) when it may pass by itself. Undefined for what is no fault of storage, a condition that
 * was not met for example.
 *
 * The error has no cause: those of the SDK hold the request with its headers.
 */
export function storageFault(error: unknown): CollectorError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^(CredentialUnavailable|Authentication|AggregateAuthentication|AuthenticationRequired)Error$/.test(error.name)) {
    return refused('Managed identity', {
      what: 'the app got no token of its managed identity for storage',
      remedy:
        'In the Azure portal, the Function App, Settings, Identity, see that the identity is assigned, and that AzureWebJobsStorage__clientId is its client id. A managed identity exists in Azure only.',
    });
  }
  if (error.name !== 'RestError') return undefined;
  const { code = '', status } = detailsOf(error);
  const meaning = byCode.get(code);
  if (meaning) return refused(code, meaning, status);
  if (status === 401 || status === 403)
    return refused(code || `HTTP ${status}`, { what: 'it may not do that' }, status);
  if (status !== undefined && status < 500 && status !== 408 && status !== 429) return undefined;
  const what = status === undefined ? 'could not be reached' : `answered with HTTP status ${status}`;
  return new CollectorError(
    `Storage ${what}${code === '' ? '' : ` (${code})`}, and did so each time it was tried. What was recorded stands; the rest is done later.`,
    {
      code: 'storage_unavailable',
      disposition: 'retry',
      ...(code === '' ? {} : { externalCode: code }),
      ...(status === undefined ? {} : { status }),
    },
  );
}

function refused(
  externalCode: string,
  { what, remedy }: { readonly what: string; readonly remedy?: string },
  status?: number,
): CollectorError {
  return new CollectorError(
    `Storage refused a request: ${what} (${externalCode}). Nothing is collected or forwarded until that is put right; it is tried again by itself.`,
    {
      code: 'storage_refused',
      disposition: 'fault',
      externalCode,
      ...(remedy === undefined ? {} : { remedy }),
      ...(status === undefined ? {} : { status }),
    },
  );
}

/** The service's code of an SDK's error, such as `TableNotFound`. */
export function storageCode(error: unknown): string | undefined {
  return error instanceof Error ? detailsOf(error).code : undefined;
}

/** Where the SDKs put the service's code: on the error for queues, in the answer's details for tables. */
function detailsOf(error: Error): { readonly code?: string; readonly status?: number } {
  const { code, statusCode, details } = error as {
    readonly code?: unknown;
    readonly statusCode?: unknown;
    readonly details?: { readonly errorCode?: unknown; readonly odataError?: { readonly code?: unknown } };
  };
  const found = [details?.odataError?.code, details?.errorCode, code].find((each) => typeof each === 'string');
  return {
    ...(typeof found === 'string' ? { code: found } : {}),
    ...(typeof statusCode === 'number' ? { status: statusCode } : {}),
  };
}
