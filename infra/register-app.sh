#!/usr/bin/env bash
# Sets up the app registration that collects the audit log of a Microsoft 365 tenant. Every step looks first and changes only what is
# missing, so it can be run again at any time. It makes no secret. docs/setup.md says how to do the same in the portal.
# Written for bash 3.2, which macOS has.
set -euo pipefail

# The application id of "Office 365 Management APIs", the same in every tenant. Observed in many apps' manifests.
readonly api=c5393580-f805-4401-95e8-94b7a6ef2fc2

# What Microsoft Graph says while an object that has just been created is not yet known everywhere. Observed.
readonly late='does not exist|not found|not present|valid reference|valid application object|backing application'
readonly denied='Authorization_RequestDenied|AuthorizationFailed|Insufficient privileges|Forbidden'

# May consent to any application permission but those of Microsoft Graph, and create service principals.
# Source: https://learn.microsoft.com/entra/identity/enterprise-apps/grant-admin-consent
readonly consent_role='Cloud Application Administrator, Application Administrator, Privileged Role Administrator or Global Administrator'
readonly app_role='Application Developer, Cloud Application Administrator, Application Administrator or Global Administrator'

name=m365-audit-collector client_id='' identity='' wanted_tenant='' permissions=ActivityFeed.Read dry_run=false
quote="'" escaped="'\\''" created=false principal='' identity_client='' answer=''

usage() {
  cat <<'TEXT'
usage: infra/register-app.sh [options]
  --name NAME               display name of the app registration (default: m365-audit-collector)
  --client-id ID            take the app registration with this client id, whatever its name
  --managed-identity WHICH  let this user-assigned managed identity sign in as the app: resource-group/name, or its resource id
  --dlp                     ask for ActivityFeed.ReadDlp too, which the content type DLP.All needs
  --tenant ID               stop unless the Azure CLI is signed in to this tenant
  --dry-run                 run nothing, print each command; needs neither the Azure CLI nor a sign-in
  --help                    this text
First: az login --tenant TENANT --allow-no-subscriptions
TEXT
}

say() { if $dry_run; then printf '# %s\n' "$1"; else printf '%s\n' "$1"; fi; }
step() { if ! $dry_run; then printf '%-8s %s\n' "$1" "$2"; fi; }
stop() { printf '%s\n' "$@" >&2 && exit 1; }
refuse() { printf '%s\n' "$1" 'infra/register-app.sh --help lists the options.' >&2 && exit 2; }
matches() { printf '%s' "$1" | grep -Eqi "$2"; }

# One line that a shell reads back as the same words.
print_command() {
  local line='' word
  for word in "$@"; do
    case $word in
      *[\"\`\$\\]*) word="'${word//$quote/$escaped}'" ;;
      *[!A-Za-z0-9_./:=@-]* | '') word="\"$word\"" ;;
    esac
    line="$line $word"
  done
  printf '%s\n' "${line# }"
}

# call KNOWN AZ-ARGUMENTS...: runs az, its answer in $answer, its complaints in the file $errors. A dry run prints the command and
# takes KNOWN as the answer. Once this run has created something, a miss is tried again, for Microsoft Graph shows new objects late.
call() {
  local known=$1 try
  shift
  set -- "$@" --output tsv
  if $dry_run; then print_command az "$@" && answer=$known && return 0; fi
  for try in 1 2 3 4 5 6 7 8 9 10; do
    # The az of Windows, called from a Linux shell there, ends its lines with a carriage return.
    if answer=$(az "$@" 2>"$errors" | tr -d '\r'); then return 0; fi
    if [ "$try" = 10 ] || ! $created || ! grep -Eqi "$late" "$errors"; then return 1; fi
    sleep 6
  done
}

# failed WHAT ROLE: ends the run after a failed call, with az's own words and, where a right is missing, the role that has it.
failed() {
  printf '%s\n' "$1" "$(cat "$errors")" >&2
  if grep -Eqi "$denied" "$errors"; then
    stop "The signed-in person lacks the right to do this. It takes the role $2." \
      'What was done stays. Somebody with that role can run the same command again, and it goes on from here.'
  fi
  stop 'Nothing has to be undone: run the same command again when the cause is gone.'
}

