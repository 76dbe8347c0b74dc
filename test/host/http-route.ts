/** Parameters of a request's path, by the names in the route. */
export type RouteParameters = Readonly<Record<string, string>>;

/** Matches paths with one route. */
export type RouteMatcher = (path: string) => RouteParameters | undefined;

/**
 * Reads a route: fixed segments, `{name}`, `{name?}` for an optional last one, `{*name}` for all that is left. Capitals make no
 * difference.
 *
 * @param prefix from host.json; may be empty.
 * @throws when the route asks for more, such as constraints: this host would take requests that the real one refuses.
 */
export function parseRoute(prefix: string, route: string): RouteMatcher {
  const names: string[] = [];
  const pattern = segments(`${prefix}/${route}`)
    .map((segment) => {
      const parameter = /^\{(\*?)([a-z_]\w*)(\??)\}$/i.exec(segment);
      if (parameter === null) {
        if (/[{}]/.test(segment)) {
          throw new Error(`The route '${route}' needs more than this host knows: {name}, {name?} and {*name}.`);
        }
        return `/${segment.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`;
      }
      const [, all = '', name = '', optional = ''] = parameter;
      names.push(name);
      const value = all === '' ? '([^/]+)' : '(.*)';
      return all === '' && optional === '' ? `/${value}` : `(?:/${value})?`;
    })
    .join('');
  const matcher = new RegExp(`^${pattern}/?$`, 'i');
  return (path) => {
    const match = matcher.exec(path);
    if (match === null) {
      return undefined;
    }
    const values = names.flatMap((name, index) => {
      const value = match[index + 1];
      return value === undefined || value === '' ? [] : [[name, decodeURIComponent(value)] as const];
    });
    return Object.fromEntries(values);
  };
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
