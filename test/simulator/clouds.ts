/** A Microsoft cloud, as an operator names it. */
export type SimulatedCloud = 'worldwide' | 'gcc' | 'gcchigh' | 'dod' | 'china';

/** What the services of a cloud call themselves. */
export interface CloudFacts {
  /** Audience of tokens for the Management API, as a scope. */
  readonly scope: string;
  /** Where the cloud's own login host is; the issuer of a managed identity's tokens. */
  readonly loginOrigin: string;
  /** Audience of assertions that a federated credential accepts. */
  readonly assertionAudience: string;
  /** What the OpenID metadata of its tenants says of the cloud. */
  readonly metadata: Readonly<Record<string, string | null>>;
}

/**
 * The clouds by the names of their hosts; written down apart from the product's own table, so that each checks the other.
 *
 * Source: https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference,
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity; observed: the
 * region members of https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration. GCC has the hosts of the
 * worldwide cloud, and only the sub scope tells the two apart.
 */
export const cloudFacts: Readonly<Record<SimulatedCloud, CloudFacts>> = {
  worldwide: {
    scope: 'https://manage.office.com/.default',
    loginOrigin: 'https://login.microsoftonline.com',
    assertionAudience: 'api://AzureADTokenExchange',
    metadata: metadata('EU', null, 'microsoftonline.com', 'graph.microsoft.com'),
  },
  gcc: {
    scope: 'https://manage-gcc.office.com/.default',
    loginOrigin: 'https://login.microsoftonline.com',
    assertionAudience: 'api://AzureADTokenExchange',
    metadata: metadata('NA', 'GCC', 'microsoftonline.com', 'graph.microsoft.com'),
  },
  gcchigh: {
    scope: 'https://manage.office365.us/.default',
    loginOrigin: 'https://login.microsoftonline.us',
    assertionAudience: 'api://AzureADTokenExchangeUSGov',
    metadata: metadata('USGov', 'DODCON', 'microsoftonline.us', 'graph.microsoft.us'),
  },
  dod: {
    scope: 'https://manage.protection.apps.mil/.default',
    loginOrigin: 'https://login.microsoftonline.us',
    assertionAudience: 'api://AzureADTokenExchangeUSGov',
    metadata: metadata('USGov', 'DOD', 'microsoftonline.us', 'dod-graph.microsoft.us'),
  },
  china: {
    scope: 'https://manage.office365.cn/.default',
    loginOrigin: 'https://login.partner.microsoftonline.cn',
    assertionAudience: 'api://AzureADTokenExchangeChina',
    metadata: metadata('AS', null, 'partner.microsoftonline.cn', 'microsoftgraph.chinacloudapi.cn'),
  },
};

function metadata(region: string, subScope: string | null, instance: string, graph: string) {
  return {
    tenant_region_scope: region,
    tenant_region_sub_scope: subScope,
    cloud_instance_name: instance,
    msgraph_host: graph,
  };
}
