//! `rollcall collect --print-commands`: a shell script that asks AWS with the AWS CLI and writes the folder that
//! [`files`](super::saved_folder) reads.
//!
//! It is for an account that Rollcall itself must not touch: its owner reads the script and runs it. It needs `bash`
//! and `aws` and nothing else, writes no credentials to disk and prints none. Its order of questions is that of the
//! live walk; it asks one after the other, at the pace of the AWS CLI.

use super::saved_folder::{CALLS, FORMAT, VERSION};
use crate::collect::{Exclusion, Options};
use crate::model::{Account, IamScope, Scope};

/// The script. It takes one argument: the folder to write, which must not exist.
///
/// # Panics
/// Never: a scope is a JSON object with text as keys.
#[must_use]
pub fn script(options: &Options) -> String {
    let scope = options.scope();
    let header = serde_json::to_string(&scope).expect("a scope is a JSON object");
    let mut script = PREAMBLE
        .replace("@CALLS@", CALLS)
        .replace("@FORMAT@", FORMAT)
        .replace("@VERSION@", &VERSION.to_string())
        .replace("@SCOPE@", &quoted(&header))
        .replace("@ENVIRONMENT@", &environment(options));
    if scope.identity_center {
        let wanted = options.instance_arn.as_deref().unwrap_or_default();
        script.push_str(&IDENTITY_CENTER.replace("@INSTANCE@", &quoted(wanted)));
    }
    if scope.identity_center || scope.iam == IamScope::Organization {
        script.push_str(ORGANIZATION);
    }
    if scope.identity_center {
        script.push_str(ACCOUNT_ACCESS);
        script.push_str(BY_ID);
    }
    script.push_str(&iam(options, &scope));
    script.push_str(END);
    script
}

fn iam(options: &Options, scope: &Scope) -> String {
    let excluded: Vec<String> = options.exclude.iter().map(|Exclusion { account, .. }| account.to_string()).collect();
    let excluded = quoted(&format!(" {} ", excluded.join(" ")));
    match scope.iam {
        IamScope::Nowhere => String::new(),
        IamScope::CallerAccount => {
            format!("{IAM}case {excluded} in *\" $own \"*) ;; *) read_iam \"$own\" ;; esac\n\n")
        }
        IamScope::Organization => {
            let out_of_use = Account::OUT_OF_USE.map(|state| format!("'{state}'")).join(", ");
            let role = quoted(options.member_role.as_deref().unwrap_or_default());
            let external_id =
                options.external_id.as_deref().map_or_else(String::new, |id| format!(" --external-id {}", quoted(id)));
            format!(
                "{IAM}{}",
                MEMBERS
                    .replace("@EXCLUDED@", &excluded)
                    .replace("@ROLE@", &role)
                    .replace("@OUT_OF_USE@", &out_of_use)
                    .replace("@EXTERNAL_ID@", &external_id)
            )
        }
    }
}

fn environment(options: &Options) -> String {
    let region = options
        .region
        .as_deref()
        .map(|region| format!("export AWS_REGION={0} AWS_DEFAULT_REGION={0}\n", quoted(region)));
    let profile = options.profile.as_deref().map(|profile| format!("export AWS_PROFILE={}\n", quoted(profile)));
    [region, profile].into_iter().flatten().collect()
}

/// A word that the shell takes as it stands.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

const PREAMBLE: &str = r#"#!/usr/bin/env bash
# Collects the data that Rollcall compares, with the AWS CLI. Each answer is saved in its own file; calls.jsonl lists the calls.
# It only reads. It needs bash and aws; usage: bash SCRIPT FOLDER (a folder that does not exist yet).
set -eu
umask 077
folder=${1:?"usage: $0 FOLDER"}
if ! command -v aws > /dev/null; then
  echo "the AWS CLI (aws) was not found: install it, or add it to the PATH" >&2
  exit 1
