"""IAM users: names, boundaries, passwords, credentials, limits and deletion."""

import json
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from proofs import MANAGEMENT_ACCOUNT, PASSWORD, READ_ONLY, are, claim, is_refused

ANYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def certificate():
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(timezone.utc)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    return made.public_bytes(serialization.Encoding.PEM).decode()


def hang_everything_on(iam, user):
    """Gives the user one of everything; returns, by its name, how each is taken away."""
    name = {"UserName": user}
    key = iam.create_access_key(**name)["AccessKey"]["AccessKeyId"]
    serial = iam.create_virtual_mfa_device(VirtualMFADeviceName=user)["VirtualMFADevice"]["SerialNumber"]
    iam.enable_mfa_device(**name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
    ssh = iam.upload_ssh_public_key(**name, SSHPublicKeyBody="ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 x")
    signing = iam.upload_signing_certificate(**name, CertificateBody=certificate())["Certificate"]["CertificateId"]
    service = iam.create_service_specific_credential(**name, ServiceName="codecommit.amazonaws.com")
    iam.create_login_profile(**name, Password=PASSWORD)
    iam.put_user_policy(**name, PolicyName="own", PolicyDocument=ANYTHING)
    iam.attach_user_policy(**name, PolicyArn=READ_ONLY)
    iam.create_group(GroupName=f"of-{user}")
    iam.add_user_to_group(**name, GroupName=f"of-{user}")
    ssh_id, service_id = ssh["SSHPublicKey"]["SSHPublicKeyId"], service["ServiceSpecificCredential"]["ServiceSpecificCredentialId"]
    return {
        "login profile": lambda: iam.delete_login_profile(**name),
        "access key": lambda: iam.delete_access_key(**name, AccessKeyId=key),
        "MFA device": lambda: iam.deactivate_mfa_device(**name, SerialNumber=serial),
        "SSH key": lambda: iam.delete_ssh_public_key(**name, SSHPublicKeyId=ssh_id),
        "signing certificate": lambda: iam.delete_signing_certificate(**name, CertificateId=signing),
        "service credential": lambda: iam.delete_service_specific_credential(**name, ServiceSpecificCredentialId=service_id),
        "inline policy": lambda: iam.delete_user_policy(**name, PolicyName="own"),
        "attached policy": lambda: iam.detach_user_policy(**name, PolicyArn=READ_ONLY),
        "group": lambda: iam.remove_user_from_group(**name, GroupName=f"of-{user}"),
    }


@claim
def a_user_with_any_leftover_cannot_be_deleted(aws):
    aws.iam.create_user(UserName="probe", PermissionsBoundary=READ_ONLY, Tags=[{"Key": "Owner", "Value": "alice"}])
    kinds = list(hang_everything_on(aws.iam, "probe"))
    for kind in kinds:
        user = f"with-{kind.replace(' ', '-')}"
        aws.iam.create_user(UserName=user, PermissionsBoundary=READ_ONLY)
        take_away = hang_everything_on(aws.iam, user)
        last = take_away.pop(kind)
        for other in take_away.values():
            other()
        try:
            is_refused("DeleteConflict", aws.iam.delete_user, UserName=user, status=409)
        except AssertionError as error:
            raise AssertionError(f"left: {kind}: {error}") from error
        last()
        aws.iam.delete_user(UserName=user)
        is_refused("NoSuchEntity", aws.iam.delete_user, UserName=user, status=404)


@claim
def names_differ_in_more_than_case(aws):
    aws.iam.create_user(UserName="Case.One")
    aws.iam.create_user(UserName="case.two")
    is_refused("EntityAlreadyExists", aws.iam.create_user, UserName="CASE.ONE", status=409)
    is_refused("EntityAlreadyExists", aws.iam.update_user, UserName="case.two", NewUserName="case.ONE", status=409)
    aws.iam.create_group(GroupName="Case-Group")
    is_refused("EntityAlreadyExists", aws.iam.create_group, GroupName="case-group", status=409)


@claim
def names_have_the_documented_letters(aws):
    for name in ("a b", "a/b", "ä", "x" * 65):
        is_refused("ValidationError", aws.iam.create_user, UserName=name, status=400)
    is_refused("ValidationError", aws.iam.create_group, GroupName="a b", status=400)
    aws.iam.create_user(UserName="a_b+c=d,e.f@g-h")


@claim
def a_boundary_exists_and_is_told(aws):
    absent = f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:policy/absent"
    is_refused("NoSuchEntity", aws.iam.create_user, UserName="bounded", PermissionsBoundary=absent, status=404)
    is_refused("NoSuchEntity", aws.iam.get_user, UserName="bounded")
    expected = {"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": READ_ONLY}
    made = aws.iam.create_user(UserName="bounded", PermissionsBoundary=READ_ONLY)["User"]
    are(made.get("PermissionsBoundary"), expected)
    are(aws.iam.get_user(UserName="bounded")["User"].get("PermissionsBoundary"), expected)
    details = aws.iam.get_paginator("get_account_authorization_details").paginate(Filter=["User"])
    (user,) = [user for page in details for user in page["UserDetailList"] if user["UserName"] == "bounded"]
    are(user.get("PermissionsBoundary"), expected)


@claim
def a_boundary_is_put_and_taken_away(aws):
    name = {"UserName": "later-bounded"}
    aws.iam.create_user(**name)
    absent = f"arn:aws:iam::{MANAGEMENT_ACCOUNT}:policy/absent"
    is_refused("NoSuchEntity", aws.iam.put_user_permissions_boundary, **name, PermissionsBoundary=absent)
    aws.iam.put_user_permissions_boundary(**name, PermissionsBoundary=READ_ONLY)
    are(aws.iam.get_user(**name)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"], READ_ONLY)
    aws.iam.delete_user_permissions_boundary(**name)
    are(aws.iam.get_user(**name)["User"].get("PermissionsBoundary"), None)
    is_refused("NoSuchEntity", aws.iam.delete_user_permissions_boundary, **name)


@claim
def a_listing_of_users_tells_neither_tags_nor_boundaries(aws):
    aws.iam.create_user(UserName="tagged", PermissionsBoundary=READ_ONLY, Tags=[{"Key": "Owner", "Value": "alice"}])
    users = [user for page in aws.iam.get_paginator("list_users").paginate() for user in page["Users"]]
    (user,) = [user for user in users if user["UserName"] == "tagged"]
    are(set(user), {"Path", "UserName", "UserId", "Arn", "CreateDate"})
    are(aws.iam.get_user(UserName="tagged")["User"]["Tags"], [{"Key": "Owner", "Value": "alice"}])


@claim
def a_password_keeps_to_the_default_policy(aws):
    name = {"UserName": "with-default-policy"}
    aws.iam.create_user(**name)
    for weak in ("Aa1!", "lowercase-letters", "lowercase1letters"):
        is_refused("PasswordPolicyViolation", aws.iam.create_login_profile, **name, Password=weak, status=400)
    aws.iam.create_login_profile(**name, Password=PASSWORD)
    is_refused("EntityAlreadyExists", aws.iam.create_login_profile, **name, Password="weak", status=409)
    is_refused("PasswordPolicyViolation", aws.iam.update_login_profile, **name, Password="weak", status=400)


@claim
def a_password_keeps_to_the_policy_of_the_account(aws):
    name, required = {"UserName": "with-own-policy"}, ("UppercaseCharacters", "LowercaseCharacters", "Numbers", "Symbols")
    aws.iam.create_user(**name)
    aws.iam.update_account_password_policy(MinimumPasswordLength=20, **{f"Require{kind}": True for kind in required})
    try:
        good = "Correct-Horse-Battery-1"
        for weak in (PASSWORD, good.lower(), good.upper(), good.replace("1", "x"), good.replace("-", "x")):
            is_refused("PasswordPolicyViolation", aws.iam.create_login_profile, **name, Password=weak, status=400)
        aws.iam.create_login_profile(**name, Password=good)
    finally:
        aws.iam.delete_account_password_policy()


@claim
def a_required_reset_is_told_as_given(aws):
    for required in (True, False):
        name = {"UserName": f"reset-{required}"}
        aws.iam.create_user(**name)
        made = aws.iam.create_login_profile(**name, Password=PASSWORD, PasswordResetRequired=required)
        are(made["LoginProfile"]["PasswordResetRequired"], required)
        are(aws.iam.get_login_profile(**name)["LoginProfile"]["PasswordResetRequired"], required)
    aws.iam.update_login_profile(UserName="reset-True", PasswordResetRequired=False)
    are(aws.iam.get_login_profile(UserName="reset-True")["LoginProfile"]["PasswordResetRequired"], False)


@claim
def an_active_mfa_device_is_deactivated_before_it_is_deleted(aws):
    name = {"UserName": "with-mfa"}
    aws.iam.create_user(**name)
    serial = aws.iam.create_virtual_mfa_device(VirtualMFADeviceName="active")["VirtualMFADevice"]["SerialNumber"]
    aws.iam.enable_mfa_device(**name, SerialNumber=serial, AuthenticationCode1="123456", AuthenticationCode2="654321")
    is_refused("DeleteConflict", aws.iam.delete_virtual_mfa_device, SerialNumber=serial, status=409)
    aws.iam.deactivate_mfa_device(**name, SerialNumber=serial)
    aws.iam.delete_virtual_mfa_device(SerialNumber=serial)


@claim
def service_specific_credentials_are_made_listed_changed_and_deleted(aws):
    name, service = {"UserName": "with-service"}, {"ServiceName": "codecommit.amazonaws.com"}
    aws.iam.create_user(**name)
    is_refused("NotSupportedService", aws.iam.create_service_specific_credential, **name, ServiceName="ec2.amazonaws.com")
    is_refused("NoSuchEntity", aws.iam.create_service_specific_credential, UserName="absent", **service)
    made = aws.iam.create_service_specific_credential(**name, **service)["ServiceSpecificCredential"]
    aws.iam.create_service_specific_credential(**name, **service)
    is_refused("LimitExceeded", aws.iam.create_service_specific_credential, **name, **service, status=409)
    bedrock = aws.iam.create_service_specific_credential(**name, ServiceName="bedrock.amazonaws.com")
    assert bedrock["ServiceSpecificCredential"]["ServiceCredentialSecret"]

    def listed(**asked):
        found = aws.iam.list_service_specific_credentials(**asked)["ServiceSpecificCredentials"]
        return [one for one in found if one["UserName"] == "with-service"]

    are([len(listed(**name)), len(listed(**name, **service)), len(listed(AllUsers=True))], [3, 2, 3])
    this = {**name, "ServiceSpecificCredentialId": made["ServiceSpecificCredentialId"]}
    aws.iam.update_service_specific_credential(**this, Status="Inactive")
    are([one["Status"] for one in listed(**name, **service)], ["Inactive", "Active"])
    anew = aws.iam.reset_service_specific_credential(**this)["ServiceSpecificCredential"]
    assert anew["ServicePassword"] != made["ServicePassword"], "the password stayed"
    aws.iam.create_user(UserName="another")
    is_refused("NoSuchEntity", aws.iam.delete_service_specific_credential, **{**this, "UserName": "another"})
    aws.iam.delete_service_specific_credential(**this)
    for gone in (aws.iam.delete_service_specific_credential, aws.iam.reset_service_specific_credential):
        is_refused("NoSuchEntity", gone, **this, status=404)
    is_refused("NoSuchEntity", aws.iam.update_service_specific_credential, **this, Status="Active")
    are(len(listed(**name)), 2)


@claim
def a_user_is_in_ten_groups_and_has_ten_policies_at_most(aws):
    name = {"UserName": "with-much"}
    aws.iam.create_user(**name)
    policies = []
    for number in range(11):
        aws.iam.create_group(GroupName=f"many-{number}")
        policies.append(aws.iam.create_policy(PolicyName=f"many-{number}", PolicyDocument=ANYTHING)["Policy"]["Arn"])
    for number in range(10):
        aws.iam.add_user_to_group(**name, GroupName=f"many-{number}")
        aws.iam.attach_user_policy(**name, PolicyArn=policies[number])
    aws.iam.add_user_to_group(**name, GroupName="many-0")
    aws.iam.attach_user_policy(**name, PolicyArn=policies[0])
    is_refused("LimitExceeded", aws.iam.add_user_to_group, **name, GroupName="many-10", status=409)
    is_refused("LimitExceeded", aws.iam.attach_user_policy, **name, PolicyArn=policies[10], status=409)
