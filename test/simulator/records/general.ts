import {
  addressOf,
  displayNameOf,
  headOf,
  lengthOf,
  listOf,
  numberOf,
  type RecordWriter,
  tailOf,
  textOf,
  userAgentOf,
  userOf,
} from './draft.ts';

const teams: RecordWriter = (draft) => {
  const { random } = draft;
  const head = headOf(draft, {
    operation: random.pick(['MessageSent', 'MemberAdded', 'TeamsSessionStarted', 'ChannelAdded'] as const),
    recordType: 25,
    workload: 'MicrosoftTeams',
    user: userOf(draft),
    userKey: random.guid(),
    clientIp: addressOf(draft),
  });
  const members = listOf(
    lengthOf(draft, 60),
    () => `{"DisplayName":"${displayNameOf(draft)}","Role":1,"UPN":"${userOf(draft)}"}`,
  );
  return (
    `${head}"CommunicationType":"Team","ChannelGuid":"19:${random.hex8()}${random.hex8()}@thread.tacv2","ChannelName":"${displayNameOf(draft)}",` +
    `"ItemName":"${textOf(draft)}","MessageId":"${1_700_000_000_000 + random.below(1e9)}","MessageVersion":"1","Members":[${members}],` +
    `"TeamGuid":"19:${random.hex8()}@thread.tacv2","TeamName":"${textOf(draft)}${tailOf(draft)}","AADGroupId":"${random.guid()}",` +
    `"ExtraProperties":[{"Key":"TimeZone","Value":"Europe/Paris"},{"Key":"OsName","Value":"windows"},{"Key":"Country","Value":"fr"}]}`
  );
};

const threatMail: RecordWriter = (draft) => {
  const { random } = draft;
  const recipient = userOf(draft);
  const head = headOf(draft, {
    operation: 'TIMailData',
    recordType: 28,
    workload: 'ThreatIntelligence',
    user: 'ThreatIntel',
    userKey: 'ThreatIntel',
    userType: 4,
    objectId: `${random.guid()}-${random.below(1e9)}-1`,
  });
  const attachments = listOf(
    lengthOf(draft, 40),
    () =>
      `{"FileName":"${textOf(draft)}","FileType":"pdf;zip","FileVerdict":${random.below(2)},"MalwareFamily":"","SHA256":"${random.hex8().repeat(8)}"}`,
  );
  return (
    `${head}"AttachmentData":[${attachments}],"DetectionMethod":"URL detonation","DetectionType":"Inline","DeliveryAction":"Blocked",` +
    `"EventDeepLink":"https:\\/\\/security.microsoft.com\\/?hash=\\/threatexplorer?messageParams=${random.guid()},${recipient}","InternetMessageId":"<${random.guid()}@example.org>",` +
    `"MessageTime":"${draft.time}","NetworkMessageId":"${random.guid()}","P1Sender":"bounce-${random.hex8()}@example.org","P2Sender":"billing@example.org",` +
    `"Policy":"Phish","PolicyAction":"Quarantine","Recipients":["${recipient}"],"SenderIp":"${addressOf(draft)}","Subject":"${textOf(draft)}${tailOf(draft)}",` +
    `"ThreatsAndDetectionTech":["Phish: [URL detonation reputation]"],"Verdict":"Phish","BulkComplaintLevel":${numberOf(draft)},"Confidence":1.0}`
  );
};

const urlClick: RecordWriter = (draft) => {
  const { random } = draft;
  const user = userOf(draft);
  const head = headOf(draft, {
    operation: 'TIUrlClickData',
    recordType: 41,
    workload: 'ThreatIntelligence',
    user,
    userKey: 'ThreatIntel',
    userType: 4,
    objectId: random.guid(),
  });
  return (
    `${head}"AppName":"Mail","AppVersion":"0.0.0000","EventDeepLink":"https:\\/\\/security.microsoft.com\\/url","SourceId":"${random.guid()}",` +
    `"TimeOfClick":"${draft.time}","Url":"https://${random.hex8()}.example.org/login?u=${random.hex8()}&next=%2F\\u0026x=1","UrlClickAction":${random.below(6)},"UserIp":"${addressOf(draft)}"}`
  );
};