fi
mkdir "$folder"
export AWS_PAGER='' AWS_CLI_AUTO_PROMPT=off AWS_CLI_ERROR_FORMAT=legacy
@ENVIRONMENT@calls="$folder/@CALLS@"
number=0
failed=0

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Only what AWS gives as ids and ARNs, and a URL, is ever put into these lines.
redirected=''
for url in "${AWS_ENDPOINT_URL-}" "${AWS_ENDPOINT_URL_STS-}" "${AWS_ENDPOINT_URL_ORGANIZATIONS-}" \
  "${AWS_ENDPOINT_URL_SSO_ADMIN-}" "${AWS_ENDPOINT_URL_IDENTITYSTORE-}" "${AWS_ENDPOINT_URL_ACCOUNT_ACCESS-}" \
  "${AWS_ENDPOINT_URL_IAM-}"; do
  if [ -n "$url" ]; then redirected=",\"redirected_to\":\"$url\""; fi
done
printf '{"format":"@FORMAT@","version":@VERSION@,"scope":%s%s}\n' @SCOPE@ "$redirected" > "$calls"

# note COMMAND PARAMETERS ACCOUNT START EXIT_CODE FILE
note() {
  local account=''
  if [ -n "$3" ]; then account=",\"account\":\"$3\""; fi
  if [ "$5" -ne 0 ]; then failed=$((failed + 1)); fi
  printf '{"command":"%s","parameters":%s%s,"start":"%s","end":"%s","exit_code":%d,"file":"%s"}\n' \
    "$1" "$2" "$account" "$4" "$(now)" "$5" "$6" >> "$calls"
}

# ask ACCOUNT PARAMETERS SERVICE COMMAND [FLAG…]: one question; its answer is in $answer, its exit code in $code.
ask() {
  local of=$1 parameters=$2 service=$3 command=$4 file start
  shift 4
  number=$((number + 1))
  file=$(printf '%06d-%s.json' "$number" "$command")
  answer="$folder/$file"
  start=$(now)
  code=0
  aws "$service" "$command" "$@" --output json > "$answer" 2> "$answer.err" || code=$?
  if [ "$code" -eq 0 ]; then rm -f "$answer.err"; fi
  if [ $((number % 100)) -eq 0 ]; then echo "$number calls made" >&2; fi
  note "$service $command" "$parameters" "$of" "$start" "$code" "$file"
}

# values KEY: each text value of a key in $answer, one a line; of a list of texts, each text.
values() {
  if [ "$code" -ne 0 ]; then return 0; fi
  tr '\n}' ' \n' < "$answer" | grep -oE "\"$1\": *(\"[^\"]*\"|\[[^]]*\])" | sed "s/^\"$1\": *//" \
    | grep -o '"[^"]*"' | tr -d '"' || true
}

ask '' '{}' sts get-caller-identity
own=$(values Account)
partition=$(values Arn | cut -d: -f2)
if [ -z "$own" ]; then echo "AWS did not identify the caller: $(tail -n 1 "$answer.err")" >&2; fi

"#;

const IDENTITY_CENTER: &str = r#"# Who holds something or is a member, as far as was read: GROUP:id and USER:id.
held=''
of_kind() { printf '%s' "$held" | tr ' ' '\n' | sed -n "s/^$1://p" | sort -u; }

# hold KIND IDS: notes who is named. hold_assigned: those whom the assignments in $answer name.
hold() { held="$held $(printf '%s' "$2" | sed "s/^/$1:/" | tr '\n' ' ')"; }
hold_assigned() { held="$held $(paste -d : <(values PrincipalType) <(values PrincipalId) | tr '\n' ' ')"; }

# Whether $answer is a list at all: a store whose users come from Active Directory may refuse to list whoever asks.
listed() {
  if [ "$code" -eq 0 ]; then echo yes; elif grep -q '(ValidationException).*Filter' "$answer.err"; then echo no; else echo failed; fi
}

# read_members GROUP…
read_members() {
  for group in "$@"; do
    ask '' "{$of_store,\"GroupId\":\"$group\"}" identitystore list-group-memberships \
      --identity-store-id "$store" --group-id "$group"
    hold USER "$(values UserId)"
  done
}

ask '' '{}' sso-admin list-instances
found=$(values InstanceArn)
instance=@INSTANCE@
instance=${instance:-$found}
store=''
if [ -n "$found" ]; then
  if [ "$(printf '%s\n' "$found" | grep -cxF -e "$instance")" -ne 1 ]; then
    echo "aws.instance_arn must name one of these instances; set it, and print the commands again:" >&2
    printf '%s\n' "$found" >&2
    exit 1
  fi
  store=$(aws sso-admin list-instances --output text \
    --query "Instances[?InstanceArn=='$instance'].IdentityStoreId") || true
