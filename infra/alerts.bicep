// The alerts: one rule a query of queries/alert-*.kql, scoped to the Application Insights component, so the queries speak of `traces`.
// What each is about and what to do: docs/operations.md.

@description('Region of the rules; that of the Application Insights component.')
param location string

@description('Tags of the rules.')
param tags object = {}

@description('Resource id of the Application Insights component that the app logs to.')
param applicationInsightsId string

@description('Resource id of the action group that is told; without one the alerts are seen in the portal only.')
param actionGroupId string = ''

@description('First part of the name of each rule.')
param namePrefix string

@description('Without a successful run of the listing timer for so long, listing has stopped. More than twice the time between two runs of LISTING_SCHEDULE.')
param listingWindow string = 'PT30M'

@description('Switches all rules off without deleting them.')
param enabled bool = true

// A rule looks at `window` every `every`, and is resolved when its rows are gone: what lasts is logged again every ten minutes.
var rules = [
  {
    name: 'listing-stopped'
    title: 'Listing has stopped'
    description: 'No run of list-content has succeeded lately, so nothing is collected from any tenant. Look at whether the app runs and whether storage lets it in: docs/operations.md#listing-stopped'
    severity: 0
    query: loadTextContent('queries/alert-listing-stopped.kql')
    window: listingWindow
    every: 'PT5M'
    byTenant: false
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'nothing-listed'
    title: 'Nothing listed for too long'
    description: 'Listing works, but a content type of this tenant has been without contents for longer than its own week explains. Search the audit log in the Microsoft Purview portal for newer events: docs/operations.md#nothing-listed'
    severity: 2
    query: loadTextContent('queries/alert-silent.kql')
    window: 'PT30M'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'close-to-expiry'
    title: 'Contents are close to expiry'
    description: 'Contents of this tenant expire within two days and are not forwarded yet; after that their records cannot be had from the API. Find out what holds them up: docs/operations.md#close-to-expiry'
    severity: 1
    query: loadTextContent('queries/alert-expiring.kql')
    window: 'PT30M'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'quarantine'
    title: 'Contents in quarantine'
    description: 'Contents of this tenant cannot be forwarded as they are. They are tried again every few hours until they expire; their events say why: docs/operations.md#quarantine'
    severity: 2
    query: loadTextContent('queries/alert-quarantine.kql')
    window: 'PT30M'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'paused'
    title: 'A pause has lasted for an hour'
    description: 'The API, the login or the destination has turned this tenant away for more than an hour. Nothing is lost within 7 days; the event of the pause says what to do: docs/operations.md#paused'
    severity: 2
    query: loadTextContent('queries/alert-paused.kql')
    window: 'PT30M'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'credential'
    title: 'A credential expires or is refused'
    description: 'The certificate of this tenant expires within 30 days, or its login, permission or intake key is refused. Renew or correct it: docs/operations.md#credential'
    severity: 1
    query: loadTextContent('queries/alert-credential.kql')
    window: 'P1D'
    every: 'PT30M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'crashes'
    title: 'Executions crash'
    description: 'The host has given up on messages of this tenant after five executions that ended without a word. Their contents are opened again; look at the exceptions and the memory of the app: docs/operations.md#crashes'
    severity: 1
    query: loadTextContent('queries/alert-crashes.kql')
    window: 'PT1H'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'lost'
    title: 'Records are lost, or the ledger does not balance'
    description: 'Contents of this tenant have expired, an interval was never listed, or an hour does not balance. Take the interval from a Purview audit log search: docs/operations.md#lost'
    severity: 0
    query: loadTextContent('queries/alert-lost.kql')
    window: 'PT6H'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
  {
    name: 'tenant-left-out'
    title: 'A tenant is left out'
    description: 'The settings of this tenant are wrong, and nothing of it is collected while the others go on. Correct what the event names: docs/operations.md#tenant-left-out'
    severity: 1
    query: loadTextContent('queries/alert-left-out.kql')
    window: 'PT2H'
    every: 'PT15M'
    byTenant: true
    operator: 'GreaterThan'
    threshold: 0
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = [for rule in rules: {
  name: '${namePrefix}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${namePrefix}: ${rule.title}'
    description: rule.description
    enabled: enabled
    severity: rule.severity
    scopes: [
      applicationInsightsId
    ]
    evaluationFrequency: rule.every
    windowSize: rule.window
    autoMitigate: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: rule.operator
          threshold: rule.threshold
          dimensions: rule.byTenant ? [
            {
              name: 'Tenant'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ] : []
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(actionGroupId) ? [] : [
        actionGroupId
      ]
    }
  }
}]
