import {
  type App,
  addApp,
  addPrincipal,
  type Entra,
  type FederatedCredential,
  graphOrigin,
  managementApis,
  named,
  nextGuid,
  Refusal,
} from './simulated-entra.ts';

type Options = Readonly<Record<string, string>>;

/** One command of az: the options it knows, those it cannot do without, and what it does. */
export interface Command {
  readonly options: readonly string[];
  readonly needs?: readonly string[];
  readonly changing?: true;
  /** Works without a sign-in. */
  readonly anonymous?: true;
  readonly run: (entra: Entra, options: Options) => unknown;
}

/** The commands of az that there are, as far as the set-up may need them. */
export const commands: Readonly<Record<string, Command>> = {
  'cloud show': {
    options: ['--name'],
    anonymous: true,
    run: (entra) => ({ name: entra.cloud, endpoints: { microsoftGraphResourceId: graphOrigin(entra) } }),
  },
  'account show': {
    options: ['--subscription'],
    run: (entra) => ({ environmentName: entra.cloud, tenantId: entra.tenantId }),
  },
  'identity show': { options: ['--ids', '--resource-group', '--name'], run: showIdentity },
  'ad app list': {
    options: ['--filter'],
    needs: ['--filter'],
    run: (entra, options) => entra.apps.filter(matching(options['--filter'] ?? '', ['appId', 'displayName'])),
  },
  'ad app create': {
    options: ['--display-name', '--sign-in-audience'],
    needs: ['--display-name'],
    changing: true,
    run: (entra, options) => addApp(entra, options['--display-name'] ?? '', options['--sign-in-audience']),
  },
  'ad app show': { options: ['--id'], needs: ['--id'], run: appOf },
  'ad app permission add': {
    options: ['--id', '--api', '--api-permissions'],
    needs: ['--id', '--api', '--api-permissions'],
    changing: true,
    run: addPermission,
  },
  'ad app federated-credential list': {
    options: ['--id'],
    needs: ['--id'],
    run: (entra, options) => appOf(entra, options).federatedCredentials,
  },
  'ad app federated-credential create': {
    options: ['--id', '--parameters'],
    needs: ['--id', '--parameters'],
    changing: true,
    run: createFederatedCredential,
  },
  'ad app federated-credential update': {
    options: ['--id', '--federated-credential-id', '--parameters'],
    needs: ['--id', '--federated-credential-id', '--parameters'],
    changing: true,
    run: updateFederatedCredential,
  },
  'ad sp list': {
    options: ['--filter'],
    needs: ['--filter'],
    run: (entra, options) => entra.principals.filter(matching(options['--filter'] ?? '', ['appId'])),
  },
  'ad sp show': {
    options: ['--id'],
    needs: ['--id'],
    run: (entra, { '--id': id }) => named(entra.principals, (one) => one.appId === id, missing(id)),
  },
  'ad sp create': { options: ['--id'], needs: ['--id'], changing: true, run: createPrincipal },
};

function missing(id: string | undefined): string {
  return `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
}

/** The one kind of filter in use: equality, with quotation marks doubled. */
function matching(filter: string, fields: readonly string[]): (object: object) => boolean {
  const [, field = '', value = ''] = /^(\w+) eq '((?:[^']|'')*)'$/.exec(filter) ?? [];
  if (!fields.includes(field)) throw new Refusal(`Invalid filter clause: ${filter}`);
  const wanted = value.replaceAll("''", "'");
  // What is new is not in the lists either.
  return (object) => {
    const fields = new Map<string, unknown>(Object.entries(object));
    return fields.get(field) === wanted && !fields.get('hidden');
  };
}

function appOf(entra: Entra, { '--id': id }: Options): App {
  return named(entra.apps, (app) => app.appId === id || app.id === id, missing(id));
}

function showIdentity(entra: Entra, options: Options): unknown {
  const { '--ids': ids, '--resource-group': group, '--name': name } = options;
  if ((ids === undefined) === (group === undefined || name === undefined))
    throw new Refusal('the following arguments are required: --ids, or --resource-group and --name', 2);
  const end = `/resourceGroups/${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  const found = entra.identities.find(({ resourceId }) => (ids ? resourceId === ids : resourceId.endsWith(end)));
  if (!found) throw new Refusal(`(ResourceNotFound) The Resource '${ids ?? end}' was not found.`, 3);
  return found;
}

function createPrincipal(entra: Entra, { '--id': id = '' }: Options): unknown {
  const unknown = `The appId '${id}' of the service principal does not reference a valid application object.`;
  if (id !== managementApis) named(entra.apps, (app) => app.appId === id, unknown);
  if (entra.principals.some(({ appId }) => appId === id))
    throw new Refusal(`The service principal name ${id} is already in use.`);
  return addPrincipal(entra, id);
}

/** As the real one does it: what is there already is added a second time. */
function addPermission(entra: Entra, options: Options): void {
  const app = appOf(entra, options);
  const [id = '', type = ''] = (options['--api-permissions'] ?? '').split('=');
  if (type !== 'Role' && type !== 'Scope') throw new Refusal(`Invalid permission type: ${type}`);
  const resourceAppId = options['--api'] ?? '';
  const known = app.requiredResourceAccess.find((access) => access.resourceAppId === resourceAppId);
  if (known) known.resourceAccess.push({ id, type });
  else app.requiredResourceAccess.push({ resourceAppId, resourceAccess: [{ id, type }] });
}

function createFederatedCredential(entra: Entra, options: Options): unknown {
  const app = appOf(entra, options);
  const { name, issuer, subject, audiences } = JSON.parse(options['--parameters'] ?? '') as FederatedCredential;
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/.test(name)) throw new Refusal(`The name '${name}' is invalid.`);
  if (!issuer || !subject || audiences?.length !== 1) throw new Refusal('A property is missing.');
  const taken = (one: FederatedCredential) => one.name === name || (one.issuer === issuer && one.subject === subject);
  if (app.federatedCredentials.some(taken)) throw new Refusal('FederatedIdentityCredential already exists.');
  const credential = { id: nextGuid(entra), name, issuer, subject, audiences };
  app.federatedCredentials.push(credential);
  return credential;
}

function updateFederatedCredential(entra: Entra, options: Options): void {
  const { federatedCredentials } = appOf(entra, options);
  const id = options['--federated-credential-id'];
  const found = federatedCredentials.find((one) => one.id === id || one.name === id);
  if (!found) throw new Refusal(missing(id));
  const given = JSON.parse(options['--parameters'] ?? '') as Partial<FederatedCredential>;
  if (given.name !== undefined) throw new Refusal("Property 'name' is read-only and cannot be set.");
  Object.assign(found, given);
}
