"""Applications of Identity Center and who is assigned to them, which moto does not know.

What AWS does stands at each function. It changes moto in this process only. There are no applications until one is created.
"""

import json

from moto.moto_api._internal import mock_random
from moto.ssoadmin.exceptions import ResourceNotFoundException
from moto.ssoadmin.responses import SSOAdminResponse

from faithful import MANAGEMENT_ACCOUNT


def install():
    """Applies every change."""
    for name, answer in ANSWERS.items():
        setattr(SSOAdminResponse, name, lambda self, answer=answer: json.dumps(answer(self, self.ssoadmin_backend)))


def _applications(backend):
    return backend.__dict__.setdefault("applications", {})


def _assigned(backend):
    return backend.__dict__.setdefault("application_assignments", [])


def _there(response, backend):
    arn = response._get_param("ApplicationArn")
    if arn not in _applications(backend):
        raise ResourceNotFoundException(f"Application with ARN {arn} does not exist")
    return arn


def _principal(response):
    return {name: response._get_param(name) for name in ("PrincipalId", "PrincipalType")}


def create_application(response, backend):
    instance = response._get_param("InstanceArn")
    name = mock_random.get_random_string(length=16, include_digits=True, lower_case=True)
    arn = f"arn:aws:sso::{MANAGEMENT_ACCOUNT}:application/{instance.rsplit('/', 1)[-1]}/apl-{name}"
    told = {"ApplicationArn": arn, "Name": response._get_param("Name"), "InstanceArn": instance}
    _applications(backend)[arn] = told
    return {"ApplicationArn": arn}


def list_applications(response, backend):
    return {"Applications": list(_applications(backend).values())}


def get_application_assignment_configuration(response, backend):
    _there(response, backend)
    return {"AssignmentRequired": True}


def create_application_assignment(response, backend):
    """Assigned a second time, a principal stays assigned once."""
    wanted = {"ApplicationArn": _there(response, backend), **_principal(response)}
    if wanted not in _assigned(backend):
        _assigned(backend).append(wanted)
    return {}


def list_application_assignments(response, backend):
    arn = _there(response, backend)
    return {"ApplicationAssignments": [one for one in _assigned(backend) if one["ApplicationArn"] == arn]}


def list_application_assignments_for_principal(response, backend):
    """AWS tells what a principal has itself."""
    principal = _principal(response)
    return {"ApplicationAssignments": [one for one in _assigned(backend) if principal.items() <= one.items()]}


def delete_application_assignment(response, backend):
    """AWS refuses to take away what is not there."""
    wanted = {"ApplicationArn": _there(response, backend), **_principal(response)}
    if wanted not in _assigned(backend):
        raise ResourceNotFoundException("ApplicationAssignment does not exist")
    _assigned(backend).remove(wanted)
    return {}


ANSWERS = {
    answer.__name__: answer
    for answer in (
        create_application,
        list_applications,
        get_application_assignment_configuration,
        create_application_assignment,
        list_application_assignments,
        list_application_assignments_for_principal,
        delete_application_assignment,
    )
}