read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      --name | --client-id | --managed-identity | --tenant) if [ -z "${2:-}" ]; then refuse "$1 needs a value."; fi ;;
    esac
    case $1 in
      --name) name=$2 && shift ;;
      --client-id) client_id=$2 && shift ;;
      --managed-identity) identity=$2 && shift ;;
      --tenant) wanted_tenant=$2 && shift ;;
      --dlp) permissions='ActivityFeed.Read ActivityFeed.ReadDlp' ;;
      --dry-run) dry_run=true ;;
      --help | -h) usage && exit 0 ;;
      *) refuse "There is no option $1." ;;
    esac
    shift
  done
  if [ -n "$client_id" ] && ! matches "$client_id" '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'; then
    refuse "--client-id takes the application (client) id of the app's Overview page, a GUID; $client_id is none."
  fi
  if [ -n "$identity" ] && ! matches "$identity" '^(/subscriptions/.+/userAssignedIdentities/[^/]+|[^/]+/[^/]+)$'; then
    refuse '--managed-identity takes resource-group/name, or the whole resource id of a user-assigned managed identity.'
  fi
}

read_sign_in() {
  if ! $dry_run && ! command -v az >/dev/null; then
    stop 'The Azure CLI (az) is not installed, or not on the PATH.' \
      'Install it (https://learn.microsoft.com/cli/azure/install-azure-cli), or run this in the Azure Cloud Shell, which has it.'
  fi
  if ! call "${wanted_tenant:-<tenant id>}" account show --query tenantId; then
    stop "$(cat "$errors")" "The Azure CLI is not signed in. Run: az login --tenant ${wanted_tenant:-TENANT} --allow-no-subscriptions" \
      'Before that, for GCC High and DoD: az cloud set --name AzureUSGovernment; for China: az cloud set --name AzureChinaCloud'
  fi
  tenant=$answer
  if [ -n "$wanted_tenant" ] && ! matches "$tenant" "^$wanted_tenant\$"; then
    stop "The Azure CLI is signed in to the tenant $tenant, not to the id $wanted_tenant. Run: az login --tenant $wanted_tenant"
  fi
  call '<cloud>' cloud show --query name || failed 'The cloud of the Azure CLI cannot be read.' "$app_role"
  # Not the login host of az itself, which is an older one in China.
  # Source: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
  case $answer in
    AzureCloud) login=login.microsoftonline.com audience=api://AzureADTokenExchange cloud='worldwide  # gcc for a GCC tenant' ;;
    AzureUSGovernment) login=login.microsoftonline.us audience=api://AzureADTokenExchangeUSGov cloud='gcchigh  # dod for a DoD tenant' ;;
    AzureChinaCloud) login=login.partner.microsoftonline.cn audience=api://AzureADTokenExchangeChina cloud=china ;;
    '<cloud>') login='<login host>' audience='<audience of the cloud>' cloud='<cloud>' ;;
    *) stop "The Azure CLI is set to the cloud $answer, which the collector does not know. To change it: az cloud set --name AzureCloud" ;;
  esac
  call '<Microsoft Graph>' cloud show --query endpoints.microsoftGraphResourceId || failed 'Microsoft Graph has no address.' "$app_role"
  graph=${answer%/}
  say "Tenant $tenant"
}

# Before anything is created: a wrong identity is to leave nothing behind.
read_identity() {
  local fields='[principalId,clientId,tenantId]' known home
  if [ -z "$identity" ]; then return 0; fi
  known=$(printf '%s\n' '<principal id of the identity>' '<client id of the identity>' "$tenant")
  case $identity in
    /*) call "$known" identity show --ids "$identity" --query "$fields" ;;
    *) call "$known" identity show --resource-group "${identity%%/*}" --name "${identity#*/}" --query "$fields" ;;
  esac || failed "The managed identity $identity cannot be read in the subscription that az account show names." 'Reader on that identity'
  { read -r principal && read -r identity_client && read -r home; } <<<"$(printf '%s' "$answer" | tr '\t' '\n')"
  if [ "$home" != "$tenant" ]; then
    stop "The managed identity is in the tenant $home, the app registration in $tenant: the one cannot sign in as the other." \
      'Take an identity of the same tenant, or a certificate; or register the app as a multi-tenant app in the tenant of the identity.' \
      'Nothing was changed.'
  fi
}

