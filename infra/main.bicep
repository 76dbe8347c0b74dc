// Everything the collector needs, in a resource group of its own. docs/deployment.md says what to give and in what order.
targetScope = 'subscription'

@description('Name of the azd environment; names and tags come from it.')
@maxLength(64)
param environmentName string

@description('Region. It has to offer Flex Consumption: az functionapp list-flexconsumption-locations.')
@metadata({ azd: { type: 'location' } })
param location string

@description('Empty: rg-{environmentName}.')
param resourceGroupName string = ''
@description('Empty: a name that is unique. It becomes part of the web address.')
param functionAppName string = ''
@description('Empty: a name that is unique. A vault that was deleted keeps its name for 90 days.')
param keyVaultName string = ''

// Settings of the app, named and meant as in the README's table. An empty one is left out, so that the app's own default holds.
param tenantId string = ''
param clientId string = ''
@description('MANAGED_IDENTITY_CLIENT_ID; empty: the identity that is made here, unless there is a client secret or a certificate.')
param managedIdentityClientId string = ''
param cloud string = ''
param contentTypes string = ''
param publisherId string = ''
@description('TENANTS, as an array')
param tenants array = []
@description('TENANTS_2, TENANTS_3, …: an array of such arrays. One setting should stay below 25 KB, some 80 tenants.')
param moreTenants array = []
param listingSchedule string = ''
param reconcileSchedule string = ''
param backfillHours string = ''
param lateListingHours string = ''
param destination string = ''
param sekoiaRegion string = ''
param sekoiaIntakeUrl string = ''
param managementApiUrl string = ''
param authorityHost string = ''

// Secrets. They go into the vault and nowhere else; the app gets references.
@secure()
param sekoiaIntakeKey string = ''
@secure()
param clientSecret string = ''
@secure()
param clientCertificate string = ''
@description('Further secrets, setting name to value: what the …Setting fields of tenants name.')
@secure()
param secrets object = {}
@description('Names of settings that refer to the vault even when no value is given here, because it stands there already.')
param vaultSettings array = ['SEKOIA_INTAKE_KEY']

// The platform.
@description('512, a quarter of a core, is enough for a few hundred thousand contents a day.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048
// Of each function by itself; but for forward-content one is always enough. Not every region takes less than 40.
@description('Bounds cost and load: an instance works on up to 64 contents at a time. One or two carry a million contents a day.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40
@description('Standard_ZRS keeps the ledger through the loss of a zone, where the region has zones.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_LRS'
@description('Storage and vault behind private endpoints, one outbound address.')
param privateNetworking bool = false
@description('Resource ids of further user-assigned identities that settings name.')
param identityIds array = []
@description('Client id of an app registration through which people sign in to /api/dashboard. Empty: function keys alone.')
param authClientId string = ''
@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90
@description('GB of logs a day, after which nothing is logged and no alert fires. -1: no cap.')
param logDailyCapGb int = 5
@description('Who is told of alerts. Empty: nobody.')
param alertEmail string = ''
param alertsEnabled bool = true
@description('Without a run of the listing timer for so long, it has stopped: more than twice the time between two runs.')
param alertListingWindow string = 'PT30M'

var token = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

var settings = {
  TENANT_ID: tenantId
  CLIENT_ID: clientId
  MANAGED_IDENTITY_CLIENT_ID: managedIdentityClientId
  CLOUD: cloud
  CONTENT_TYPES: contentTypes
  PUBLISHER_ID: publisherId
  TENANTS: empty(tenants) ? '' : string(tenants)
  LISTING_SCHEDULE: listingSchedule
  RECONCILE_SCHEDULE: reconcileSchedule
  BACKFILL_HOURS: backfillHours
  LATE_LISTING_HOURS: lateListingHours
  DESTINATION: destination
  SEKOIA_REGION: sekoiaRegion
  SEKOIA_INTAKE_URL: sekoiaIntakeUrl
  MANAGEMENT_API_URL: managementApiUrl
  AUTHORITY_HOST: authorityHost
}
var givenSettings = toObject(
  filter(items(settings), setting => !empty(setting.value)),
  setting => setting.key,
  setting => setting.value
)
var numbers = range(0, length(moreTenants))
var numberedTenants = toObject(numbers, i => 'TENANTS_${i + 2}', i => string(moreTenants[i]))

var allSecrets = union(
  secrets,
  empty(sekoiaIntakeKey) ? {} : { SEKOIA_INTAKE_KEY: sekoiaIntakeKey },
  empty(clientSecret) ? {} : { CLIENT_SECRET: clientSecret },
  empty(clientCertificate) ? {} : { CLIENT_CERTIFICATE: clientCertificate }
)
var referenceNames = union(map(items(allSecrets), secret => secret.key), vaultSettings)
var hasCredential = contains(referenceNames, 'CLIENT_SECRET') || contains(referenceNames, 'CLIENT_CERTIFICATE')

resource group 'Microsoft.Resources/resourceGroups@2021-04-01' = {
  name: empty(resourceGroupName) ? 'rg-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module identity 'identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-m365-audit-${token}'
    location: location
    tags: tags
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'm365audit${token}'
    location: location
    tags: tags
    sku: storageSku
    publicAccess: !privateNetworking
  }
}

module monitoring 'monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    logAnalyticsName: 'log-m365-audit-${token}'
    applicationInsightsName: 'appi-m365-audit-${token}'
    actionGroupName: 'ag-m365-audit-${token}'
    location: location
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
    alertEmail: alertEmail
    alertsEnabled: alertsEnabled
    alertListingWindow: alertListingWindow
    namePrefix: environmentName
  }
}

module vault 'key-vault.bicep' = {
  name: 'key-vault'
  scope: group
  params: {
    name: empty(keyVaultName) ? 'kv-m365-${token}' : keyVaultName
    location: location
    tags: tags
    secrets: allSecrets
    publicAccess: !privateNetworking
  }
}

module roles 'roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    vaultName: vault.outputs.name
  }
}

module network 'network.bicep' = if (privateNetworking) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-m365-audit-${token}'
    location: location
    tags: tags
    storageId: storage.outputs.id
    vaultId: vault.outputs.id
  }
}

module app 'function-app.bicep' = {
  name: 'function-app'
  scope: group
  // The app reads storage and vault when it starts.
  dependsOn: [roles]
  params: {
    name: empty(functionAppName) ? 'func-m365-audit-${token}' : functionAppName
    planName: 'plan-m365-audit-${token}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    moreIdentityIds: identityIds
    signInAsIdentity: !hasCredential
    packageUri: storage.outputs.packageUri
    storageName: storage.outputs.name
    blobUri: storage.outputs.blobUri
    queueUri: storage.outputs.queueUri
    tableUri: storage.outputs.tableUri
    insightsConnectionString: monitoring.outputs.connectionString
    vaultUri: vault.outputs.uri
    vaultSettings: referenceNames
    appSettings: union(givenSettings, numberedTenants)
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    authClientId: authClientId
  }
}

output AZURE_RESOURCE_GROUP string = group.name
output AZURE_FUNCTION_NAME string = app.outputs.name
output FUNCTION_APP_URL string = app.outputs.url
output IDENTITY_NAME string = identity.outputs.name
output IDENTITY_CLIENT_ID string = identity.outputs.clientId
output IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output VAULT_NAME string = vault.outputs.name
output OUTBOUND_ADDRESS string = privateNetworking ? network!.outputs.outboundAddress : ''
