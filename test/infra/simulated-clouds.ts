/**
 * Microsoft Graph as `az cloud show` gives it; one of them without a slash at its end.
 *
 * Source: Azure/azure-cli, src/azure-cli-core/azure/cli/core/cloud.py
 */
export const graphOrigins = {
  AzureCloud: 'https://graph.microsoft.com/',
  AzureUSGovernment: 'https://graph.microsoft.us/',
  AzureChinaCloud: 'https://microsoftgraph.chinacloudapi.cn',
  AzureGermanCloud: 'https://graph.microsoft.de',
} as const;

/** A cloud as the Azure CLI calls it. */
export type CloudName = keyof typeof graphOrigins;