fi
if [ -n "$store" ]; then
  of_store="\"IdentityStoreId\":\"$store\""
  ask '' "{$of_store}" identitystore list-users --identity-store-id "$store"
  users_listed=$(listed)
  users=$(values UserId)
  ask '' "{$of_store}" identitystore list-groups --identity-store-id "$store"
  groups_listed=$(listed)
  groups=$(values GroupId)
  read_members $groups
  of_instance="\"InstanceArn\":\"$instance\""
  ask '' "{$of_instance}" sso-admin list-permission-sets --instance-arn "$instance"
  for set in $(values PermissionSets); do
    of_set="$of_instance,\"PermissionSetArn\":\"$set\""
    for command in describe-permission-set list-managed-policies-in-permission-set \
      list-customer-managed-policy-references-in-permission-set get-inline-policy-for-permission-set \
      get-permissions-boundary-for-permission-set list-accounts-for-provisioned-permission-set; do
      ask '' "{$of_set}" sso-admin "$command" --instance-arn "$instance" --permission-set-arn "$set"
    done
    provisioned=$(values AccountIds)
    if [ -n "$provisioned" ]; then
      outdated=LATEST_PERMISSION_SET_NOT_PROVISIONED
      ask '' "{$of_set,\"ProvisioningStatus\":\"$outdated\"}" sso-admin list-accounts-for-provisioned-permission-set \
        --instance-arn "$instance" --permission-set-arn "$set" --provisioning-status "$outdated"
    fi
    for account in $provisioned; do
      ask '' "{$of_set,\"AccountId\":\"$account\"}" sso-admin list-account-assignments \
        --instance-arn "$instance" --permission-set-arn "$set" --account-id "$account"
      hold_assigned
    done
  done
  ask '' "{$of_instance}" sso-admin list-applications --instance-arn "$instance"
  for application in $(values ApplicationArn); do
    of_application="\"ApplicationArn\":\"$application\""
    ask '' "{$of_application}" sso-admin list-application-assignments --application-arn "$application"
    hold_assigned
    ask '' "{$of_application}" sso-admin get-application-assignment-configuration --application-arn "$application"
  done
fi

"#;

const ORGANIZATION: &str = "ask '' '{}' organizations list-accounts\naccounts=$(values Id)\n\n";

const ACCOUNT_ACCESS: &str = r#"if [ -n "$store" ]; then
  # Entitlements to IAM roles. Older versions of the AWS CLI do not have the service; that they fail is noted.
  ask '' '{}' account-access list-applications
  for application in $(values applicationArn); do
    first=yes
    for account in $(printf '%s\n' $accounts "$own" | sort -u); do
      ask '' "{\"applicationArn\":\"$application\",\"account\":\"$account\"}" account-access list-entitlements \
        --application-arn "$application" --filter "principalRole={account=$account}"
      # Whoever is refused in the first account is refused everywhere.
      if [ "$code" -ne 0 ] && [ "$first" = yes ]; then break; fi
      first=no
      hold USER "$(values userId)"
      hold GROUP "$(values groupId)"
    done
  done
fi

"#;

const BY_ID: &str = r#"# Looks up by id every principal that is named but not listed: it is new, or it was deleted. If AWS refuses to list,
# this is every principal. unlisted KIND LISTED: the named ids that are not in LISTED.
unlisted() { comm -23 <(of_kind "$1") <(printf '%s\n' "$2" | sort -u); }

if [ -n "$store" ] && [ "$groups_listed" != failed ]; then
  for group in $(unlisted GROUP "$groups"); do
    ask '' "{$of_store,\"GroupId\":\"$group\"}" identitystore describe-group \
      --identity-store-id "$store" --group-id "$group"
    if [ "$code" -eq 0 ] && [ "$groups_listed" = yes ]; then read_members "$group"; fi
  done
  if [ "$groups_listed" = no ]; then read_members $(of_kind GROUP); fi
