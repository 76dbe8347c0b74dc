import {
  addressOf,
  type Draft,
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

function mailbox(draft: Draft, user: string): string {
  const { random, domain } = draft;
  return (
    `"ExternalAccess":false,"InternalLogonType":0,"LogonType":${random.below(3)},"LogonUserSid":"S-1-5-21-${random.below(4e9)}-${random.below(4e9)}-1102",` +
    `"MailboxGuid":"${random.guid()}","MailboxOwnerSid":"S-1-5-21-${random.below(4e9)}-1102","MailboxOwnerUPN":"${user}",` +
    `"OrganizationName":"${domain}","OriginatingServer":"AM0PR0${random.below(10)}MB4321 (15.20.8158.000)\\r\\n","SessionId":"${random.guid()}",`
  );
}

const exchangeAdmin: RecordWriter = (draft) => {
  const { random, domain } = draft;
  const user = userOf(draft);
  const operation = random.pick([
    'Set-Mailbox',
    'New-InboxRule',
    'Add-MailboxPermission',
    'Set-TransportRule',
  ] as const);
  const head = headOf(draft, {
    operation,
    recordType: 1,
    workload: 'Exchange',
    user,
    userType: 2,
    resultStatus: 'True',
    objectId: displayNameOf(draft),
    clientIp: addressOf(draft),
  });
  return (
    `${head}"ExternalAccess":false,"OrganizationName":"${domain}","OriginatingServer":"AM0PR0${random.below(10)}MB1234 (15.20.8158.000)",` +
    `"AppId":"","ClientAppId":"","Parameters":[{"Name":"Identity","Value":"${userOf(draft)}"},{"Name":"ForwardingSmtpAddress","Value":"smtp:${random.hex8()}@example.org"},` +
    `{"Name":"SubjectContainsWords","Value":"${textOf(draft)}"},{"Name":"DeliverToMailboxAndForward","Value":"True"},` +
    `{"Name":"Description","Value":"${tailOf(draft)}"}],"SessionId":"${random.guid()}","RequestId":"${random.guid()}"}`
  );
};

const mailItemsAccessed: RecordWriter = (draft) => {
  const { random } = draft;
  const user = userOf(draft);
  const head = headOf(draft, {
    operation: 'MailItemsAccessed',
    recordType: 50,
    workload: 'Exchange',
    user,
    userKey: random.guid(),
    resultStatus: 'Succeeded',
  });
  const items = listOf(
    lengthOf(draft, 90),
    () =>
      `{"InternetMessageId":"<${random.guid()}@AM0PR04MB4321.eurprd04.prod.outlook.com>","SizeInBytes":${numberOf(draft)}}`,
  );
  return (
    `${head}"ClientIPAddress":"${addressOf(draft)}","ClientInfoString":"Client=MSExchangeRPC","ClientProcessName":"OUTLOOK.EXE","ClientVersion":"16.0.18129",` +
    `${mailbox(draft, user)}"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}],` +
    `"Folders":[{"FolderItems":[${items}],"Id":"LgAAAA${random.hex8()}${random.hex8()}AAB","Path":"\\\\${textOf(draft)}"}],` +
    `"OperationCount":${random.below(90) + 1},"Item":{"Id":"LgAAAA${random.hex8()}","ParentFolder":{"Id":"LgAAAA${random.hex8()}","Name":"${displayNameOf(draft)}","Path":"\\\\Inbox"}}}`
  );
};

const exchangeItem: RecordWriter = (draft) => {
  const { random } = draft;
  const user = userOf(draft);
  const head = headOf(draft, {
    operation: random.pick(['Create', 'Send', 'SoftDelete', 'MoveToDeletedItems', 'Update'] as const),
    recordType: 2,
    workload: 'Exchange',
    user,
    userKey: random.guid(),
    resultStatus: 'Succeeded',
    clientIp: addressOf(draft),
  });
  const attachments = listOf(lengthOf(draft, 60), () => `${textOf(draft)} (${random.below(90_000)}b)`).replaceAll(
    ',',
    '; ',
  );
  return (
    `${head}"ClientIPAddress":"${addressOf(draft)}","ClientInfoString":"Client=OWA;Action=ViaProxy",${mailbox(draft, user)}` +
    `"Item":{"Attachments":"${attachments}","Id":"RgAAAA${random.hex8()}${random.hex8()}${random.hex8()}AAJ",` +
    `"InternetMessageId":"<${random.guid()}@contoso.example>","IsRecord":false,"SizeInBytes":${numberOf(draft)},"Subject":"${textOf(draft)}${tailOf(draft)}",` +
    `"ParentFolder":{"Id":"LgAAAA${random.hex8()}","Path":"\\\\Drafts"}},"ModifiedProperties":["RecipientCollection","ItemClass"]}`
  );
};

/** What stands in Audit.Exchange, as often as it is here. */
export const exchangeRecords: readonly RecordWriter[] = [
  exchangeAdmin,
  mailItemsAccessed,
  mailItemsAccessed,
  mailItemsAccessed,
  exchangeItem,
  exchangeItem,
];
