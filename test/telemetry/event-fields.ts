import { join } from 'node:path';
import { API, type Type } from 'typescript/unstable/sync';

const root = join(import.meta.dirname, '..', '..');
const source = join(root, 'shared', 'telemetry', 'events.ts');

/** Names of fields, in the order of the code. */
export type Fields = readonly string[];

/** What the type of the log events says, read from the source as the compiler sees it. */
export interface EventTypes {
  /** By the event's name: its own fields. */
  readonly events: ReadonlyMap<string, Fields>;
  /** Fields that every event can have. */
  readonly common: Fields;
}

/** Reads `LogEvent`: the list of events that the documentation and the queries have to agree with. */
export function readEventTypes(): EventTypes {
  const api = new API({ cwd: root });
  const snapshot = api.updateSnapshot({ openProjects: [join(root, 'tsconfig.json')] });
  try {
    const [project] = snapshot.getProjects();
    const file = project?.program.getSourceFile(source);
    const module = file && project?.checker.getSymbolAtLocation(file);
    if (!project || !module) throw new Error(`${source} is not part of the project`);
    const { checker } = project;
    const exported = checker.getExportsOfModule(module);
    const typeNamed = (name: string): Type => {
      const symbol = exported.find((each) => each.name === name);
      if (!symbol) throw new Error(`${source} exports no ${name}`);
      return checker.getDeclaredTypeOfSymbol(symbol);
    };
    const fieldsOf = (type: Type) => checker.getPropertiesOfType(type).map(({ name }) => name);

    const union = typeNamed('LogEvent');
    const common = fieldsOf(typeNamed('EventOrigin'));
    const events = new Map<string, Fields>();
    for (const type of union.isUnionType() ? union.getTypes() : []) {
      const symbol = checker.getPropertiesOfType(type).find(({ name }) => name === 'event');
      const literal = symbol && checker.getTypeOfSymbol(symbol);
      if (!literal?.isStringLiteralType()) throw new Error('An event has no name');
      events.set(
        literal.value,
        fieldsOf(type).filter((name) => name !== 'event' && !common.includes(name)),
      );
    }
    return { events, common };
  } finally {
    snapshot.dispose();
    api.close();
  }
}
