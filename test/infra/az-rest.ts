import type { Command } from './az-commands.ts';
import { type Entra, graphOrigin, named, Refusal } from './simulated-entra.ts';

/** `az rest`, with the two paths of Microsoft Graph that read and give app role assignments. */
export const rest: Command = {
  options: ['--method', '--url', '--headers', '--body'],
  needs: ['--method', '--url'],
  run: (entra, options) => {
    const url = options['--url'] ?? '';
    const root = `${graphOrigin(entra).replace(/\/$/, '')}/v1.0/servicePrincipals/`;
    // Without a known origin az has no token to send.
    if (!url.startsWith(root)) throw new Refusal('Unauthorized({"error":{"code":"InvalidAuthenticationToken"}})');
    const [, id, path] = /^([0-9a-f-]{36})\/(\w+)$/.exec(url.slice(root.length)) ?? [];
    if (options['--method'] === 'get' && path === 'appRoleAssignments') {
      const { id: principalId } = named(entra.principals, (one) => one.id === id, notFound(id));
      return { value: entra.assignments.filter((one) => one.principalId === principalId) };
    }
    if (options['--method'] === 'post' && path === 'appRoleAssignedTo') {
      if (options['--headers'] !== 'Content-Type=application/json') throw new Refusal('Bad Request: no content type');
      return assign(entra, id, JSON.parse(options['--body'] ?? ''));
    }
    throw new Refusal(`Not Found({"error":{"code":"BadRequest","message":"Resource not found for ${path}."}})`);
  },
};

function assign(entra: Entra, id: string | undefined, assignment: Entra['assignments'][number]): unknown {
  if (!entra.mayConsent) {
    const message = 'Insufficient privileges to complete the operation.';
    throw new Refusal(`Forbidden({"error":{"code":"Authorization_RequestDenied","message":"${message}"}})`);
  }
  const { principalId, resourceId, appRoleId } = assignment;
  const api = named(entra.principals, (one) => one.id === resourceId && one.id === id, notFound(resourceId));
  named(entra.principals, (one) => one.id === principalId, 'Bad Request: Not a valid reference update.');
  if (!api.appRoles.some((role) => role.id === appRoleId))
    throw new Refusal('Bad Request: Permission being assigned was not found on application');
  const same = (one: typeof assignment) => one.principalId === principalId && one.appRoleId === appRoleId;
  if (entra.assignments.some(same))
    throw new Refusal('Bad Request: Permission being assigned already exists on the object');
  entra.assignments.push({ principalId, resourceId, appRoleId });
  return assignment;
}

function notFound(id: string | undefined): string {
  return `Not Found({"error":{"code":"Request_ResourceNotFound","message":"Resource '${id}' does not exist"}})`;
}
