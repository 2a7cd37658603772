"""How AWS words an error and a page token, in the protocol of each service that Rollcall calls."""

import json
import re

# service: {fault: (HTTP status, code)}; from the services' API references.
ERRORS = {
    "identitystore": {"deny": (400, "AccessDeniedException"), "throttle": (400, "ThrottlingException"), "error": (500, "InternalServerException")},
    "sso": {"deny": (400, "AccessDeniedException"), "throttle": (400, "ThrottlingException"), "error": (500, "InternalServerException")},
    "account-access": {"deny": (403, "AccessDeniedException"), "throttle": (429, "ThrottlingException"), "error": (500, "InternalServerException")},
    "organizations": {"deny": (400, "AccessDeniedException"), "throttle": (400, "TooManyRequestsException"), "error": (500, "ServiceException")},
    "iam": {"deny": (403, "AccessDenied"), "throttle": (400, "Throttling"), "error": (500, "ServiceFailure")},
    "sts": {"deny": (403, "AccessDenied"), "throttle": (400, "Throttling"), "error": (500, "InternalFailure")},
    "sns": {"deny": (403, "AuthorizationError"), "throttle": (400, "Throttling"), "error": (500, "InternalError")},
    "s3": {"deny": (403, "AccessDenied"), "throttle": (503, "SlowDown"), "error": (500, "InternalError")},
}
REASONS = {400: "Bad Request", 403: "Forbidden", 429: "Too Many Requests", 500: "Internal Server Error", 503: "Service Unavailable"}
REQUEST_ID = "00000000-0000-4000-8000-00000000fa17"


def error(call, fault):
    """Body, status line and headers of the error."""
    status, code = ERRORS.get(call.service, ERRORS["sso"])[fault["fault"]]
    status, code = fault.get("status", status), fault.get("code", code)
    usual = {"deny": f"User: arn:aws:iam::{call.account}:user/auditor is not authorized to perform: {call.operation}", "throttle": "Rate exceeded"}
    message = fault.get("message", usual.get(fault["fault"], "We encountered an internal error. Please try again."))
    headers = [("x-amzn-RequestId", REQUEST_ID)]
    if call.is_json or call.service == "account-access":
        body = json.dumps({"__type": code, "Message": message})
        headers.append(("Content-Type", "application/x-amz-json-1.1"))
    elif call.service == "s3":
        body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{message}</Message><RequestId>{REQUEST_ID}</RequestId></Error>'
        headers.append(("Content-Type", "application/xml"))
    else:
        blamed = "Sender" if status < 500 else "Receiver"
        body = f"<ErrorResponse><Error><Type>{blamed}</Type><Code>{code}</Code><Message>{message}</Message></Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        headers.append(("Content-Type", "text/xml"))
    return body.encode(), f"{status} {REASONS.get(status, 'Error')}", headers


def hollow(call):
    """A well-formed XML answer without anything in it."""
    name = call.operation.split(":")[1]
    return f"<{name}Response><{name}Result/></{name}Response>".encode(), "200 OK", [("Content-Type", "text/xml")]


def with_token(call, body, token):
    """The same page, ending with this token."""
    if call.is_json:
        return json.dumps({**json.loads(body), "NextToken": token}).encode()
    text = re.sub(r"<Marker>.*?</Marker>", "", body.decode())
    return re.sub(r"<IsTruncated>\w+</IsTruncated>", f"<IsTruncated>true</IsTruncated><Marker>{token}</Marker>", text).encode()


def emptied(body, token):
    """The same page of a JSON service with nothing in its lists, ending with this token."""
    page = {name: [] if isinstance(value, list) else value for name, value in json.loads(body).items()}
    return json.dumps({**page, "NextToken": token}).encode()
