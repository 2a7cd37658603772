"""Assignments and permission sets as AWS changes them: asked for now, done later, one write at a time.

What AWS does stands at each function. It changes moto in this process only.

Time passes by looks. A request that was taken is `IN_PROGRESS` for so many looks at it (`LOOKS`), and with the next one it
is carried out. A look is: its status asked for, by its id or in the list of statuses; a listing of assignments of its
account and permission set, or of its principal; and a write that is refused because of it.
"""

import json

from moto.core.exceptions import JsonRESTError
from moto.core.utils import unix_time
from moto.identitystore.models import identitystore_backends
from moto.moto_api._internal import mock_random
from moto.organizations.models import organizations_backends
from moto.ssoadmin.exceptions import ConflictException, ResourceNotFoundException
from moto.ssoadmin.models import AccountAssignment, ssoadmin_backends
from moto.ssoadmin.responses import SSOAdminResponse

from faithful import MANAGEMENT_ACCOUNT

LOOKS = 2
"""How many looks find a request still under way."""
OUTSTANDING = 15
"""So many requests AWS has under way at once, for an instance."""
LATER = {"sso:CreateAccountAssignment", "sso:DeleteAccountAssignment", "sso:ProvisionPermissionSet"}
FATE = "X-Rollcall-Fate"
"""The header by which a fault says how a request ends: `never`, or `failed: ` and the reason."""

ANSWERS = {
    "creation": ("AccountAssignmentCreationStatus", "AccountAssignmentsCreationStatus", "AccountAssignmentCreationRequestId"),
    "deletion": ("AccountAssignmentDeletionStatus", "AccountAssignmentsDeletionStatus", "AccountAssignmentDeletionRequestId"),
    "provisioning": ("PermissionSetProvisioningStatus", "PermissionSetsProvisioningStatus", "ProvisionPermissionSetRequestId"),
}
"""The field of one status, that of the list of statuses, and the parameter with the request's id."""


def install():
    """Applies every change."""
    _take_requests()
    _tell_statuses()
    _look_when_listing()
    _refuse_sets_in_use()
    _refuse_second_names()


class Throttling(JsonRESTError):
    code = 400

    def __init__(self):
        super().__init__("ThrottlingException", "There are too many requests processing. Please try again later.")


class Request:
    """What was asked for and is carried out later."""

    def __init__(self, kind, told, fate):
        self.id, self.kind, self.told, self.fate = str(mock_random.uuid4()), kind, told, fate
        self.status, self.reason, self.created = "IN_PROGRESS", None, unix_time()
        self.left = LOOKS

    def look(self, backend):
        if self.status != "IN_PROGRESS" or self.fate == "never":
            return
        if self.left > 0:
            self.left -= 1
            return
        self.reason = self.fate.removeprefix("failed: ") or _carry_out(backend, self)
        self.status = "FAILED" if self.reason else "SUCCEEDED"

    def summary(self):
        return {"Status": self.status, "RequestId": self.id, "CreatedDate": self.created}

    def in_full(self):
        told = {name: value for name, value in self.told.items() if name != "InstanceArn" and value is not None}
        return {**self.summary(), **told, **({"FailureReason": self.reason} if self.reason else {})}


def _requests(backend):
    return backend.__dict__.setdefault("requests", [])


def _under_way(backend):
    return [request for request in _requests(backend) if request.status == "IN_PROGRESS"]


def heal():
    """Lets what never settles settle."""
    for _, _, backend in ssoadmin_backends.iter_backends():
        for request in _under_way(backend):
            request.fate = request.fate.removeprefix("never")


def _same(assignment, told):
    return assignment.to_json() == {name: value for name, value in told.items() if name != "InstanceArn"}


def _is_in_directory(backend, told):
    directory = identitystore_backends[backend.account_id][backend.region_name]
    store = directory.identity_stores.get(_instance(backend, told["InstanceArn"]).identity_store_id)
    held = store and {"USER": store.users, "GROUP": store.groups}[told["PrincipalType"]]
    return bool(held) and told["PrincipalId"] in held


def _carry_out(backend, request):
    """Does what was asked for, or says why not. AWS refuses a principal that is gone, also when its assignment is to be
    taken away, and an assignment that is not there. Assigned a second time, it stays assigned once.
    """
    told, made = request.told, backend.account_assignments
    if request.kind == "provisioning":
        accounts = {one.target_id for one in made if one.permission_set_arn == told["PermissionSetArn"]}
        if told.get("AccountId") and told["AccountId"] not in accounts:
            return f"Received a 404 status error: Permission set provision not found in AWS account {told['AccountId']}."
        return None
    if not _is_in_directory(backend, told):
        store = _instance(backend, told["InstanceArn"]).identity_store_id
        principal = f"{told['PrincipalType']} assignee {told['PrincipalId']}"
        return f"Received a 404 status error: the {principal} was not found in directory {store}"
    there = next((one for one in made if _same(one, told)), None)
    if request.kind == "deletion":
        if there is None:
            return "Received a 404 status error: Assignment not found."
        made.remove(there)
    elif there is None:
        names = ("InstanceArn", "TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId")
        made.append(AccountAssignment(*(told[name] for name in names)))
    return None


def _instance(backend, arn):
    for instance in backend.instances:
        if instance.instance_arn == arn:
            return instance
    raise ResourceNotFoundException(f"Could not find Instance with ARN {arn}")


def _check_account(backend, account):
    members = [member.id for member in organizations_backends[MANAGEMENT_ACCOUNT]["aws"].accounts]
    if account not in (members or [backend.account_id]):
        raise ResourceNotFoundException(f"Could not find AWS account {account}")


