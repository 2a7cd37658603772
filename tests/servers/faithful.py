"""Where moto answers otherwise than AWS, and Rollcall would notice: page sizes, provisioned sets, names of policies.

It changes moto in this process only. Each change names what AWS does.
"""

import json
import threading
from datetime import datetime, timezone

from moto.iam import access_control
from moto.core.responses import ActionResult
from moto.iam import models as iam_models
from moto.iam.responses import IamResponse
from moto.identitystore import models as identity_store
from moto.moto_api._internal import mock_random
from moto.organizations import models as organizations_models
from moto.organizations import utils as organizations_utils
from moto.ssoadmin import models as sso_models
from moto.sns.responses import SNSResponse
from moto.ssoadmin.exceptions import ResourceNotFoundException
from moto.ssoadmin.responses import SSOAdminResponse
from moto.sts.responses import TokenResponse

MANAGEMENT_ACCOUNT = "123456789012"
IDENTITY_STORE = "d-9967750fbd"
INSTANCE_ARN = "arn:aws:sso:::instance/ssoins-7223f02c9e1ba4d6"

next_ids = []
"""Ids that the next created account, user, group or permission set takes, so that a story can say its own."""


def install():
    """Applies every change."""
    mock_random.seed(42)
    _page_iam()
    _name_managed_policies()
    _load_managed_policies_once()
    _report_the_root_user()
    _date_the_report()
    organizations_utils.PAGINATION_MODEL["list_accounts"]["limit_default"] = 20
    _derive_provisioning_from_assignments()
    _fix_ids()
    _enforce_what_policies_name()


def page_of_iam(response, items):
    """One page of IAM: 100 items unless told otherwise, never more than 1,000."""
    start = int(response._get_param("Marker") or 0)
    end = start + min(int(response._get_param("MaxItems") or 100), 1000)
    more = {"IsTruncated": True, "Marker": str(end)} if end < len(items) else {"IsTruncated": False}
    return items[start:end], more


def _page_iam():
    """AWS pages these three; moto answers all at once. A listing of users tells neither tags nor boundaries."""

    def list_users(self):
        users, more = page_of_iam(self, list(self.backend.list_users(self._get_param("PathPrefix"), None, None)))
        listed = [
            {"Path": user.path, "UserName": user.name, "UserId": user.id, "Arn": user.arn, "CreateDate": user.create_date}
            for user in users
        ]
        return ActionResult({"Users": listed, **more})

    def list_groups(self):
        groups, more = page_of_iam(self, list(self.backend.list_groups()))
        return ActionResult({"Groups": groups, **more})

    def get_account_authorization_details(self):
        kinds = {
            "users": "UserDetailList",
            "groups": "GroupDetailList",
            "roles": "RoleDetailList",
            "managed_policies": "Policies",
        }
        details = self.backend.get_account_authorization_details(self._get_param("Filter", []))
        everything = [(kind, item) for kind in kinds for item in details[kind] if _is_listed(item)]
        page, more = page_of_iam(self, everything)
        lists = {name: [item for of, item in page if of == kind] for kind, name in kinds.items()}
        return ActionResult({**lists, **more})

    IamResponse.list_users = list_users
    IamResponse.list_groups = list_groups
    IamResponse.get_account_authorization_details = get_account_authorization_details


def _is_listed(item):
    """Of the policies that AWS manages (over a thousand), an account's details tell those that are attached."""
    return not isinstance(item, iam_models.AWSManagedPolicy) or item.attachment_count > 0


def _name_managed_policies():
    """AWS gives each managed policy its name and id; moto leaves them out of the account's details."""
    iam_models.ManagedPolicy.policy_name = property(lambda policy: policy.name)
    iam_models.ManagedPolicy.policy_id = property(lambda policy: policy.id)


def _load_managed_policies_once():
    """moto parses all managed policies for each account in each of its partitions. The tests live in one partition."""
    parsed = json.loads(iam_models.aws_managed_policies_data)

    def load(self):
        if self.partition != "aws":
            return []
        build = iam_models.AWSManagedPolicy.from_data
        return [build(name, self.account_id, self.region_name, data) for name, data in parsed.items()]

    iam_models.IAMBackend._init_aws_policies = load


def _report_the_root_user():
    """The first row of AWS's credential report is the account's root user, whom the summary knows too; moto has none."""
    count = iam_models.AccountSummary.summary_map.fget
    of_root = {"AccountMFAEnabled": 1}
    iam_models.AccountSummary.summary_map = property(lambda summary: count(summary) | of_root)
    report_users = iam_models.IAMBackend.get_credential_report

    def report(self):
        header, _, users = report_users(self).partition("\n")
        arn = f"arn:aws:iam::{self.account_id}:root"
        facts = {"user": "<root_account>", "arn": arn, "user_creation_time": "2020-01-01T00:00:00+00:00"}
        facts |= {"password_enabled": "not_supported", "password_last_used": "no_information", "mfa_active": "true"}
        facts |= {name: "not_supported" for name in ("password_last_changed", "password_next_rotation")}
        root = (facts.get(name, "false" if name.endswith("_active") else "N/A") for name in header.split(","))
        return f"{header}\n{','.join(root)}\n{users}"

    iam_models.IAMBackend.get_credential_report = report


def _date_the_report():
    """AWS's credential report is a few hours old at most; moto's is of 2015. This one is of the beginning of the day."""
    answer = IamResponse.get_credential_report

    def get_credential_report(self):
        result = answer(self).result
        made = datetime.now(timezone.utc).strftime("%Y-%m-%dT00:00:00Z")
        return ActionResult({**result, "GeneratedTime": made})

    IamResponse.get_credential_report = get_credential_report