fi
if [ -n "$store" ] && [ "$users_listed" != failed ]; then
  for user in $(unlisted USER "$users"); do
    ask '' "{$of_store,\"UserId\":\"$user\"}" identitystore describe-user \
      --identity-store-id "$store" --user-id "$user"
  done
fi

"#;

const IAM: &str = r#"# read_iam ACCOUNT: users, groups, roles and policies of one account, and how its users sign in.
read_iam() {
  ask "$1" '{"Filter":"User Role Group LocalManagedPolicy AWSManagedPolicy"}' iam get-account-authorization-details \
    --filter User Role Group LocalManagedPolicy AWSManagedPolicy
  # If the report turns four hours old in between, it must be generated again.
  for _ in 1 2; do
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
      ask "$1" '{}' iam generate-credential-report
      if [ "$code" -ne 0 ] || [ "$(values State)" = COMPLETE ]; then break; fi
      sleep 2
    done
    ask "$1" '{}' iam get-credential-report
    if [ "$code" -eq 0 ] || ! grep -q ReportExpired "$answer.err"; then break; fi
  done
  ask "$1" '{}' iam get-account-summary
  ask "$1" '{"AssignmentStatus":"Assigned"}' iam list-virtual-mfa-devices --assignment-status Assigned
  # The AWS CLI does not turn the pages of this one; a page holds a thousand.
  ask "$1" '{"AllUsers":"true"}' iam list-service-specific-credentials --all-users --max-items 1000
}

"#;

const MEMBERS: &str = r#"# Every account that is in use or whose state says nothing; without the organization's list, the caller's own.
in_use=$(aws organizations list-accounts --output text --query \
  "Accounts[?!contains([@OUT_OF_USE@], State || Status)].Id") || in_use=$own
for account in $in_use; do
  case @EXCLUDED@ in *" $account "*) continue ;; esac
  if [ "$account" = "$own" ]; then read_iam "$account"; continue; fi
  arn="arn:$partition:iam::$account:role/"@ROLE@
  number=$((number + 1))
  file=$(printf '%06d-assume-role.json' "$number")
  start=$(now)
  code=0
  # The credentials stay in variables: no file and no message holds them.
  got=$(aws sts assume-role --role-arn "$arn" --role-session-name rollcall-script@EXTERNAL_ID@ --output text \
    --query '[Credentials.AccessKeyId,Credentials.SecretAccessKey,Credentials.SessionToken,AssumedRoleUser.Arn]' \
    2> "$folder/$file.err") || code=$?
  if [ "$code" -eq 0 ]; then
    rm -f "$folder/$file.err"
    printf '{"AssumedRoleUser":{"Arn":"%s"}}\n' "$(printf '%s' "$got" | cut -f4)" > "$folder/$file"
  fi
  note 'sts assume-role' "{\"RoleArn\":\"$arn\"}" "$account" "$start" "$code" "$file"
  if [ "$code" -ne 0 ]; then continue; fi
  own_key=${AWS_ACCESS_KEY_ID-} own_secret=${AWS_SECRET_ACCESS_KEY-} own_token=${AWS_SESSION_TOKEN-} own_profile=${AWS_PROFILE-}
  unset AWS_PROFILE
  AWS_ACCESS_KEY_ID=$(printf '%s' "$got" | cut -f1)
  AWS_SECRET_ACCESS_KEY=$(printf '%s' "$got" | cut -f2)
  AWS_SESSION_TOKEN=$(printf '%s' "$got" | cut -f3)
  export AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
  read_iam "$account"
  unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN got
  if [ -n "$own_key" ]; then export AWS_ACCESS_KEY_ID="$own_key" AWS_SECRET_ACCESS_KEY="$own_secret"; fi
  if [ -n "$own_token" ]; then export AWS_SESSION_TOKEN="$own_token"; fi
  if [ -n "$own_profile" ]; then export AWS_PROFILE="$own_profile"; fi
done

"#;

const END: &str = r#"echo "$number calls made" >&2
if [ "$failed" -gt 0 ]; then echo "$failed calls failed or found nothing; see $folder/*.err" >&2; fi
echo "done: give the folder $folder to Rollcall" >&2
"#;
