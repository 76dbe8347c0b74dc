import {
  addressOf,
  applicationOf,
  type Draft,
  displayNameOf,
  headOf,
  numberOf,
  type RecordWriter,
  tailOf,
  textOf,
  userAgentOf,
  userOf,
} from './draft.ts';

function place(draft: Draft): { readonly site: string; readonly folder: string } {
  const name = draft.domain.slice(0, draft.domain.indexOf('.'));
  return { site: `https://${name}.sharepoint.com/sites/team-${draft.random.below(60)}/`, folder: 'Shared Documents' };
}

function session(draft: Draft): string {
  const { random } = draft;
  return (
    `"CorrelationId":"${random.guid()}","EventSource":"SharePoint","ItemType":"File","ListId":"${random.guid()}",` +
    `"ListItemUniqueId":"${random.guid()}","Site":"${random.guid()}","UserAgent":"${userAgentOf(draft)}","WebId":"${random.guid()}",` +
    `"HighPriorityMediaProcessing":false,"AppAccessContext":{"AADSessionId":"${random.guid()}","CorrelationId":"${random.guid()}","UniqueTokenId":"${random.hex8()}"},`
  );
}

const fileOperation: RecordWriter = (draft) => {
  const { random } = draft;
  const { site, folder } = place(draft);
  const file = textOf(draft);
  const head = headOf(draft, {
    operation: random.pick([
      'FileAccessed',
      'FileDownloaded',
      'FileModified',
      'FilePreviewed',
      'FileUploaded',
    ] as const),
    recordType: 6,
    workload: random.chance(0.3) ? 'OneDrive' : 'SharePoint',
    user: userOf(draft),
    objectId: `${site}${folder}/${file}`,
    clientIp: addressOf(draft),
  });
  return (
    `${head}${session(draft)}"AuthenticationType":"OAuth","ApplicationId":"${applicationOf(draft)}","ApplicationDisplayName":"${displayNameOf(draft)}",` +
    `"BrowserName":"Edge","BrowserVersion":"131.0.0.0","DeviceDisplayName":"${addressOf(draft)}","IsManagedDevice":${random.chance(0.5)},` +
    `"Platform":"WinDesktop","SourceFileExtension":"docx","SiteUrl":"${site}","SourceFileName":"${file}","SourceRelativeUrl":"${folder}${tailOf(draft)}",` +
    `"FileSizeBytes":${numberOf(draft)},"FileSyncBytesCommitted":"${random.below(1e6)}"}`
  );
};

const sharing: RecordWriter = (draft) => {
  const { random } = draft;
  const { site, folder } = place(draft);
  const head = headOf(draft, {
    operation: random.pick(['SharingSet', 'AddedToSecureLink', 'SharingInvitationCreated'] as const),
    recordType: 14,
    workload: 'SharePoint',
    user: userOf(draft),
    objectId: `${site}${folder}/${textOf(draft)}`,
    clientIp: addressOf(draft),
  });
  return (
    `${head}${session(draft)}"EventData":"<Permissions granted>${random.chance(0.5) ? 'Contribute' : 'Read'}</Permissions granted>",` +
    `"SourceFileExtension":"xlsx","SiteUrl":"${site}","SourceFileName":"${textOf(draft)}","SourceRelativeUrl":"${folder}",` +
    `"TargetUserOrGroupName":"${userOf(draft)}","TargetUserOrGroupType":"Member","UniqueSharingId":"${random.guid()}"}`
  );
};

const pageViewed: RecordWriter = (draft) => {
  const { random } = draft;
  const { site } = place(draft);
  const head = headOf(draft, {
    operation: 'PageViewed',
    recordType: 4,
    workload: 'SharePoint',
    user: userOf(draft),
    objectId: `${site}SitePages/Home.aspx`,
    clientIp: addressOf(draft),
  });
  return (
    `${head}"CorrelationId":"${random.guid()}","CustomUniqueId":true,"EventSource":"SharePoint","ItemType":"Page",` +
    `"Site":"${random.guid()}","UserAgent":"${userAgentOf(draft)}","WebId":"${random.guid()}"}`
  );
};

/** What stands in Audit.SharePoint, as often as it is here. */
export const sharepointRecords: readonly RecordWriter[] = [
  fileOperation,
  fileOperation,
  fileOperation,
  fileOperation,
  sharing,
  pageViewed,
];
