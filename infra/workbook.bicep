// The workbook: workbook.json with the queries of queries/ in place of their names.

@description('Region of the workbook; that of the Application Insights component.')
param location string

@description('Tags of the workbook.')
param tags object = {}

@description('Resource id of the Application Insights component that the app logs to.')
param applicationInsightsId string

@description('Name under which the workbook is found in the portal; its id comes from it.')
param namePrefix string

// Paths of files have to be written out.
var queries = {
  'queries/tenants.kql': loadTextContent('queries/tenants.kql')
  'queries/completeness.kql': loadTextContent('queries/completeness.kql')
  'queries/open-contents.kql': loadTextContent('queries/open-contents.kql')
  'queries/lag-parts.kql': loadTextContent('queries/lag-parts.kql')
  'queries/lag-largest.kql': loadTextContent('queries/lag-largest.kql')
  'queries/throughput.kql': loadTextContent('queries/throughput.kql')
  'queries/pauses.kql': loadTextContent('queries/pauses.kql')
  'queries/faults.kql': loadTextContent('queries/faults.kql')
  'queries/possibly-doubled.kql': loadTextContent('queries/possibly-doubled.kql')
  'queries/lateness.kql': loadTextContent('queries/lateness.kql')
  'queries/rhythm.kql': loadTextContent('queries/rhythm.kql')
  'queries/cost-drivers.kql': loadTextContent('queries/cost-drivers.kql')
  'queries/executions.kql': loadTextContent('queries/executions.kql')
}

// An array of one text is that text as JSON, between brackets. A lambda has to stand on one line.
var content = reduce(items(queries), loadTextContent('workbook.json'), (text, query) => replace(string(text), '"${query.key}"', substring(string([query.value]), 1, length(string([query.value])) - 2)))

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(resourceGroup().id, namePrefix, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: '${namePrefix}: Microsoft 365 audit log'
    category: 'workbook'
    version: 'Notebook/1.0'
    sourceId: applicationInsightsId
    serializedData: string(content)
  }
}

output workbookId string = workbook.id
