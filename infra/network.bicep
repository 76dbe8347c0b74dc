// Private networking: a network for the app's way out, one address to the outside, and private endpoints of storage and vault.

param name string
param location string
param tags object
param storageId string
param vaultId string

var storageSuffix = environment().suffixes.storage
// The one private zone that is not named after the public one: vaultcore.azure.net, vaultcore.usgovcloudapi.net, vaultcore.azure.cn.
var vaultSuffix = replace(environment().suffixes.keyvaultDns, '.vault.', '.vaultcore.')

var endpoints = [
  { service: 'blob', resourceId: storageId, zone: 'privatelink.blob.${storageSuffix}' }
  { service: 'queue', resourceId: storageId, zone: 'privatelink.queue.${storageSuffix}' }
  { service: 'table', resourceId: storageId, zone: 'privatelink.table.${storageSuffix}' }
  { service: 'vault', resourceId: vaultId, zone: 'privatelink${vaultSuffix}' }
]

// Everything the app asks of Microsoft 365 and sends to the SIEM leaves from this address.
resource address 'Microsoft.Network/publicIPAddresses@2023-11-01' = {
  name: '${name}-out'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource natGateway 'Microsoft.Network/natGateways@2023-11-01' = {
  name: '${name}-nat'
  location: location
  tags: tags
  sku: {
    name: 'Standard'
  }
  properties: {
    // A POST may last 60 seconds without a byte on the way.
    idleTimeoutInMinutes: 10
    publicIpAddresses: [
      {
        id: address.id
      }
    ]
  }
}

resource network 'Microsoft.Network/virtualNetworks@2023-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.0.0.0/16'
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.0.0.0/24'
          natGateway: {
            id: natGateway.id
          }
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'private-endpoints'
        properties: {
          addressPrefix: '10.0.1.0/27'
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource zones 'Microsoft.Network/privateDnsZones@2020-06-01' = [
  for endpoint in endpoints: {
    name: endpoint.zone
    location: 'global'
    tags: tags
  }
]

resource zoneLinks 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [
  for (endpoint, i) in endpoints: {
    parent: zones[i]
    name: name
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: {
        id: network.id
      }
    }
  }
]

resource privateEndpoints 'Microsoft.Network/privateEndpoints@2023-11-01' = [
  for endpoint in endpoints: {
    name: '${name}-${endpoint.service}'
    location: location
    tags: tags
    properties: {
      subnet: {
        id: '${network.id}/subnets/private-endpoints'
      }
      privateLinkServiceConnections: [
        {
          name: endpoint.service
          properties: {
            privateLinkServiceId: endpoint.resourceId
            groupIds: [
              endpoint.service
            ]
          }
        }
      ]
    }
  }
]

resource zoneGroups 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2023-11-01' = [
  for (endpoint, i) in endpoints: {
    parent: privateEndpoints[i]
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [
        {
          name: endpoint.service
          properties: {
            privateDnsZoneId: zones[i].id
          }
        }
      ]
    }
  }
]

output appSubnetId string = '${network.id}/subnets/app'
output outboundAddress string = address.properties.ipAddress