def _take(response, kind, told):
    """AWS refuses at once what names an absent instance, set or account; a write to an account and set while another one
    is under way (`ConflictException`); and the sixteenth request under way.
    """
    backend = response.ssoadmin_backend
    backend._find_permission_set(told["InstanceArn"], told["PermissionSetArn"])
    account = told.get("TargetId") or told.get("AccountId")
    if account:
        _check_account(backend, account)
    under_way = _under_way(backend)
    for other in under_way:
        others = other.told.get("TargetId") or other.told.get("AccountId")
        same_account = None in (account, others) or account == others
        if same_account and other.told["PermissionSetArn"] == told["PermissionSetArn"]:
            other.look(backend)
            raise ConflictException(f"There is a conflicting operation in process for account {others or 'of the set'}")
    if len(under_way) >= OUTSTANDING:
        for other in under_way:
            other.look(backend)
        raise Throttling
    request = Request(kind, told, response.headers.get(FATE, ""))
    _requests(backend).append(request)
    return json.dumps({ANSWERS[kind][0]: request.in_full()})


def _take_requests():
    """AWS answers a write with the id of a request that is `IN_PROGRESS`. moto has it done at once, whatever it names."""

    def of_assignment(kind):
        names = ("InstanceArn", "TargetId", "TargetType", "PermissionSetArn", "PrincipalType", "PrincipalId")
        return lambda self: _take(self, kind, {name: self._get_param(name) for name in names})

    def provision(self):
        told = {"InstanceArn": self._get_param("InstanceArn"), "PermissionSetArn": self._get_param("PermissionSetArn")}
        return _take(self, "provisioning", {**told, "AccountId": self._get_param("TargetId")})

    SSOAdminResponse.create_account_assignment = of_assignment("creation")
    SSOAdminResponse.delete_account_assignment = of_assignment("deletion")
    SSOAdminResponse.provision_permission_set = provision


def _tell_statuses():
    """AWS tells the status of one request by its id, and lists those of all, for a request whose id was lost."""

    def describe(kind):
        one, _, parameter = ANSWERS[kind]

        def described(self):
            for request in _requests(self.ssoadmin_backend):
                if request.kind == kind and request.id == self._get_param(parameter):
                    request.look(self.ssoadmin_backend)
                    return json.dumps({one: request.in_full()})
            raise ResourceNotFoundException(f"Could not find a request with id {self._get_param(parameter)}")

        return described

    def list_all(kind):
        field = ANSWERS[kind][1]

        def listed(self):
            asked = [request for request in _requests(self.ssoadmin_backend) if request.kind == kind]
            if not self._get_param("NextToken"):
                for request in asked:
                    request.look(self.ssoadmin_backend)
            wanted = (self._get_param("Filter") or {}).get("Status")
            found = [request.summary() for request in asked if wanted in (None, request.status)]
            start = int(self._get_param("NextToken") or 0)
            end = start + int(self._get_param("MaxResults") or 100)
            return json.dumps({field: found[start:end], **({"NextToken": str(end)} if end < len(found) else {})})

        return listed

    SSOAdminResponse.describe_account_assignment_creation_status = describe("creation")
    SSOAdminResponse.describe_account_assignment_deletion_status = describe("deletion")
    SSOAdminResponse.describe_permission_set_provisioning_status = describe("provisioning")
    SSOAdminResponse.list_account_assignment_creation_status = list_all("creation")
    SSOAdminResponse.list_account_assignment_deletion_status = list_all("deletion")
    SSOAdminResponse.list_permission_set_provisioning_status = list_all("provisioning")


def _look_when_listing():
    """An assignment is listed once its request has succeeded, and until its deletion has."""
    of_account, of_principal = SSOAdminResponse.list_account_assignments, SSOAdminResponse.list_account_assignments_for_principal

    def looking(ask, names):
        def listed(self):
            for request in _under_way(self.ssoadmin_backend):
                if all(request.told.get(told) == self._get_param(asked) for asked, told in names.items()):
                    request.look(self.ssoadmin_backend)
            return ask(self)

        return listed

    account_and_set = {"AccountId": "TargetId", "PermissionSetArn": "PermissionSetArn"}
    SSOAdminResponse.list_account_assignments = looking(of_account, account_and_set)
    SSOAdminResponse.list_account_assignments_for_principal = looking(of_principal, {"PrincipalId": "PrincipalId"})


def _refuse_sets_in_use():
    """AWS deletes no permission set that is assigned, or is about to be."""
    delete = SSOAdminResponse.delete_permission_set

    def delete_permission_set(self):
        arn, backend = self._get_param("PermissionSetArn"), self.ssoadmin_backend
        assigned = any(one.permission_set_arn == arn for one in backend.account_assignments)
        if assigned or any(request.told["PermissionSetArn"] == arn for request in _under_way(backend)):
            raise ConflictException("Could not delete because PermissionSet is associated with accounts")
        return delete(self)

    SSOAdminResponse.delete_permission_set = delete_permission_set


def _refuse_second_names():
    """AWS gives each permission set of an instance a name of its own."""
    create = SSOAdminResponse.create_permission_set

    def create_permission_set(self):
        name = self._get_param("Name")
        if name in (one.name for one in self.ssoadmin_backend.permission_sets):
            raise ConflictException(f"PermissionSet with name {name} already exists.")
        return create(self)

    SSOAdminResponse.create_permission_set = create_permission_set
