// The one identity of the app: for its storage, its telemetry, its secrets and, federated, for the app registration.
// User-assigned, because Entra ID takes no system-assigned one as a federated credential.

param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output name string = identity.name
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
