import type { ErrorCode } from './errors.ts';

const nothing = 'Nothing is to be done.';

/**
 * What to do about each failure, in a line or two: what an event of a fault carries beside its message, where nothing more exact is
 * known, and what docs/errors.md says.
 */
export const remedies: Readonly<Record<ErrorCode, string>> = {
  settings_invalid:
    'Correct the settings that are named in the Azure portal: the Function App, Settings, Environment variables (local.settings.json for a local run).',
  login_refused:
    'Check TENANT_ID, CLIENT_ID, the credential and CLOUD against the app registration in the Microsoft Entra admin center; https://login.microsoftonline.com/error explains the code.',
  login_unavailable:
    "If it lasts, check AUTHORITY_HOST and the app's outbound network rules, and look at https://status.cloud.microsoft.",
  credential_expiring:
    'Make a new certificate, upload it in Certificates & secrets of the app registration beside the old one, then change CLIENT_CERTIFICATE.',
  permission_missing:
    'Give the app registration the application permission ActivityFeed.Read of "Office 365 Management APIs" (for DLP.All also ActivityFeed.ReadDlp) and grant admin consent.',
  type_refused:
    'Check that the permission for this content type is granted with admin consent (ActivityFeed.ReadDlp for DLP.All), or take the type out of CONTENT_TYPES.',
  tenant_mismatch: 'Check that TENANT_ID, CLIENT_ID and CLOUD belong together.',
  cloud_mismatch: 'Check CLOUD against the cloud that the tenant is in, and MANAGEMENT_API_URL if it is set.',
  auditing_off: 'Turn it on in the Microsoft Purview portal (Audit, Start recording) and wait an hour.',
  subscription_missing:
    'Nothing at first. If it keeps coming back, see what else stops subscriptions with this app registration.',
  subscription_disabled:
    'Find out who disabled it. With a webhook: enable it with the application that it belongs to, or remove the webhook.',
  subscription_enabled: nothing,
  request_refused: 'Check CLOUD and CONTENT_TYPES; if both are right, report it.',
  window_refused: 'Nothing at first. If it stays, check the clock of the machine.',
  page_token_refused: nothing,
  interval_lost: 'Take the interval from a Purview audit log search if it is needed.',
  listing_silent:
    'Search the tenant in the audit log of the Microsoft Purview portal: if it shows newer events, run the doctor and look at the Microsoft 365 service health page; if it shows none, see what has stopped in the tenant.',
  item_invalid: 'If it stays, report it.',
  content_missing: 'Nothing at first. If there are many, report them to Microsoft.',
  content_expired: 'Find out what held it up for so long; take what is missing from a Purview audit log search.',
  content_malformed: 'Nothing at first. If it stays, report the content id to Microsoft.',
  content_changed: 'Compare the content with what the destination has.',
  content_incomplete: 'Nothing at first. If it stays, report the content id to Microsoft.',
  attempts_exhausted: 'See the exceptions and the memory of the app at those times.',
  executions_crashed: 'See the exceptions and the memory of the app at those times.',
  ledger_unbalanced:
    'See what else writes to the table of the ledger; if nothing does, report it. Take the hour from a Purview audit log search to see what is missing.',
  claim_lost: nothing,
  message_invalid:
    'See what else writes to this queue; put the tenant back into the settings if it was taken out by mistake.',
  address_rejected: 'If CLOUD or MANAGEMENT_API_URL were changed lately, check them; otherwise report it.',
  api_throttled:
    'Nothing at first. If it never ends, see what else uses the quota of this tenant, and check PUBLISHER_ID.',
  api_unavailable: 'Nothing at first. If it stays, see the Microsoft 365 service health page.',
  api_answer_invalid: 'Nothing at first. If it stays, check for a proxy or firewall that answers in place of the API.',
  network_unreachable: 'If it lasts, check DNS, firewall and outbound rules of the app.',
  network_failed: 'Nothing at first. If it is frequent, check the network in between.',
  destination_unavailable:
    "Nothing at first. If it lasts, see the destination's status page, and the app's outbound rules.",
  destination_throttled: 'Nothing at first. If it stays, ask the vendor of the destination for a higher limit.',
  destination_refused_key: 'Check SEKOIA_INTAKE_KEY and SEKOIA_REGION.',
  destination_refused_batch:
    'Check that the intake is of the format "Microsoft 365 / Office 365"; get the record by its content id and place, and report it.',
  destination_batch_too_large: nothing,
  destination_unconfirmed: 'Nothing at first. If it is frequent, check the network to the destination.',
  storage_refused:
    'Give the identity of the app the roles Storage Queue Data Contributor, Storage Table Data Contributor and Storage Blob Data Owner on the storage account, or correct AzureWebJobsStorage; check the firewall of the account.',
  storage_unavailable:
    'If it lasts, check the name of the storage account, its firewall and private endpoints, and https://azure.status.microsoft.',
  paused_by_hand:
    'Resume it before its contents expire, 7 days after they were created: npm run operate -- resume, or POST /api/resume.',
  deadline_reached: nothing,
};
