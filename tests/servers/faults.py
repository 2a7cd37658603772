"""The layer in front of moto: it counts calls, and makes some of them fail as AWS does.

An operation is named as a policy would name it: `iam:GetAccountAuthorizationDetails`, `identitystore:ListUsers`,
`sso:ListInstances`, `organizations:ListAccounts`, `sts:AssumeRole`, `s3:PutObject`, `sns:Publish`.

Routes of its own (unsigned requests; all bodies are JSON):

    POST   /faults    adds one fault, or a list of them; an earlier fault goes before a later one
    DELETE /faults    takes all faults away
    GET    /ledger    {operation: count of calls since the start, failed ones too}
    GET    /ledger/writes   the same of the operations that change what Rollcall audits
    GET    /held      waits until a call hangs, for half a minute at most, and says whether one does
    GET    /ledger/calls    [[operation, account, parameters], …] of these, in their order
    DELETE /ledger    starts counting anew
    POST   /next-id   the id (a string) that the next account, user, group or permission set takes

A fault is `{"operation": …, "fault": …}` with any of these beside it. In the operation, `*` stands for any text.

    only         "writes": only calls that change what Rollcall audits; "reads": only the others
    account      only calls into this account (of `sts:AssumeRole`: the account of the role)
    parameters   only calls with these parameters, e.g. {"GroupId": "…"}
    after        let so many matching calls pass first
    times        then fail so many (all, where it is not given)
    code, message, status   another error than the usual one of this service

and `fault` is one of

    deny           the service's "access denied"
    throttle       the service's "slow down"
    error          HTTP 500
    lose-answer    the call is carried out, and answered with HTTP 500
    repeat-token   every page ends with the same page token
    hollow         a well-formed answer without anything in it, as a proxy may write one (IAM)
    empty-page     the first page is empty and carries a token; the second is the true first one (JSON services)
    hang           nothing is answered until the faults are taken away, and then HTTP 500; with `"when": "after"`, the call was
                   carried out before that

or, of a call that changes something,

    stale          it is carried out; then so many reading answers of its service and account (`answers`, and where `reads`
                   names operations, of those only) come from before it
    someone-else   somebody else's call comes right after it, before its answer, or, with `"when": "before"`, right before it:
                   `"call": {"service": "iam", "operation": "attach_user_policy", "parameters": {…}}` as boto3 has it, and
                   `account`, where it is not the management account. It is neither counted nor refused
    never-settles  what it asks for stays IN_PROGRESS until the faults are taken away (assignments, provisioning)
    end-failed     what it asks for ends FAILED, with the `message` as AWS's reason

whose own answer is lost as well where it says `"lose": true`.
"""

import contextlib
import io
import json
import re
import threading
from collections import Counter
from fnmatch import fnmatchcase
from urllib.parse import parse_qs, parse_qsl, urlencode

from werkzeug.test import run_wsgi_app

import changes
import faithful
import strict_assignments
import wire
from moto.iam.models import get_account_id_from

REPEATED = "the-same-token"
EMPTY = "after-the-empty-page"
# Account access manager by the paths of its API. moto does not have the service; here, nobody has used it.
ACCOUNT_ACCESS = {"/applications-list": "ListApplications", "/entitlements-list": "ListEntitlements"}
NOT_IN_MOTO = {"account-access:ListApplications": {"applications": []}, "account-access:ListEntitlements": {"entitlements": []}}


