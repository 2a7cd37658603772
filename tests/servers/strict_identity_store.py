"""Where moto lets the Identity Store be changed and AWS refuses, and what AWS tells of each change.

What AWS does stands at each function. It changes moto in this process only. What AWS does with the memberships of a user or
a group that is deleted is not documented; here, as in moto, they stay. Assignments stay, as in AWS.
"""

import json
import re
import time
import unicodedata

from moto.identitystore.exceptions import ConflictException, ResourceNotFoundException, ValidationException
from moto.identitystore.models import IdentityStoreBackend, Name
from moto.identitystore.responses import IdentityStoreResponse
from moto.ssoadmin.models import ssoadmin_backends
from moto.sts.models import sts_backends

RESERVED = {"administrator", "awsadministrators"}
IDS = {"User": "UserId", "Group": "GroupId", "GroupMembership": "MembershipId"}
ARNS = {"User": "user", "Group": "group", "GroupMembership": "membership"}
LISTS = {
    "list_users": ("Users", "User"),
    "list_groups": ("Groups", "Group"),
    "list_group_memberships": ("GroupMemberships", "GroupMembership"),
    "list_group_memberships_for_member": ("GroupMemberships", "GroupMembership"),
}
DESCRIPTIONS = {"describe_user": "User", "describe_group": "Group", "describe_group_membership": "GroupMembership"}
TEXTS_OF_USER = {"UserName", "DisplayName", "NickName", "ProfileUrl", "UserType", "Title", "PreferredLanguage", "Locale", "Timezone"}
TEXTS_OF_GROUP = {"DisplayName", "Description"}


def install():
    """Applies every change."""
    _know_the_store()
    _check_users()
    _check_groups()
    _refuse_second_memberships()
    _update()
    for kind in IDS:
        _remember_creation(kind)
        _check_deletion(kind)
    _tell_what_is_remembered()


find_store = IdentityStoreBackend._IdentityStoreBackend__get_identity_store


def _store(response):
    return response.identitystore_backend._IdentityStoreBackend__get_identity_store(response._get_param("IdentityStoreId"))


def _held(store, kind):
    """What the store has of a kind, by id."""
    return {"User": store.users, "Group": store.groups, "GroupMembership": store.group_memberships}[kind]


def _remembered(store):
    """What moto does not keep, by the id of a user, group or membership: revision, who made and changed it, and when."""
    return store.__dict__.setdefault("remembered", {})


def _caller(response):
    """The ARN of who calls, as STS tells it."""
    backend = sts_backends[response.current_account]["aws"]
    return backend.get_caller_identity(response.get_access_key(), response.region)[1]


def _know_the_store():
    """AWS has the stores of its instances only. moto makes one for each id that it is asked for."""

    def found(self, store_id):
        instances = ssoadmin_backends[self.account_id][self.region_name].instances
        if store_id.rsplit("/", 1)[-1] not in (instance.identity_store_id for instance in instances):
            raise ResourceNotFoundException(message="IDENTITY_STORE not found.", resource_type="IDENTITY_STORE")
        return find_store(self, store_id)

    IdentityStoreBackend._IdentityStoreBackend__get_identity_store = found


def _check_user_name(users, name):
    """AWS takes 128 letters, marks, signs, digits and punctuation without blanks, and no name that it keeps for itself."""
    if len(name) > 128 or not all(unicodedata.category(character)[0] in "LMSNP" for character in name):
        raise ValidationException(message="userName: does not satisfy [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]{1,128}")
    if name.lower() in RESERVED:
        raise ValidationException(message=f"userName: {name} is reserved")
    if name.lower() in (user.UserName.lower() for user in users):
        raise ConflictException(message="Duplicate UserName", reason="UNIQUENESS_CONSTRAINT_VIOLATION")


def _check_display_name(groups, name):
    if not name:
        raise ValidationException(message="displayName is a required attribute")
    if name.lower() in (group.DisplayName.lower() for group in groups):
        raise ConflictException(message="Duplicate GroupDisplayName", reason="UNIQUENESS_CONSTRAINT_VIOLATION")


def _check_users():
    """AWS takes one e-mail address at most. User names and addresses are unique without regard to case."""
    create = IdentityStoreResponse.create_user

    def create_user(self):
        users = _store(self).users.values()
        _check_user_name(users, self._get_param("UserName") or "")
        emails = [email["Value"].lower() for email in self._get_param("Emails") or []]
        if len(emails) > 1:
            raise ValidationException(message="emails: no more than 1 is allowed")
        if any(email["Value"].lower() in emails for user in users for email in user.Emails or []):
            raise ConflictException(message="Duplicate Emails.Value", reason="UNIQUENESS_CONSTRAINT_VIOLATION")
        return create(self)

    IdentityStoreResponse.create_user = create_user


def _check_groups():
    """AWS needs a name, unique without regard to case."""
    create = IdentityStoreResponse.create_group

    def create_group(self):
        _check_display_name(_store(self).groups.values(), self._get_param("DisplayName"))
        return create(self)

    IdentityStoreResponse.create_group = create_group


