"""What befalls a caller who changes AWS: which calls change it, answers from before a change, and somebody else's changes.

`faults.py` says when. moto answers a request in the thread that asks, so an answer from before a change is moto's answer to
a thread that sees copies of what moto held then.
"""

import copy
import os
import threading
from fnmatch import fnmatchcase

import boto3

from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.base_backend import AccountSpecificBackend
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.identitystore.models import identitystore_backends
from moto.ssoadmin.models import ssoadmin_backends

CHANGED = {"iam", "identitystore", "sso", "organizations", "account-access"}
"""The services that Rollcall audits. Its store and its messages (S3, SNS) are its own."""
READING = ("Describe", "Generate", "Get", "Head", "Is", "List", "Simulate")
BACKENDS = {"iam": iam_backends, "identitystore": identitystore_backends, "sso": ssoadmin_backends}
SOMEONE = "AKIASOMEONEELSE00000"
"""The access key by which somebody else calls. It is allowed everything, counted nowhere, and no fault befalls it."""

seen = threading.local()


def install():
    """Lets threads see the past, and somebody else in."""
    get = AccountSpecificBackend.__getitem__
    allow = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def of_thread(self, region):
        past = getattr(seen, "past", {})
        return past.get((self.service_name, self.account_id, "aws" if region == "global" else region)) or get(self, region)

    def all_but_someone(self, *arguments):
        if self.access_key != SOMEONE:
            allow(self, *arguments)

    AccountSpecificBackend.__getitem__ = of_thread
    ActionAuthenticatorMixin._authenticate_and_authorize_action = all_but_someone


def is_write(operation):
    """Whether the operation changes what Rollcall audits."""
    service, name = operation.split(":", 1)
    return service in CHANGED and not name.startswith(READING)


class Past:
    """What the service of a call held in its account before the call, for so many reading answers."""

    def __init__(self, call, fault):
        backends = BACKENDS[call.service]
        region = "aws" if call.service == "iam" else call.region
        now = backends[call.account][region]
        # There are over a thousand policies of AWS's own, and they do not change.
        policies = now.aws_managed_policies if call.service == "iam" else []
        shared = {id(policy): policy for policy in policies if isinstance(policy, AWSManagedPolicy)}
        self.held = {(backends.service_name, call.account, region): copy.deepcopy(now, shared)}
        self.service, self.account = call.service, call.account
        self.answers, self.reads = fault["answers"], fault.get("reads", ["*"])

    def answers_to(self, call):
        """Whether this call is answered from the past; counts it then. A request's own status is always the present one."""
        is_read = not is_write(call.operation) and not call.operation.endswith("Status")
        about_it = (call.service, call.account) == (self.service, self.account)
        named = any(fnmatchcase(call.operation, pattern) for pattern in self.reads)
        if not (self.answers > 0 and is_read and about_it and named):
            return False
        self.answers -= 1
        return True

    def answer(self, call, application):
        """What moto says to a call as if nothing had changed."""
        seen.past = self.held
        try:
            return call.answer(application)
        finally:
            seen.past = {}


def let_someone_else(wanted):
    """Carries out somebody else's call: `{"service", "operation", "parameters", "account"}`, in the words of boto3."""
    session = boto3.Session(SOMEONE, "theirs", region_name="us-east-1")
    client = session.client(wanted["service"], endpoint_url=f"http://127.0.0.1:{os.environ['MOTO_PORT']}")
    if "account" in wanted:
        name = "x-moto-account-id"
        client.meta.events.register("before-send", lambda request, **_: request.headers.__setitem__(name, wanted["account"]))
    getattr(client, wanted["operation"])(**wanted["parameters"])
