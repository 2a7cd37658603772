"""Where moto is more lenient than AWS about an IAM user's credentials: passwords, MFA devices, and the passwords and API
keys for single services, which moto does not have.

What AWS does stands at each function. It changes moto in this process only.
"""

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.iam.exceptions import DeleteConflictException, IAMException, LimitExceededException, NoSuchEntity, ValidationError
from moto.iam.models import IAMBackend
from moto.iam.responses import IamResponse
from moto.moto_api._internal import mock_random

from faithful import page_of_iam

SYMBOLS = set("!@#$%^&*()_+-=[]{}|'")
PASSWORDS_FOR = {"codecommit.amazonaws.com", "cassandra.amazonaws.com"}
KEYS_FOR = {"bedrock.amazonaws.com"}
PER_SERVICE = 2
"""So many credentials for one service a user can have."""


def install():
    """Applies every change."""
    _check_passwords()
    _keep_reset_required()
    _refuse_active_devices()
    _have_service_credentials()


class PasswordPolicyViolation(IAMException):
    code = "PasswordPolicyViolation"


class ServiceNotSupported(IAMException):
    code = "NotSupportedService"


def _check_passwords():
    """AWS holds a password against the account's policy; without one, 8 characters of three kinds are the least."""

    def check(backend, password):
        if not password:
            raise ValidationError("Password is missing.")
        has = {
            "uppercase letter": any("A" <= character <= "Z" for character in password),
            "lowercase letter": any("a" <= character <= "z" for character in password),
            "number": any("0" <= character <= "9" for character in password),
            "symbol": any(character in SYMBOLS for character in password),
        }
        policy, least = backend.account_password_policy, 8
        missing = [] if sum(has.values()) >= 3 else ["character of a third kind"]
        if policy:
            least = policy.minimum_password_length
            required = {
                "uppercase letter": policy.require_uppercase_characters,
                "lowercase letter": policy.require_lowercase_characters,
                "number": policy.require_numbers,
                "symbol": policy.require_symbols,
            }
            missing = [kind for kind, needed in required.items() if needed and not has[kind]]
        if len(password) < least:
            raise PasswordPolicyViolation(f"Password should have a minimum length of {least}")
        if missing:
            raise PasswordPolicyViolation(f"Password should have at least one {missing[0]}")

    create, update = IAMBackend.create_login_profile, IAMBackend.update_login_profile

    def create_login_profile(self, user_name, password):
        if not self.get_user(user_name).password:
            check(self, password)
        return create(self, user_name, password)

    def update_login_profile(self, user_name, password, password_reset_required):
        user = self.get_login_profile(user_name)
        if password is not None:
            check(self, password)
        wanted = user.password_reset_required if password_reset_required is None else password_reset_required
        return update(self, user_name, password or user.password, wanted)

    IAMBackend.create_login_profile, IAMBackend.update_login_profile = create_login_profile, update_login_profile


def _keep_reset_required():
    """AWS tells whether the next sign-in has to change the password, as it was asked for, and since when the password is."""

    def told(user):
        facts = {"UserName": user.name, "CreateDate": user.password_date, "PasswordResetRequired": user.password_reset_required}
        return ActionResult({"LoginProfile": facts})

    def create(self):
        user = self.backend.create_login_profile(self._get_param("UserName"), self._get_param("Password"))
        user.password_date, user.password_reset_required = utcnow(), bool(self._get_param("PasswordResetRequired"))
        return told(user)

    def get(self):
        return told(self.backend.get_login_profile(self._get_param("UserName")))

    IamResponse.create_login_profile, IamResponse.get_login_profile = create, get


def _refuse_active_devices():
    """AWS deletes no MFA device that a user signs in with: it is deactivated first."""
    delete = IAMBackend.delete_virtual_mfa_device

    def delete_virtual_mfa_device(self, serial_number):
        device = self.virtual_mfa_devices.get(serial_number)
        if device and device.enable_date:
            raise DeleteConflictException("MFA VirtualDevice in use. Must deactivate first.")
        delete(self, serial_number)

    IAMBackend.delete_virtual_mfa_device = delete_virtual_mfa_device


def of_user(user):
    """The user's credentials for single services, secrets included. moto leaves out of a listing what AWS has none of."""
    return user.__dict__.setdefault("service_credentials", [])


def _secret_of(service, user, account):
    """AWS gives a name and a password for CodeCommit and Keyspaces, an alias and a key for Bedrock."""
    name, secret = f"{user.name}-at-{account}", mock_random.get_random_string(44, include_digits=True)
    if service in KEYS_FOR:
        return {"ServiceCredentialAlias": name, "ServiceCredentialSecret": secret}
    return {"ServiceUserName": name, "ServicePassword": secret}


def _have_service_credentials():
    """AWS makes two at most for each service, tells the secret when it is made or made anew, and finds a credential by its
    id and its user. It lists those of one user or, where it is asked so, of all.
    """

    def user_of(self):
        name = self._get_param("UserName")
        user = self.backend.get_user(name) if name else self.backend.get_user_from_access_key_id(self.get_access_key())
        if user is None:
            raise NoSuchEntity("The caller is no user.")
        return user

    def found(self):
        user, wanted = user_of(self), self._get_param("ServiceSpecificCredentialId")
        for credential in of_user(user):
            if credential["ServiceSpecificCredentialId"] == wanted:
                return user, credential
        raise NoSuchEntity(f"No such credential {wanted} exists")

    def create(self):
        user, service = user_of(self), self._get_param("ServiceName")
        if service not in PASSWORDS_FOR | KEYS_FOR:
            raise ServiceNotSupported(f"No such service {service} is supported for Service Specific Credentials")
        if sum(credential["ServiceName"] == service for credential in of_user(user)) >= PER_SERVICE:
            raise LimitExceededException(f"Cannot exceed quota for ServiceSpecificCredentialsPerUser: {PER_SERVICE}")
        made = {
            "UserName": user.name,
            "Status": "Active",
            "CreateDate": utcnow(),
            "ServiceSpecificCredentialId": "ACCA" + mock_random.get_random_string(17, include_digits=True).upper(),
            "ServiceName": service,
            **_secret_of(service, user, self.current_account),
        }
        of_user(user).append(made)
        return ActionResult({"ServiceSpecificCredential": made})

    def list_all(self):
        users = self.backend.list_users("/", None, None) if self._get_param("AllUsers") else [user_of(self)]
        service = self._get_param("ServiceName")
        listed = [one for user in users for one in of_user(user) if service in (None, one["ServiceName"])]
        page, more = page_of_iam(self, listed)
        return ActionResult({"ServiceSpecificCredentials": page, **more})

    def update(self):
        found(self)[1]["Status"] = self._get_param("Status")
        return EmptyResult()

    def reset(self):
        user, credential = found(self)
        credential |= _secret_of(credential["ServiceName"], user, self.current_account)
        return ActionResult({"ServiceSpecificCredential": credential})

    def delete(self):
        user, credential = found(self)
        of_user(user).remove(credential)
        return EmptyResult()

    IamResponse.create_service_specific_credential = create
    IamResponse.list_service_specific_credentials = list_all
    IamResponse.update_service_specific_credential = update
    IamResponse.reset_service_specific_credential = reset
    IamResponse.delete_service_specific_credential = delete
