#!/usr/bin/env bash
# The changes of plan 72372e12615e. This script does not check whether they are still correct.
set -euo pipefail
# AWS completes assignments after a command has ended: check with describe-account-assignment-…-status.

# c2: Disable the IAM user `build-7` in 222233334444: deactivate all its keys and certificates, delete its console password
# with credentials of account 222233334444
for id in $(aws iam list-access-keys --user-name build-7 --query 'AccessKeyMetadata[].AccessKeyId' --output text); do
  aws iam update-access-key --user-name build-7 --access-key-id "$id" --status Inactive
done
for id in $(aws iam list-service-specific-credentials --user-name build-7 --query 'ServiceSpecificCredentials[].ServiceSpecificCredentialId' --output text); do
  aws iam update-service-specific-credential --user-name build-7 --service-specific-credential-id "$id" --status Inactive
done
for id in $(aws iam list-ssh-public-keys --user-name build-7 --query 'SSHPublicKeys[].SSHPublicKeyId' --output text); do
  aws iam update-ssh-public-key --user-name build-7 --ssh-public-key-id "$id" --status Inactive
done
for id in $(aws iam list-signing-certificates --user-name build-7 --query 'Certificates[].CertificateId' --output text); do
  aws iam update-signing-certificate --user-name build-7 --certificate-id "$id" --status Inactive
done
if aws iam get-login-profile --user-name build-7 >/dev/null 2>&1; then
  aws iam delete-login-profile --user-name build-7
fi

# c5: Deactivate every access key of the IAM user `build-7` in 222233334444
# with credentials of account 222233334444
for id in $(aws iam list-access-keys --user-name build-7 --query 'AccessKeyMetadata[].AccessKeyId' --output text); do
  aws iam update-access-key --user-name build-7 --access-key-id "$id" --status Inactive
done

# c8: Detach `arn:aws:iam::aws:policy/ReadOnlyAccess` from the IAM user `build-7` in 222233334444
# with credentials of account 222233334444
aws iam detach-user-policy --user-name build-7 --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess

# c10: Remove the IAM user `build-7` in 222233334444 from the IAM group `builders`
# with credentials of account 222233334444
aws iam remove-user-from-group --user-name build-7 --group-name builders

# c16: Remove the user `ben` from the group `eng`
aws identitystore delete-group-membership --region eu-central-1 --identity-store-id d-1234567890 --membership-id m-1

# c18: Remove the permission set `Admin` in 222233334444 from the user `ben`
aws sso-admin delete-account-assignment --region eu-central-1 --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --target-type AWS_ACCOUNT --target-id 222233334444 --principal-type USER --principal-id u-1

# c1: Create the IAM user `build-8` in 222233334444 with the tag `service=devmongodb`, the boundary `arn:aws:iam::222233334444:policy/edge`, the policy `arn:aws:iam::aws:policy/ReadOnlyAccess`, the IAM group `builders` and a console password that must be changed at the first sign-in
# with credentials of account 222233334444
aws iam create-user --user-name build-8 --path / --tags '[{"Key":"service","Value":"devmongodb"}]' --permissions-boundary arn:aws:iam::222233334444:policy/edge
aws iam attach-user-policy --user-name build-8 --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess
aws iam add-user-to-group --user-name build-8 --group-name builders
# Put {"Password": "…"} into a file that only you can read. On a command line, every user of this machine could read it.
aws iam create-login-profile --user-name build-8 --password-reset-required --cli-input-json file://password.json

# c11: Create the user `ana` (`Ana Lopez`, `ana@example.com`)
made_c11=$(aws identitystore create-user --region eu-central-1 --identity-store-id d-1234567890 --user-name ana --display-name 'Ana Lopez' --name '{"FamilyName":"Lopez","GivenName":"Ana"}' --emails '[{"Primary":true,"Type":"work","Value":"ana@example.com"}]' --query UserId --output text)

# c13: Create the group `ops` (`who keeps it running`)
made_c13=$(aws identitystore create-group --region eu-central-1 --identity-store-id d-1234567890 --display-name ops --description 'who keeps it running' --query GroupId --output text)

# c3: Enable the IAM user `build-7` in 222233334444: activate `AKIA0000000000000001`
# with credentials of account 222233334444
aws iam update-access-key --user-name build-7 --access-key-id AKIA0000000000000001 --status Active

