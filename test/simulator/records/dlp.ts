import {
  displayNameOf,
  headOf,
  lengthOf,
  listOf,
  numberOf,
  type RecordWriter,
  tailOf,
  textOf,
  userOf,
} from './draft.ts';

const sensitiveTypes = ['Credit Card Number', 'EU Debit Card Number', 'France Passport Number', 'IP Address'] as const;

const ruleMatch: RecordWriter = (draft) => {
  const { random, domain } = draft;
  const user = userOf(draft);
  const inMail = random.chance(0.5);
  const head = headOf(draft, {
    operation: random.chance(0.9) ? 'DLPRuleMatch' : 'DLPRuleUndo',
    recordType: inMail ? 13 : 11,
    workload: inMail ? 'Exchange' : 'SharePoint',
    user,
    userType: 4,
    objectId: inMail
      ? `<${random.guid()}@contoso.example>`
      : `https://contoso.sharepoint.com/sites/hr/${textOf(draft)}`,
  });
  const found = listOf(lengthOf(draft, 25), (index) => {
    const values = listOf(
      1 + random.below(3),
      () => `{"Name":"4${random.below(1e9)}000000","Value":"… ${displayNameOf(draft)} …"}`,
    );
    return (
      `{"Confidence":${random.chance(0.5) ? '85.0' : '75'},"Count":${numberOf(draft)},"Location":"Message Body","SensitiveInformationDetections":{"DetectedValues":[${values}],"ResultsTruncated":false},` +
      `"SensitiveInformationTypeName":"${sensitiveTypes[index % sensitiveTypes.length]}","SensitiveType":"${random.guid()}","UniqueCount":${random.below(20) + 1}}`
    );
  });
  const policy =
    `"PolicyDetails":[{"PolicyId":"${random.guid()}","PolicyName":"${textOf(draft)}","Rules":[{"Actions":["BlockAccess","GenerateAlert"],` +
    `"ConditionsMatched":{"ConditionMatchedInNewScheme":true,"SensitiveInformation":[${found}]},"RuleId":"${random.guid()}","RuleMode":"Enable","RuleName":"High volume${tailOf(draft)}","Severity":"High"}]}]`;
  const object = inMail
    ? `"ExchangeMetaData":{"BCC":[],"CC":[],"FileSize":${numberOf(draft)},"From":"${user}","MessageID":"<${random.guid()}@${domain}>","RecipientCount":1,"Sent":"${draft.time}","Subject":"${textOf(draft)}","To":["${userOf(draft)}"],"UniqueID":"${random.guid()}"}`
    : `"SharePointMetaData":{"DocumentLastModifier":"${displayNameOf(draft)}","FileName":"${textOf(draft)}","FileOwner":"${displayNameOf(draft)}","FileSize":${numberOf(draft)},"From":"${user}","SiteCollectionGuid":"${random.guid()}","UniqueID":"${random.guid()}"}`;
  return `${head}"IncidentId":"${random.guid()}",${policy},"SensitiveInfoDetectionIsIncluded":true,${object}}`;
};

/** What stands in DLP.All. */
export const dlpRecords: readonly RecordWriter[] = [ruleMatch];
