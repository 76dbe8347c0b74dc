import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';

/** What of the Kusto language service is used here; its own declarations are made for a browser. */
interface LanguageService {
  readonly GlobalState: { readonly Default: { WithDatabase(database: object): object } };
  readonly KustoCode: {
    ParseAndAnalyze(
      query: string,
      globals: object,
    ): { GetDiagnostics(): { readonly Count: number; getItem(index: number): Diagnostic } };
  };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, members: readonly object[]) => object };
  };
}

interface Diagnostic {
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
}

/**
 * The tables of Application Insights that queries may use, with their columns as a query of the component sees them.
 * Source: https://learn.microsoft.com/azure/azure-monitor/reference/tables/apptraces and …/apprequests.
 */
const tables = {
  traces:
    '(timestamp: datetime, message: string, severityLevel: int, itemType: string, customDimensions: dynamic, operation_Name: string, operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, itemCount: int)',
  requests:
    '(timestamp: datetime, id: string, name: string, success: string, resultCode: string, duration: real, itemType: string, customDimensions: dynamic, operation_Name: string, operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string, itemCount: int)',
};

/** Parses a query and looks up every name in it; says what is wrong, nothing when it is right. */
export type AnalyseQuery = (query: string) => string[];

/** The package has scripts for a page, which leave their names in its global scope: here in one of their own. */
export function createQueryAnalysis(): AnalyseQuery {
  const { resolve } = createRequire(import.meta.url);
  const page = createContext({ console });
  for (const script of ['bridge.min.js', 'Kusto.Language.Bridge.min.js']) {
    runInContext(readFileSync(resolve(`@kusto/language-service-next/${script}`), 'utf8'), page);
  }
  const { GlobalState, KustoCode, Symbols } = runInContext('Kusto.Language', page) as LanguageService;
  const symbols = Object.entries(tables).map(([name, schema]) => Symbols.TableSymbol.From(schema).WithName(name));
  const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('component', symbols));

  return (query) => {
    const found = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
    return Array.from({ length: found.Count }, (_, index) => {
      const { Severity, Message, Start } = found.getItem(index);
      return `${Severity} at ${Start}: ${Message}`;
    });
  };
}