class Call:
    """One request, as far as faults and the ledger care."""

    def __init__(self, environ):
        length = environ.get("CONTENT_LENGTH")
        stream = environ["wsgi.input"]
        self.environ = environ
        self.body = stream.read(int(length)) if length else stream.read() if environ.get("wsgi.input_terminated") else b""
        scope = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        self.access_key, self.region, self.service = scope.groups() if scope else ("", "", "s3")
        self.is_json = "HTTP_X_AMZ_TARGET" in environ
        self.parameters = {}
        if self.is_json:
            name = environ["HTTP_X_AMZ_TARGET"].rsplit(".", 1)[-1]
            self.parameters = json.loads(self.body or b"{}")
        elif self.service == "s3":
            name = _s3_operation(environ)
        elif self.service == "account-access":
            name = ACCOUNT_ACCESS.get(environ["PATH_INFO"], environ["PATH_INFO"])
            self.parameters = json.loads(self.body or b"{}")
        else:
            self.parameters = {key: values[-1] for key, values in parse_qs(self.body.decode()).items()}
            name = self.parameters.get("Action", "")
        self.operation = f"{self.service}:{name}"
        self.account = self.parameters.get("RoleArn", "::::").split(":")[4] or get_account_id_from(self.access_key)

    def put_token(self, token):
        """Sends the call on with another page token, or with none."""
        key = "NextToken" if self.is_json else "Marker"
        self.parameters.pop(key, None)
        if token:
            self.parameters[key] = token
        if self.is_json:
            self.body = json.dumps(self.parameters).encode()
        else:
            fields = [(name, value) for name, value in parse_qsl(self.body.decode()) if name != key]
            self.body = urlencode(fields + ([(key, token)] if token else [])).encode()

    def answer(self, application, fate=None):
        """What moto says to it: body, status and headers. A fate is how what it asks for ends (`strict_assignments`)."""
        if fate:
            self.environ["HTTP_" + strict_assignments.FATE.upper().replace("-", "_")] = fate
        self.environ["wsgi.input"] = io.BytesIO(self.body)
        self.environ["CONTENT_LENGTH"] = str(len(self.body))
        self.environ.pop("HTTP_TRANSFER_ENCODING", None)
        chunks, status, headers = run_wsgi_app(application, self.environ, buffered=True)
        return b"".join(chunks), status, headers


