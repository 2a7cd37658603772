"""Claims about the stand-in, each proven by a caller that knows nothing but AWS's API.

A module of this package says what is claimed by functions with `@claim`; their names are the claims.
"""

import json
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

MANAGEMENT_ACCOUNT = "123456789012"
READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
PASSWORD = "Correct-Horse-1"

claims = []


def claim(function):
    """Marks a function that proves what its name says. It is given `Aws`."""
    claims.append(function)
    return function


class Aws:
    """Clients that send each call once, and the routes of the stand-in's own."""

    def __init__(self, endpoint):
        self.endpoint = endpoint
        once = Config(retries={"total_max_attempts": 1, "mode": "standard"})
        session = boto3.Session("testing", "testing", region_name="us-east-1")
        services = ("iam", "identitystore", "sso-admin", "organizations")
        self.iam, self.directory, self.sso, self.organization = (
            session.client(service, endpoint_url=endpoint, config=once) for service in services
        )
        (instance,) = self.sso.list_instances()["Instances"]
        self.store, self.instance = {"IdentityStoreId": instance["IdentityStoreId"]}, {"InstanceArn": instance["InstanceArn"]}

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.endpoint + path, data=data, method=method)
        return json.loads(urllib.request.urlopen(request).read())

    def fail(self, **fault):
        self.ask("POST", "/faults", fault)

    def user(self, name, **fields):
        """Makes a user of the directory and returns its id."""
        fields = {"DisplayName": name, "Name": {"GivenName": name, "FamilyName": name}, **fields}
        return self.directory.create_user(**self.store, UserName=name, **fields)["UserId"]

    def group(self, name):
        """Makes a group of the directory and returns its id."""
        return self.directory.create_group(**self.store, DisplayName=name)["GroupId"]

    def join(self, group, user):
        """Makes a membership and returns its id."""
        made = self.directory.create_group_membership(**self.store, GroupId=group, MemberId={"UserId": user})
        return made["MembershipId"]

    def permission_set(self, name):
        """Makes a permission set and returns its ARN."""
        made = self.sso.create_permission_set(**self.instance, Name=name, SessionDuration="PT1H")
        return made["PermissionSet"]["PermissionSetArn"]

    def settle(self):
        """Looks at what is under way until it has ended."""
        for kind in ("account_assignment_creation", "account_assignment_deletion", "permission_set_provisioning"):
            for _ in range(3):
                getattr(self.sso, f"list_{kind}_status")(**self.instance)

    def client_of(self, account):
        """A client of IAM in another account, by the role that Organizations makes there."""
        role = f"arn:aws:iam::{account}:role/OrganizationAccountAccessRole"
        sts = boto3.client("sts", "us-east-1", endpoint_url=self.endpoint, aws_access_key_id="testing", aws_secret_access_key="testing")
        keys = sts.assume_role(RoleArn=role, RoleSessionName="proof")["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name="us-east-1")
        return session.client("iam", endpoint_url=self.endpoint)


def is_refused(code, call, *arguments, status=None, reason=None, **parameters):
    """The call is refused with this code; returns AWS's whole answer."""
    try:
        call(*arguments, **parameters)
    except ClientError as error:
        answer = error.response
        assert answer["Error"]["Code"] == code, f"{answer['Error']} where {code} was due"
        assert status in (None, answer["ResponseMetadata"]["HTTPStatusCode"]), answer
        assert reason in (None, answer.get("Reason")), answer
        return answer
    raise AssertionError(f"{call.__name__} was not refused with {code}: {parameters or arguments}")


def are(found, expected):
    assert found == expected, f"{found!r} where {expected!r} was due"