def _derive_provisioning_from_assignments():
    """AWS provisions a set to each account that it is assigned in; moto never does, and knows no boundaries of sets."""

    def accounts(self):
        if self._get_param("ProvisioningStatus") == "LATEST_PERMISSION_SET_NOT_PROVISIONED":
            return json.dumps({"AccountIds": []})
        wanted = self._get_param("PermissionSetArn")
        made = self.ssoadmin_backend.account_assignments
        return json.dumps({"AccountIds": sorted({a.target_id for a in made if a.permission_set_arn == wanted})})

    def permission_sets(self):
        if self._get_param("ProvisioningStatus") == "LATEST_PERMISSION_SET_NOT_PROVISIONED":
            return json.dumps({"PermissionSets": []})
        wanted = self._get_param("AccountId")
        made = self.ssoadmin_backend.account_assignments
        return json.dumps({"PermissionSets": sorted({a.permission_set_arn for a in made if a.target_id == wanted})})

    def boundary(self):
        raise ResourceNotFoundException("PermissionsBoundary not found")

    SSOAdminResponse.get_permissions_boundary_for_permission_set = boundary
    SSOAdminResponse.list_accounts_for_provisioned_permission_set = accounts
    SSOAdminResponse.list_permission_sets_provisioned_to_account = permission_sets


def _enforce_what_policies_name():
    """AWS holds a policy's resource against the role or the topic of a call, and asks the role's own trust policy in
    whatever account it is, and knows whose organization the caller and the role are in; moto, told to enforce policies,
    knows none of it. A role that is not there cannot be assumed.
    """
    TokenResponse._determine_resource = lambda self: self._get_param("RoleArn") or "*"
    SNSResponse._determine_resource = lambda self: self._get_param("TopicArn") or "*"

    # What a policy may hold against a call, beside what the call says itself. A request has a thread of its own.
    asked = threading.local()

    def organization(account):
        known = organizations_models.organizations_backends[MANAGEMENT_ACCOUNT]["aws"]
        is_in = any(member.id == account for member in known.accounts)
        return known.org.id if known.org and is_in else None

    check_action = access_control.IAMRequestBase.check_action_permitted

    def check_for_organizations(self, resource):
        account = resource.split(":")[4] if resource.count(":") > 4 else self.account_id
        of = {"aws:PrincipalOrgID": self._access_key.arn.split(":")[4], "aws:ResourceOrgID": account}
        found = {key: organization(account) for key, account in of.items()}
        asked.values = {key: value for key, value in found.items() if value}
        check_action(self, resource)

    def are_met(self, said):
        """As IAM has it: every key is there and equal, and `${key}` stands for what the call has."""
        said = {**(said or {}), **getattr(asked, "values", {})}
        wanted = self._statement.get("Condition", {}).get("StringEquals", {})

        def meant(value):
            return said.get(value[2:-1]) if value.startswith("${") else value

        return all(said.get(key) is not None and said.get(key) == meant(value) for key, value in wanted.items())

    access_control.IAMRequestBase.check_action_permitted = check_for_organizations
    access_control.IAMPolicyStatement._check_conditions = are_met

    def is_assuming(self, resource):
        return self._action == "sts:AssumeRole"

    def is_trusted(self, arn):
        backend = iam_models.iam_backends[arn.split(":")[4]]["aws"]
        role = next((role for role in backend.get_roles() if role.arn == arn), None)
        if role is None:
            return False
        caller = self._access_key.arn.replace(":sts:", ":iam:").replace(":assumed-role/", ":role/")
        principal = caller.rsplit("/", 1)[0] if ":role/" in caller else caller
        said = access_control.format_incoming_conditional_values(self._data)
        trust = access_control.IAMPolicy(role.assume_role_policy_document)
        permitted = trust.is_action_permitted(self._action, arn, principal, said)
        return permitted == access_control.PermissionResult.PERMITTED

    put_policy = iam_models.Role.put_policy

    def put_as_json(self, name, policy):
        # A stack hands the policy over as what it was parsed to.
        put_policy(self, name, policy if isinstance(policy, str) else json.dumps(policy))

    iam_models.Role.put_policy = put_as_json
    access_control.IAMRequestBase._is_assuming_role_operation = is_assuming
    access_control.IAMRequestBase._check_role_trust_relationship = is_trusted


def _fix_ids():
    """The organization's one instance has the same ids in every run, and created things can be given theirs.

    A permission set's ARN has the form that AWS gives it.
    """
    make_instance = sso_models.Instance.__init__

    def instance(self, account_id, region):
        make_instance(self, account_id, region)
        if account_id == MANAGEMENT_ACCOUNT:
            self.identity_store_id, self.instance_arn = IDENTITY_STORE, INSTANCE_ARN

    def permission_set_arn(instance_arn):
        name = mock_random.get_random_string(length=16, include_digits=True, lower_case=True)
        return f"arn:aws:sso:::permissionSet/{instance_arn.rsplit('/', 1)[-1]}/ps-{name}"

    def given_or(make):
        return lambda *arguments: next_ids.pop(0) if next_ids else make(*arguments)

    class Ids:
        uuid4 = staticmethod(given_or(mock_random.uuid4))

    sso_models.Instance.__init__ = instance
    sso_models.PermissionSet.generate_id = staticmethod(given_or(permission_set_arn))
    identity_store.mock_random = Ids
    organizations_utils.make_random_account_id = given_or(organizations_utils.make_random_account_id)
