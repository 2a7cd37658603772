"""Where moto lets an IAM user be changed and AWS refuses: names, limits, boundaries, leftovers at deletion.

What AWS does stands at each function. It changes moto in this process only.
"""

import re

from moto.core.responses import ActionResult, EmptyResult
from moto.iam.exceptions import DeleteConflictException, EntityAlreadyExists, LimitExceededException, NoSuchEntity, ValidationError
from moto.iam.models import IAMBackend, User
from moto.iam.responses import IamResponse

import strict_iam_credentials

ALLOWED = re.compile(r"[A-Za-z0-9_+=,.@-]+")
PER_USER = 10
"""So many groups, and so many attached policies, a user can have."""


def install():
    """Applies every change."""
    _check_names()
    _keep_boundaries()
    _keep_to_limits()
    _refuse_leftovers()
    strict_iam_credentials.install()


def _check_names():
    """AWS takes 64 characters for a user and 128 for a group, of `A-Za-z0-9_+=,.@-`, and names that differ in case only
    are one name. Asked for by another case, the user is not found.
    """

    def checked(names, name, parameter, longest):
        if not ALLOWED.fullmatch(name or ""):
            raise ValidationError(
                f"The specified value for {parameter} is invalid. "
                "It must contain only alphanumeric characters and/or the following: +=,.@_-"
            )
        if len(name) > longest:
            raise ValidationError(
                f"1 validation error detected: Value '{name}' at '{parameter}' failed to satisfy constraint: "
                f"Member must have length less than or equal to {longest}"
            )
        if name.lower() in (other.lower() for other in names):
            raise EntityAlreadyExists(f"{parameter.removesuffix('Name').capitalize()} with name {name} already exists.")

    create_user, create_group, update_user = IAMBackend.create_user, IAMBackend.create_group, IAMBackend.update_user

    def user(self, region_name, user_name, path="/", tags=None):
        checked(self.users, user_name, "userName", 64)
        return create_user(self, region_name, user_name, path, tags)

    def group(self, group_name, path="/"):
        checked(self.groups, group_name, "groupName", 128)
        return create_group(self, group_name, path)

    def renamed(self, user_name, new_path=None, new_user_name=None):
        if new_user_name:
            checked(set(self.users) - {user_name}, new_user_name, "newUserName", 64)
        update_user(self, user_name, new_path, new_user_name)

    IAMBackend.create_user, IAMBackend.create_group, IAMBackend.update_user = user, group, renamed


def _keep_boundaries():
    """AWS keeps the boundary that a user is created with or is given later, and refuses one that is no policy. A look at
    one user and the account's details tell it.
    """

    def existing(backend, arn):
        if arn not in (policy.arn for policy in backend.managed_policies.values()):
            raise NoSuchEntity(f"Scope ARN: {arn} does not exist or is not attachable.")
        return arn

    def create_user(self):
        boundary = self._get_param("PermissionsBoundary")
        boundary = boundary and existing(self.backend, boundary)
        user = self.backend.create_user(
            self.region, user_name=self._get_param("UserName"), path=self._get_param("Path"), tags=self._get_param("Tags", [])
        )
        user.boundary = boundary
        return ActionResult({"User": user})

    def put(self):
        user = self.backend.get_user(self._get_param("UserName"))
        user.boundary = existing(self.backend, self._get_param("PermissionsBoundary"))
        return EmptyResult()

    def delete(self):
        user = self.backend.get_user(self._get_param("UserName"))
        if user.boundary is None:
            raise NoSuchEntity(f"{user.name} does not have a permissions boundary")
        user.boundary = None
        return EmptyResult()

    def told(user):
        return user.boundary and {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": user.boundary}

    User.boundary = None
    User.permissions_boundary = property(told)
    IamResponse.create_user = create_user
    IamResponse.put_user_permissions_boundary = put
    IamResponse.delete_user_permissions_boundary = delete


def _keep_to_limits():
    """AWS lets a user be in 10 groups and have 10 policies attached, unless it was asked for more policies. What is there
    already is no error.
    """
    add, attach = IAMBackend.add_user_to_group, IAMBackend.attach_user_policy

    def add_user_to_group(self, group_name, user_name):
        user, group = self.get_user(user_name), self.get_group(group_name)
        if user not in group.users and len(self.get_groups_for_user(user_name)) >= PER_USER:
            raise LimitExceededException(f"Cannot exceed quota for GroupsPerUser: {PER_USER}")
        add(self, group_name, user_name)

    def attach_user_policy(self, policy_arn, user_name):
        attached = self.get_user(user_name).managed_policies
        if policy_arn not in attached and len(attached) >= PER_USER:
            raise LimitExceededException(f"Cannot exceed quota for PoliciesPerUser: {PER_USER}")
        attach(self, policy_arn, user_name)

    IAMBackend.add_user_to_group, IAMBackend.attach_user_policy = add_user_to_group, attach_user_policy


LEFTOVERS = {
    "remove users from group": lambda backend, user: backend.get_groups_for_user(user.name),
    "delete login profile": lambda backend, user: user.password,
    "delete access keys": lambda backend, user: user.access_keys,
    "delete MFA device": lambda backend, user: user.mfa_devices,
    "delete SSH public keys": lambda backend, user: user.ssh_public_keys,
    "delete signing certificates": lambda backend, user: user.signing_certificates,
    "delete service specific credentials": lambda backend, user: strict_iam_credentials.of_user(user),
}
"""What must be done before a user can be deleted, beside taking its policies away, and what of it is left."""


def _refuse_leftovers():
    """AWS deletes no user on which anything hangs but tags and a boundary (`DeleteConflict`, 409). moto itself
    looks at policies only.
    """
    delete_user = IAMBackend.delete_user

    def delete(self, user_name):
        user = self.get_user(user_name)
        for first, left in LEFTOVERS.items():
            if left(self, user):
                raise DeleteConflictException(f"Cannot delete entity, must {first} first.")
        delete_user(self, user_name)

    IAMBackend.delete_user = delete
