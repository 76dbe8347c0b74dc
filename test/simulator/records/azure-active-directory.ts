import {
  addressOf,
  applicationOf,
  type Draft,
  displayNameOf,
  headOf,
  lengthOf,
  listOf,
  type RecordWriter,
  tailOf,
  userAgentOf,
  userOf,
} from './draft.ts';

function actor(draft: Draft, user: string): string {
  const { random } = draft;
  return `[{"ID":"${random.guid()}","Type":0},{"ID":"${user}","Type":5},{"ID":"100320${random.hex8().toUpperCase()}","Type":3}]`;
}

function signIn(draft: Draft, operation: 'UserLoggedIn' | 'UserLoginFailed'): string {
  const { random, tenantId } = draft;
  const user = userOf(draft);
  const ip = addressOf(draft);
  const failed = operation === 'UserLoginFailed';
  const head = headOf(draft, {
    operation,
    recordType: 15,
    workload: 'AzureActiveDirectory',
    user,
    userKey: random.guid(),
    resultStatus: failed ? 'Failed' : 'Success',
    objectId: applicationOf(draft),
    clientIp: ip,
  });
  const error = failed ? ',"ErrorNumber":"50126","LogonError":"InvalidUserNameOrPassword"' : ',"ErrorNumber":"0"';
  return (
    `${head}"AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"ResultStatusDetail","Value":"${failed ? 'UserError' : 'Redirect'}"},` +
    `{"Name":"UserAgent","Value":"${userAgentOf(draft)}${tailOf(draft)}"},{"Name":"RequestType","Value":"OAuth2:Authorize"}],` +
    `"ModifiedProperties":[],"Actor":${actor(draft, user)},"ActorContextId":"${tenantId}","ActorIpAddress":"${ip}",` +
    `"InterSystemsId":"${random.guid()}","IntraSystemId":"${random.guid()}","SupportTicketId":"",` +
    `"Target":[{"ID":"${applicationOf(draft)}","Type":0}],"TargetContextId":"${tenantId}","ApplicationId":"${applicationOf(draft)}",` +
    `"DeviceProperties":[{"Name":"OS","Value":"Windows10"},{"Name":"BrowserType","Value":"Edge"},{"Name":"IsCompliantAndManaged","Value":"${random.chance(0.5) ? 'True' : 'False'}"},` +
    `{"Name":"SessionId","Value":"${random.guid()}"}]${error}}`
  );
}

const userLoggedIn: RecordWriter = (draft) => signIn(draft, 'UserLoggedIn');
const userLoginFailed: RecordWriter = (draft) => signIn(draft, 'UserLoginFailed');

const addMemberToGroup: RecordWriter = (draft) => {
  const { random, tenantId } = draft;
  const user = userOf(draft);
  const member = userOf(draft);
  const group = displayNameOf(draft);
  const head = headOf(draft, {
    operation: 'Add member to group.',
    recordType: 8,
    workload: 'AzureActiveDirectory',
    user,
    resultStatus: 'Success',
    objectId: member,
  });
  return (
    `${head}"AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"additionalDetails","Value":"{\\"User-Agent\\":\\"${userAgentOf(draft)}\\"}"},` +
    `{"Name":"extendedAuditEventCategory","Value":"Group"}],"ModifiedProperties":[{"Name":"Group.ObjectID","NewValue":"${random.guid()}","OldValue":""},` +
    `{"Name":"Group.DisplayName","NewValue":"${group}${tailOf(draft)}","OldValue":""},{"Name":"Group.WellKnownObjectName","NewValue":"","OldValue":""}],` +
    `"Actor":${actor(draft, user)},"ActorContextId":"${tenantId}","InterSystemsId":"${random.guid()}","IntraSystemId":"${random.guid()}",` +
    `"SupportTicketId":"","Target":[{"ID":"User_${random.guid()}","Type":2},{"ID":"${member}","Type":5}],"TargetContextId":"${tenantId}"}`
  );
};

const updateUser: RecordWriter = (draft) => {
  const { random, tenantId } = draft;
  const user = userOf(draft);
  const head = headOf(draft, {
    operation: 'Update user.',
    recordType: 8,
    workload: 'AzureActiveDirectory',
    user,
    resultStatus: 'Success',
    objectId: userOf(draft),
  });
  const properties = listOf(lengthOf(draft, 40), (index) => {
    const name = displayNameOf(draft);
    return `{"Name":"Property${index}","NewValue":"[\\r\\n  \\"${random.hex8()}\\"\\r\\n]","OldValue":"[\\r\\n  \\"\\"\\r\\n]","DisplayName":"${name}"}`;
  });
  return (
    `${head}"AzureActiveDirectoryEventType":1,"ExtendedProperties":[{"Name":"extendedAuditEventCategory","Value":"User"}],` +
    `"ModifiedProperties":[${properties}],"Actor":${actor(draft, user)},"ActorContextId":"${tenantId}","InterSystemsId":"${random.guid()}",` +
    `"IntraSystemId":"${random.guid()}","SupportTicketId":"","Target":[{"ID":"User_${random.guid()}","Type":2}],"TargetContextId":"${tenantId}"}`
  );
};

/** What stands in Audit.AzureActiveDirectory, as often as it is here. */
export const azureActiveDirectoryRecords: readonly RecordWriter[] = [
  userLoggedIn,
  userLoggedIn,
  userLoggedIn,
  userLoginFailed,
  addMemberToGroup,
  updateUser,
];
