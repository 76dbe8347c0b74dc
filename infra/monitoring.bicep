// Where the app logs to, what is made of it, and whom alerts go to.

param logAnalyticsName string
param applicationInsightsName string
param actionGroupName string
param location string
param tags object
param retentionDays int

@description('GB a day; -1 for no cap.')
param dailyCapGb int

@description('Empty: no action group.')
param alertEmail string
param alertsEnabled bool
param alertListingWindow string

@description('First part of the names of alerts and workbook.')
param namePrefix string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: logAnalyticsName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: applicationInsightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    // Telemetry of the app's identity alone: the connection string is then no secret.
    DisableLocalAuth: true
  }
}

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'm365audit'
    enabled: true
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: alertEmail
        useCommonAlertSchema: true
      }
    ]
  }
}

module alerts 'alerts.bicep' = {
  name: 'alerts'
  params: {
    location: location
    tags: tags
    applicationInsightsId: insights.id
    actionGroupId: empty(alertEmail) ? '' : actionGroup.id
    namePrefix: namePrefix
    enabled: alertsEnabled
    listingWindow: alertListingWindow
  }
}

module workbook 'workbook.bicep' = {
  name: 'workbook'
  params: {
    location: location
    tags: tags
    applicationInsightsId: insights.id
    namePrefix: namePrefix
  }
}

output applicationInsightsName string = insights.name
output connectionString string = insights.properties.ConnectionString