def _refuse_second_memberships():
    """AWS has a user in a group once."""
    create = IdentityStoreResponse.create_group_membership

    def create_group_membership(self):
        wanted = self._get_param("GroupId"), self._get_param("MemberId")
        if wanted in ((one["GroupId"], one["MemberId"]) for one in _store(self).group_memberships.values()):
            raise ConflictException(message="Member already exists", reason="UNIQUENESS_CONSTRAINT_VIOLATION")
        return create(self)

    IdentityStoreResponse.create_group_membership = create_group_membership


def _change(response, store, id):
    """Each change of a user or a group makes its revision another one."""
    about = _remembered(store).setdefault(id, {"Revision": 0, "CreatedAt": time.time(), "CreatedBy": _caller(response)})
    about |= {"Revision": about["Revision"] + 1, "UpdatedAt": time.time(), "UpdatedBy": _caller(response)}
    return about


def _told(store, kind, entry):
    """An entry with what AWS tells of it and moto does not."""
    id = entry[IDS[kind]]
    about = dict(_remembered(store).get(id, {}))
    about["Revision"] = str(about.get("Revision", 0))
    if kind == "User":
        about["UserStatus"] = "ENABLED"
    if kind == "GroupMembership":
        del about["Revision"]
    return {**entry, f"{kind.removeprefix('Group') or kind}Arn": f"arn:aws:identitystore:::{ARNS[kind]}/{id}", **about}


def _snake(kind):
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()


def _remember_creation(kind):
    """AWS answers a creation with the ARN and the first revision, and keeps who made it and when."""
    create = getattr(IdentityStoreResponse, f"create_{_snake(kind)}")

    def created(self):
        made, store = json.loads(create(self)), _store(self)
        _change(self, store, made[IDS[kind]])
        told = _told(store, kind, made)
        return json.dumps({name: told[name] for name in told if name in made or name.endswith("Arn") or name == "Revision"})

    setattr(IdentityStoreResponse, f"create_{_snake(kind)}", created)


def _check_revision(response, store, id):
    """A revision that is given has to be the present one."""
    given = response._get_param("Revision")
    if given is not None and given != str(_remembered(store).get(id, {}).get("Revision", 0)):
        raise ConflictException(message="The revision is not the present one", reason="CONCURRENT_MODIFICATION")


def _there(response, store, kind):
    id = response._get_param(IDS[kind])
    if id not in _held(store, kind):
        resource = _snake(kind).upper()
        raise ResourceNotFoundException(message=f"{resource} not found.", resource_type=resource)
    return id


def _check_deletion(kind):
    """AWS deletes what is there, and only in the revision that is asked for. A membership has none."""
    delete = getattr(IdentityStoreResponse, f"delete_{_snake(kind)}")

    def deleted(self):
        store = _store(self)
        id = _there(self, store, kind)
        if kind != "GroupMembership":
            _check_revision(self, store, id)
        _remembered(store).pop(id, None)
        return delete(self)

    setattr(IdentityStoreResponse, f"delete_{_snake(kind)}", deleted)


def _tell_what_is_remembered():
    """AWS tells revision, status, and who made and changed what, and when, wherever it shows a user, group or membership."""

    def lists(ask, field, kind):
        def listed(self):
            answer = json.loads(ask(self))
            answer[field] = [_told(_store(self), kind, entry) for entry in answer[field]]
            return json.dumps(answer)

        return listed

    def describes(ask, kind):
        return lambda self: json.dumps(_told(_store(self), kind, json.loads(ask(self))))

    for name, (field, kind) in LISTS.items():
        setattr(IdentityStoreResponse, name, lists(getattr(IdentityStoreResponse, name), field, kind))
    for name, kind in DESCRIPTIONS.items():
        setattr(IdentityStoreResponse, name, describes(getattr(IdentityStoreResponse, name), kind))


def _update():
    """AWS sets, or without a value removes, single attributes by their paths. Here: texts and the parts of a name."""

    def changed(entry, texts, operation):
        path, value = operation["AttributePath"], operation.get("AttributeValue")
        first, _, part = (path[:1].upper() + path[1:]).partition(".")
        part = part[:1].upper() + part[1:]
        if first == "Name" and part in Name._fields:
            return entry._replace(Name=entry.Name._replace(**{part: value}))
        if first not in texts or part or not (value is None or isinstance(value, str)):
            raise ValidationException(message=f"{path}: cannot be changed here")
        return entry._replace(**{first: value})

    def update(self, kind, texts, check, named):
        store = _store(self)
        id = _there(self, store, kind)
        _check_revision(self, store, id)
        held = _held(store, kind)
        entry = held[id]
        for operation in self._get_param("Operations"):
            entry = changed(entry, texts, operation)
        if getattr(entry, named) != getattr(held[id], named):
            check([other for other_id, other in held.items() if other_id != id], getattr(entry, named))
        held[id] = entry
        _change(self, store, id)
        told = _told(store, kind, {"IdentityStoreId": entry.IdentityStoreId, IDS[kind]: id})
        return json.dumps({name: told[name] for name in ("IdentityStoreId", IDS[kind], f"{kind}Arn", "Revision")})

    IdentityStoreResponse.update_user = lambda self: update(self, "User", TEXTS_OF_USER, _check_user_name, "UserName")
    IdentityStoreResponse.update_group = lambda self: update(self, "Group", TEXTS_OF_GROUP, _check_display_name, "DisplayName")
