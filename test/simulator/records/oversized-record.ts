import { eventTime } from './record-press.ts';

/** A record of at least so many bytes, larger than a destination may take; unique by its id. */
export function oversizedRecord(options: {
  readonly tenantId: string;
  readonly id: string;
  readonly bytes: number;
  /** When its event happened, in milliseconds since 1970. */
  readonly at: number;
}): Buffer {
  const { tenantId, id, bytes, at } = options;
  const entry = '{\\"Name\\":\\"Caf\\u00e9 🚀 \\\\\\\\server\\\\\\\\share\\",\\"Value\\":9223372036854775807},';
  const filler = entry.repeat(Math.ceil(bytes / Buffer.byteLength(entry)));
  return Buffer.from(
    `{"CreationTime":"${eventTime(at)}","Id":"${id}","Operation":"Update user.","OrganizationId":"${tenantId}","RecordType":8,"ResultStatus":"Success",` +
      `"UserKey":"k","UserType":0,"Version":1,"Workload":"AzureActiveDirectory","ObjectId":"o","UserId":"admin@example.org",` +
      `"ExtendedProperties":[{"Name":"additionalDetails","Value":"[${filler}null]"}],"ModifiedProperties":[]}`,
  );
}
