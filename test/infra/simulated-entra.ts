import { type CloudName, graphOrigins } from './simulated-clouds.ts';

/** Application id of the Office 365 Management APIs. */
export const managementApis = 'c5393580-f805-4401-95e8-94b7a6ef2fc2';

/** The application permissions that these APIs have in every tenant of the simulation. */
export const managementRoles = [
  { id: '594c1fb6-4f81-4475-ae41-0c394909246c', value: 'ActivityFeed.Read' },
  { id: '4807a72c-ad38-4250-94c9-4eabfe26cd55', value: 'ActivityFeed.ReadDlp' },
] as const;

interface Late {
  /** How often it is still unknown to whoever names it. */
  hidden?: number;
}

/** An app registration. */
export interface App extends Late {
  readonly id: string;
  readonly appId: string;
  readonly displayName: string;
  readonly signInAudience: string;
  readonly requiredResourceAccess: { resourceAppId: string; resourceAccess: { id: string; type: string }[] }[];
  readonly federatedCredentials: FederatedCredential[];
}

/** What Microsoft Graph calls a federatedIdentityCredential. */
export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  issuer: string;
  subject: string;
  audiences: string[];
}

/** An application as a tenant knows it. */
export interface Principal extends Late {
  readonly id: string;
  readonly appId: string;
  readonly appRoles: readonly { readonly id: string; readonly value: string }[];
}

/** A user-assigned managed identity. */
export interface Identity {
  readonly resourceId: string;
  readonly principalId: string;
  readonly clientId: string;
  readonly tenantId: string;
}

/** One tenant, as the signed-in person of the Azure CLI sees it. */
export interface Entra {
  readonly cloud: CloudName;
  readonly tenantId: string;
  signedIn: boolean;
  /** Whether this person may assign app roles. */
  mayConsent: boolean;
  /** How often a new object is unknown at first. */
  lateness: number;
  readonly apps: App[];
  readonly principals: Principal[];
  readonly assignments: { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string }[];
  readonly identities: Identity[];
  /** Every command that the Azure CLI was given. */
  readonly calls: { readonly words: readonly string[]; readonly changing: boolean }[];
  lastNumber: number;
}

/** A tenant with nothing but what every tenant has. */
export function freshEntra(cloud: CloudName = 'AzureCloud'): Entra {
  return {
    cloud,
    tenantId: '11111111-1111-4111-8111-111111111111',
    signedIn: true,
    mayConsent: true,
    lateness: 0,
    apps: [],
    principals: [],
    assignments: [],
    identities: [],
    calls: [],
    lastNumber: 0,
  };
}

/** The end of a command with an error of az or of the service behind it. */
export class Refusal extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A GUID that the tenant has not given out before. */
export function nextGuid(entra: Entra): string {
  entra.lastNumber += 1;
  return `00000000-0000-4000-8000-${String(entra.lastNumber).padStart(12, '0')}`;
}

/** Finds what a command names; an object that is new may be unknown a few times. */
export function named<T extends Late>(objects: readonly T[], matches: (object: T) => boolean, refusal: string): T {
  const found = objects.find(matches);
  if (found === undefined) throw new Refusal(refusal);
  if (found.hidden) {
    found.hidden -= 1;
    throw new Refusal(refusal);
  }
  return found;
}

/** Adds an app registration. */
export function addApp(entra: Entra, displayName: string, signInAudience = 'AzureADMyOrg'): App {
  const app: App = {
    id: nextGuid(entra),
    appId: nextGuid(entra),
    displayName,
    signInAudience,
    requiredResourceAccess: [],
    federatedCredentials: [],
    hidden: entra.lateness,
  };
  entra.apps.push(app);
  return app;
}

/** Adds the service principal of an app registration, or of the Office 365 Management APIs. */
export function addPrincipal(entra: Entra, appId: string): Principal {
  const appRoles = appId === managementApis ? managementRoles : [];
  const principal: Principal = { id: nextGuid(entra), appId, appRoles, hidden: entra.lateness };
  entra.principals.push(principal);
  return principal;
}

/** Adds a user-assigned managed identity, of the tenant itself where no other is named. */
export function addIdentity(entra: Entra, group: string, name: string, tenantId = entra.tenantId): Identity {
  const provider = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities';
  const resourceId = `/subscriptions/${nextGuid(entra)}/resourceGroups/${group}/${provider}/${name}`;
  const identity = { resourceId, principalId: nextGuid(entra), clientId: nextGuid(entra), tenantId };
  entra.identities.push(identity);
  return identity;
}

/** Where Microsoft Graph is for this tenant. */
export function graphOrigin(entra: Entra): string {
  return graphOrigins[entra.cloud];
}