find_or_create_app() {
  local filter="displayName eq '${name//$quote/$quote$quote}'" what="app registration $name"
  if [ -n "$client_id" ]; then filter="appId eq '$client_id'" what="app registration with the client id $client_id"; fi
  call "$client_id" ad app list --filter "$filter" --query '[].appId' || failed 'The app registrations cannot be read.' "$app_role"
  # shellcheck disable=SC2086 # one client id a word
  set -- $answer
  app=${1:-}
  if [ $# -gt 1 ]; then
    stop "The tenant has $# app registrations of the name $name:" "$answer" 'Say which one with --client-id, or take another --name.'
  elif [ $# = 1 ]; then
    step exists "$what"
  elif [ -n "$client_id" ]; then
    stop "The tenant $tenant has no $what. Check both ids; without --client-id an app is created."
  else
    call '<app id>' ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId ||
      failed 'The app registration was not created.' "$app_role"
    app=$answer created=true
    step created "$what"
  fi
}

# find_or_create_principal APPLICATION-ID KNOWN WHAT: leaves its object id in $answer.
find_or_create_principal() {
  call '' ad sp list --filter "appId eq '$1'" --query '[].id' || failed "The $3 cannot be looked up." "$app_role"
  if [ -n "$answer" ]; then step exists "$3" && return 0; fi
  call "$2" ad sp create --id "$1" --query id || failed "The $3 was not created." "$consent_role"
  created=true
  step created "$3"
}

# What the portal shows under API permissions; az would add a permission that is there a second time.
require_permission() {
  call '' ad app show --id "$app" --query "requiredResourceAccess[?resourceAppId=='$api'].resourceAccess[].id" ||
    failed 'The permissions of the app registration cannot be read.' "$app_role"
  if printf '%s\n' "$answer" | grep -Fqx "$2"; then step exists "permission $1" && return 0; fi
  call '' ad app permission add --id "$app" --api "$api" --api-permissions "$2=Role" ||
    failed "The permission $1 was not added." "$app_role"
  step added "permission $1"
}

trust_identity() {
  local issuer="https://$login/$tenant/v2.0" what="federated credential of $identity" id body
  if [ -z "$identity" ]; then return 0; fi
  # Entra ID takes issuer and subject together only once, and finds a wrong audience only when somebody signs in.
  call '' ad app federated-credential list --id "$app" --query "[?issuer=='$issuer' && subject=='$principal'].[id,audiences[0]]" ||
    failed 'The federated credentials cannot be read.' "$app_role"
  id=${answer%%[[:space:]]*}
  if [ -n "$id" ] && [ "${answer##*[[:space:]]}" = "$audience" ]; then step exists "$what" && return 0; fi
  body="\"issuer\":\"$issuer\",\"subject\":\"$principal\",\"audiences\":[\"$audience\"]}"
  # Named after the principal id: an identity that is made anew has another, and the old credential keeps its name for good.
  set -- create --id "$app" --parameters "{\"name\":\"managed-identity-$principal\",$body"
  if [ -n "$id" ]; then set -- update --id "$app" --federated-credential-id "$id" --parameters "{$body"; fi
  call '' ad app federated-credential "$@" || failed "The $what was not added." "$app_role"
  step added "$what"
}

# The app role assignment is the admin consent to an application permission.
# Source: https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
consent() {
  call '' rest --method get --url "$graph/v1.0/servicePrincipals/$app_principal/appRoleAssignments" \
    --query "value[?resourceId=='$api_principal'].appRoleId" || failed 'The consents cannot be read.' "$consent_role"
  if printf '%s\n' "$answer" | grep -Fqx "$2"; then step exists "admin consent to $1" && return 0; fi
  call '' rest --method post --url "$graph/v1.0/servicePrincipals/$api_principal/appRoleAssignedTo" \
    --headers Content-Type=application/json --body "{\"principalId\":\"$app_principal\",\"resourceId\":\"$api_principal\",\"appRoleId\":\"$2\"}" ||
    grep -qi 'already exists' "$errors" || failed "Admin consent to $1 was not given." "$consent_role"
  step given "admin consent to $1"
}

print_settings() {
  say 'Application settings of the function app:'
  say "TENANT_ID=$tenant"
  say "CLIENT_ID=$app"
  if [ -n "$identity" ]; then say "MANAGED_IDENTITY_CLIENT_ID=$identity_client"; fi
  case $permissions in *Dlp) say 'CONTENT_TYPES=Audit.AzureActiveDirectory,Audit.Exchange,Audit.SharePoint,Audit.General,DLP.All' ;; esac
  say "CLOUD=$cloud"
  if [ -n "$identity" ]; then return 0; fi
  say 'And one credential (docs/setup.md): run this again with --managed-identity, or put a certificate into CLIENT_CERTIFICATE, or into'
  say "CLIENT_SECRET the secret that this makes and shows once: az ad app credential reset --id $app --append --years 1"
}

read_options "$@"
errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
read_sign_in
read_identity
find_or_create_app
find_or_create_principal "$app" '<object id of the app>' 'service principal of the app'
app_principal=$answer
find_or_create_principal "$api" '<object id of the API>' 'service principal of Office 365 Management APIs'
api_principal=$answer
trust_identity
for permission in $permissions; do
  call "<role id of $permission>" ad sp show --id "$api" --query "appRoles[?value=='$permission'].id" ||
    failed "The permission $permission cannot be looked up." "$app_role"
  role=$answer
  if [ -z "$role" ]; then stop "The Office 365 Management APIs of this tenant have no permission $permission."; fi
  require_permission "$permission" "$role"
  consent "$permission" "$role"
done
print_settings