class Front:
    """The WSGI application that stands in front of moto."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.Lock()
        # One change after the other, so that what comes between two of them is known.
        self.changing = threading.Lock()
        self.faults = []
        self.pasts = []
        self.calls = []
        # A call that hangs takes a place, and gives it back when the faults are taken away.
        self.held = threading.Semaphore(0)
        self.healed = threading.Event()

    def __call__(self, environ, start_response):
        if "HTTP_AUTHORIZATION" not in environ:
            own = self._own_route(environ)
            if own is not None:
                body = json.dumps(own, sort_keys=True).encode()
                start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
                return [body]
            if environ["PATH_INFO"].startswith("/moto-api"):
                return self.application(environ, start_response)
        call = Call(environ)
        if call.access_key == changes.SOMEONE:
            body, status, headers = call.answer(self.application)
        else:
            with self.lock:
                self.calls.append((call.operation, call.account, call.parameters))
                fault = next((fault for fault in self.faults if _strikes(fault, call)), None)
                past = next((past for past in self.pasts if past.answers_to(call)), None)
            with self.changing if changes.is_write(call.operation) else contextlib.nullcontext():
                body, status, headers = self._answer(call, fault, past)
        start_response(status, [*((k, v) for k, v in headers if k.lower() != "content-length"), ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _own_route(self, environ):
        """The answer of `/faults`, `/ledger` and `/next-id`; nothing for any other path."""
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if (method, path) == ("GET", "/held"):
            return self.held.acquire(timeout=30)
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self.lock:
            match (method, path):
                case ("POST", "/faults"):
                    added = json.loads(sent)
                    for fault in added if isinstance(added, list) else [added]:
                        self.faults.append(_checked(fault))
                case ("DELETE", "/faults"):
                    self.faults.clear()
                    self.pasts.clear()
                    self.healed.set()
                    self.healed = threading.Event()
                    strict_assignments.heal()
                case ("GET", "/ledger"):
                    return Counter(operation for operation, _, _ in self.calls)
                case ("GET", "/ledger/writes"):
                    return Counter(operation for operation, _, _ in self.calls if changes.is_write(operation))
                case ("GET", "/ledger/calls"):
                    return [call for call in self.calls if changes.is_write(call[0])]
                case ("DELETE", "/ledger"):
                    self.calls.clear()
                case ("POST", "/next-id"):
                    faithful.next_ids.append(json.loads(sent))
                case _:
                    environ["wsgi.input"] = io.BytesIO(sent)
                    return None
        return {}

    def _answer(self, call, fault, past):
        match fault and fault["fault"]:
            case None if call.operation in NOT_IN_MOTO:
                return json.dumps(NOT_IN_MOTO[call.operation]).encode(), "200 OK", [("Content-Type", "application/json")]
            case None if past:
                return past.answer(call, self.application)
            case None:
                return call.answer(self.application)
            case "hang":
                if fault.get("when") == "after":
                    call.answer(self.application)
                healed = self.healed
                self.held.release()
                healed.wait(60)
                return wire.error(call, {**fault, "fault": "error"})
            case "stale" | "someone-else" | "never-settles" | "end-failed":
                return self._answer_to_change(call, fault)
            case "lose-answer":
                call.answer(self.application)
                return wire.error(call, {**fault, "fault": "error"})
            case "hollow":
                return wire.hollow(call)
            case "repeat-token":
                call.put_token(None)
                body, status, headers = call.answer(self.application)
                return wire.with_token(call, body, REPEATED), status, headers
            case "empty-page":
                token = call.parameters.get("NextToken")
                if token == EMPTY or token is None:
                    call.put_token(None)
                body, status, headers = call.answer(self.application)
                return (wire.emptied(body, EMPTY) if token is None else body), status, headers
            case _:
                return wire.error(call, fault)

    def _answer_to_change(self, call, fault):
        assert changes.is_write(call.operation), f"{call.operation} changes nothing"
        answer = self._carry_out(call, fault)
        return wire.error(call, {**fault, "fault": "error"}) if fault.get("lose") else answer

    def _carry_out(self, call, fault):
        match fault["fault"]:
            case "stale":
                past = changes.Past(call, fault)
                answer = call.answer(self.application)
                with self.lock:
                    self.pasts.append(past)
                return answer
            case "someone-else":
                if fault.get("when") == "before":
                    changes.let_someone_else(fault["call"])
                    return call.answer(self.application)
                answer = call.answer(self.application)
                changes.let_someone_else(fault["call"])
                return answer
            case fate:
                assert call.operation in strict_assignments.LATER, f"{call.operation} is done at once"
                return call.answer(self.application, "never" if fate == "never-settles" else "failed: " + fault["message"])


KINDS = {"deny", "throttle", "error", "lose-answer", "repeat-token", "hollow", "empty-page", "hang"}
KINDS_OF_CHANGES = {"stale", "someone-else", "never-settles", "end-failed"}
FIELDS = {"operation", "fault", "only", "account", "parameters", "after", "times", "code", "message", "status"}
FIELDS_OF_CHANGES = {"answers", "reads", "call", "when", "lose"}


def _checked(fault):
    """A fault with a word that nobody knows would never strike, and the test would prove nothing."""
    fields = FIELDS | FIELDS_OF_CHANGES
    assert fault["fault"] in KINDS | KINDS_OF_CHANGES, f"no such fault: {fault['fault']}"
    assert set(fault) <= fields, f"unknown words: {set(fault) - fields}"
    when = "after" if fault["fault"] == "hang" else "before"
    assert fault.get("when") in (None, when), f"not known: {fault['when']}"
    assert fault.get("only") in (None, "writes", "reads"), f"not known: {fault['only']}"
    needed = {"stale": ["answers"], "someone-else": ["call"], "end-failed": ["message"]}.get(fault["fault"], [])
    assert all(name in fault for name in needed), f"{fault['fault']} needs {needed}"
    return dict(fault)


def _strikes(fault, call):
    """Whether the fault strikes this call; counts down what it lets pass and how often it strikes."""
    matches = (
        fnmatchcase(call.operation, fault["operation"])
        and fault.get("only") in (None, "writes" if changes.is_write(call.operation) else "reads")
        and fault.get("account", call.account) == call.account
        and all(call.parameters.get(name) == value for name, value in fault.get("parameters", {}).items())
    )
    if not matches:
        return False
    if fault.get("after", 0) > 0:
        fault["after"] -= 1
        return False
    if fault.get("times", 1) <= 0:
        return False
    if "times" in fault:
        fault["times"] -= 1
    return True


def _s3_operation(environ):
    """The operations that Rollcall's shelf uses, told from method, path and query (path-style addresses)."""
    key = environ["PATH_INFO"].strip("/").partition("/")[2]
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    method = environ["REQUEST_METHOD"]
    if not key:
        of_bucket = {"GET": "ListObjectsV2" if "list-type" in query else "GetBucket", "PUT": "CreateBucket", "HEAD": "HeadBucket"}
        return of_bucket.get(method, method)
    of_object = {"GET": "GetObject", "PUT": "PutObject", "HEAD": "HeadObject", "DELETE": "DeleteObject"}
    return of_object.get(method, method)