const atpContent: RecordWriter = (draft) => {
  const { random } = draft;
  const head = headOf(draft, {
    operation: 'AtpDetection',
    recordType: 47,
    workload: 'ThreatIntelligence',
    user: userOf(draft),
    userKey: 'ThreatIntel',
    userType: 4,
    objectId: `${random.guid()}-${random.hex8()}`,
  });
  return (
    `${head}"DetectionMethod":"Reputation","EventDeepLink":"https:\\/\\/security.microsoft.com\\/content","FileData":{"DocumentId":"${random.guid()}",` +
    `"FileName":"${textOf(draft)}","FilePath":"https://contoso.sharepoint.com/sites/x/${textOf(draft)}","FileSize":${numberOf(draft)},"FileVerdict":"1",` +
    `"MalwareFamily":"Trojan_PDF_Phish","SHA256":"${random.hex8().repeat(8)}"},"LastModifiedBy":"${displayNameOf(draft)}","LastModifiedDate":"${draft.time}","SourceWorkload":0}`
  );
};

const investigation: RecordWriter = (draft) => {
  const { random } = draft;
  const head = headOf(draft, {
    operation: 'AirInvestigationData',
    recordType: 64,
    workload: 'AirInvestigation',
    user: 'AirInvestigation',
    userKey: 'AirInvestigation',
    userType: 4,
    objectId: `urn:ZappedUrlInvestigation:${random.hex8()}`,
  });
  const entities = listOf(
    lengthOf(draft, 20),
    (index) =>
      `{\\"$id\\":\\"${index + 2}\\",\\"Type\\":\\"mailMessage\\",\\"NetworkMessageId\\":\\"${random.guid()}\\",\\"Recipient\\":\\"${userOf(draft)}\\",\\"Score\\":1.0}`,
  );
  return (
    `${head}"Actions":["{\\"$id\\":\\"1\\",\\"ActionId\\":\\"urn:EmailZapper:${random.hex8()}\\",\\"Entities\\":[${entities}]}"],` +
    `"Data":"{\\"Version\\":\\"3.0\\",\\"VendorName\\":\\"Microsoft\\",\\"ProviderName\\":\\"OATP\\",\\"AlertType\\":\\"${random.guid()}\\",\\"Description\\":\\"${tailOf(draft)}\\"}",` +
    `"DeepLinkUrl":"https://security.microsoft.com/mtp-investigation/urn:ZappedUrlInvestigation:${random.hex8()}","EndTimeUtc":"${draft.time}Z",` +
    `"InvestigationId":"urn:ZappedUrlInvestigation:${random.hex8()}","InvestigationName":"Mail with malicious urls is zapped - ${random.hex8()}","InvestigationType":"ZappedUrlInvestigation",` +
    `"LastUpdateTimeUtc":"${draft.time}Z","RunningTime":${numberOf(draft)},"StartTimeUtc":"${draft.time}Z","Status":"Remediated"}`
  );
};

const powerBi: RecordWriter = (draft) => {
  const { random } = draft;
  const user = userOf(draft);
  const head = headOf(draft, {
    operation: 'ViewReport',
    recordType: 20,
    workload: 'PowerBI',
    user,
    userKey: `1003${random.hex8().toUpperCase()}`,
    objectId: textOf(draft),
    clientIp: addressOf(draft),
  });
  return (
    `${head}"UserAgent":"${userAgentOf(draft)}","Activity":"ViewReport","ItemName":"${textOf(draft)}","WorkSpaceName":"${displayNameOf(draft)}","DatasetName":"${textOf(draft)}",` +
    `"ReportName":"${textOf(draft)}","WorkspaceId":"${random.guid()}","DatasetId":"${random.guid()}","ReportId":"${random.guid()}","IsSuccess":true,"ReportType":"PowerBIReport",` +
    `"RequestId":"${random.guid()}","ActivityId":"${random.guid()}","DistributionMethod":"Workspace","ConsumptionMethod":"Power BI Web","RefreshEnforcementPolicy":0}`
  );
};

/** What stands in Audit.General, Defender for Office 365 with it, as often as it is here. */
export const generalRecords: readonly RecordWriter[] = [
  teams,
  teams,
  teams,
  threatMail,
  urlClick,
  atpContent,
  investigation,
  powerBi,
];