# c6: Activate the access key `AKIA0000000000000001` of the IAM user `build-7` in 222233334444
# with credentials of account 222233334444
aws iam update-access-key --user-name build-7 --access-key-id AKIA0000000000000001 --status Active

# c7: Attach `arn:aws:iam::aws:policy/ReadOnlyAccess` to the IAM user `build-7` in 222233334444
# with credentials of account 222233334444
aws iam attach-user-policy --user-name build-7 --policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess

# c9: Add the IAM user `build-7` in 222233334444 to the IAM group `builders`
# with credentials of account 222233334444
aws iam add-user-to-group --user-name build-7 --group-name builders

# c15: Add the user `ana` (created by c11) to the group `ops` (created by c13)
aws identitystore create-group-membership --region eu-central-1 --identity-store-id d-1234567890 --group-id "$made_c13" --member-id UserId="$made_c11"

# c17: Give the group `ops` (created by c13) the permission set `Admin` in 222233334444
aws sso-admin create-account-assignment --region eu-central-1 --instance-arn arn:aws:sso:::instance/ssoins-1 --permission-set-arn arn:aws:sso:::permissionSet/ssoins-1/ps-1 --target-type AWS_ACCOUNT --target-id 222233334444 --principal-type GROUP --principal-id "$made_c13"

# c4: Delete the IAM user `build-7` in 222233334444 with its credentials, policies and group memberships, without disabling it first
# with credentials of account 222233334444
for id in $(aws iam list-access-keys --user-name build-7 --query 'AccessKeyMetadata[].AccessKeyId' --output text); do
  aws iam update-access-key --user-name build-7 --access-key-id "$id" --status Inactive
done
for id in $(aws iam list-service-specific-credentials --user-name build-7 --query 'ServiceSpecificCredentials[].ServiceSpecificCredentialId' --output text); do
  aws iam update-service-specific-credential --user-name build-7 --service-specific-credential-id "$id" --status Inactive
done
for id in $(aws iam list-ssh-public-keys --user-name build-7 --query 'SSHPublicKeys[].SSHPublicKeyId' --output text); do
  aws iam update-ssh-public-key --user-name build-7 --ssh-public-key-id "$id" --status Inactive
done
for id in $(aws iam list-signing-certificates --user-name build-7 --query 'Certificates[].CertificateId' --output text); do
  aws iam update-signing-certificate --user-name build-7 --certificate-id "$id" --status Inactive
done
if aws iam get-login-profile --user-name build-7 >/dev/null 2>&1; then
  aws iam delete-login-profile --user-name build-7
fi
for id in $(aws iam list-access-keys --user-name build-7 --query 'AccessKeyMetadata[].AccessKeyId' --output text); do
  aws iam delete-access-key --user-name build-7 --access-key-id "$id"
done
for id in $(aws iam list-service-specific-credentials --user-name build-7 --query 'ServiceSpecificCredentials[].ServiceSpecificCredentialId' --output text); do
  aws iam delete-service-specific-credential --user-name build-7 --service-specific-credential-id "$id"
done
for id in $(aws iam list-ssh-public-keys --user-name build-7 --query 'SSHPublicKeys[].SSHPublicKeyId' --output text); do
  aws iam delete-ssh-public-key --user-name build-7 --ssh-public-key-id "$id"
done
for id in $(aws iam list-signing-certificates --user-name build-7 --query 'Certificates[].CertificateId' --output text); do
  aws iam delete-signing-certificate --user-name build-7 --certificate-id "$id"
done
for id in $(aws iam list-mfa-devices --user-name build-7 --query 'MFADevices[].SerialNumber' --output text); do
  aws iam deactivate-mfa-device --user-name build-7 --serial-number "$id"
  case "$id" in arn:*) aws iam delete-virtual-mfa-device --serial-number "$id";; esac
done
aws iam delete-user-policy --user-name build-7 --policy-name own
aws iam remove-user-from-group --user-name build-7 --group-name builders
aws iam delete-user --user-name build-7

# c12: Delete the user `ben`
aws identitystore delete-user --region eu-central-1 --identity-store-id d-1234567890 --user-id u-1

# c14: Delete the group `eng`
aws identitystore delete-group --region eu-central-1 --identity-store-id d-1234567890 --group-id g-1
