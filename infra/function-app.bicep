// The Flex Consumption plan and the function app on it.

param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string

@description('Resource ids of further user-assigned identities that settings name.')
param moreIdentityIds array

@description('Sign in to Microsoft 365 as the app\'s own identity, when no setting says otherwise.')
param signInAsIdentity bool

param packageUri string
param storageName string
param blobUri string
param queueUri string
param tableUri string
param insightsConnectionString string
param vaultUri string

@description('Names of the settings whose value stands in the vault.')
param vaultSettings array

@description('The other settings of the app, by name.')
param appSettings object

param instanceMemoryMB int
param maximumInstanceCount int

@description('Empty: no network of its own.')
param subnetId string

@description('Empty: no sign-in for people.')
param authClientId string

// By the name alone where that is enough: the host has been seen to start without its storage when it was given addresses, and it
// takes neither when it is given both. Elsewhere the app needs the addresses, because a name stands for the public cloud.
// Source: https://github.com/Azure/azure-functions-host/issues/11787
var storageSettings = environment().name == 'AzureCloud'
  ? { AzureWebJobsStorage__accountName: storageName }
  : {
      AzureWebJobsStorage__blobServiceUri: blobUri
      AzureWebJobsStorage__queueServiceUri: queueUri
      AzureWebJobsStorage__tableServiceUri: tableUri
    }

var hostSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
}

var ownIdentity = signInAsIdentity ? { MANAGED_IDENTITY_CLIENT_ID: identityClientId } : {}

// Without a version: a secret that is replaced reaches the app within a day, or at its next restart.
var references = toObject(
  vaultSettings,
  setting => setting,
  setting => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${toLower(replace(setting, '_', '-'))})'
)

var allSettings = union(ownIdentity, appSettings, references, storageSettings, hostSettings)

resource plan 'Microsoft.Web/serverfarms@2025-05-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2025-05-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'collector' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: toObject(concat([identityId], moreIdentityIds), id => id, id => {})
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageUri
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'node'
        version: '24'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
      }
      // Lets what runs come to its end. The default ends it, which may send one batch of each content in work twice.
      siteUpdateStrategy: {
        type: 'RollingUpdate'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      // Here and not as a resource of their own, so that the app never starts without them.
      appSettings: [
        for setting in items(allSettings): {
          name: setting.key
          value: setting.value
        }
      ]
    }
  }

  // Deploying takes a token of Entra ID; there are no publishing passwords.
  resource ftp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: {
      allow: false
    }
  }

  resource scm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: {
      allow: false
    }
  }

  resource signIn 'config' = if (!empty(authClientId)) {
    name: 'authsettingsV2'
    properties: {
      platform: {
        enabled: true
        runtimeVersion: '~1'
      }
      globalValidation: {
        // Who has not signed in is let through: all functions but the dashboard want a function key, and it sends people to sign in.
        requireAuthentication: false
        unauthenticatedClientAction: 'AllowAnonymous'
      }
      httpSettings: {
        requireHttps: true
      }
      identityProviders: {
        azureActiveDirectory: {
          enabled: true
          registration: {
            clientId: authClientId
            openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
          }
        }
      }
      login: {
        tokenStore: {
          enabled: false
        }
      }
    }
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
