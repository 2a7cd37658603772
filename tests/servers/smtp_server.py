"""A mail server on a free port of 127.0.0.1, and the mailbox that it fills.

Usage: smtp_server.py MODE FOLDER [USER PASSWORD]

MODE is `starttls`, `tls` or `none`. It prints `ready smtp://127.0.0.1:PORT`, and ends when its standard input closes. With
a user, it takes mail from that user only. Its certificate is `tests/data/tls/server.pem`.

Each message that it takes becomes `FOLDER/0001.json` and so on, as Python's `email` reads it:

    from, to            of the envelope
    headers             {name: value}; a header that stands twice is a list
    defects             what Python's parser finds wrong, anywhere
    parts               [{"type", "filename", "text"}], each that is no multipart
    html                where the HTML was written to, to be looked at

and the bytes themselves `FOLDER/0001.eml`. `FOLDER/faults.json`, looked at with each command, makes it refuse:

    recipients          {address: "550 5.1.1 unknown"}
    sender, message     the answer to MAIL and to the message itself
    lose                so many messages are kept, and the connection is closed instead of an answer
"""

import asyncio
import email
import email.policy
import json
import logging
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

import ready

CERTIFICATES = pathlib.Path(__file__).parents[1] / "data/tls"


def understood(data):
    """A message as Python's parser has it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    headers = {}
    for name, value in message.items():
        if name in headers:
            headers[name] = [headers[name], value]
        else:
            headers[name] = str(value)
    defects = [repr(defect) for part in message.walk() for defect in part.defects]
    defects += [repr(defect) for value in message.values() for defect in getattr(value, "defects", [])]
    parts = [
        {"type": part.get_content_type(), "filename": part.get_filename(), "text": part.get_content()}
        for part in message.walk()
        if not part.is_multipart()
    ]
    tree = [part.get_content_type() for part in message.walk()]
    return {"headers": headers, "defects": defects, "parts": parts, "tree": tree}


class Mailbox:
    """Takes messages, unless a fault says otherwise."""

    def __init__(self, folder):
        self.folder = folder
        self.number = 0
        self.lost = 0

    def fault(self, name):
        path = self.folder / "faults.json"
        faults = json.loads(path.read_text()) if path.exists() else {}
        return faults.get(name)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refused := self.fault("sender"):
            return refused
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refused := (self.fault("recipients") or {}).get(address):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if refused := self.fault("message"):
            return refused
        self.number += 1
        name = self.folder / f"{self.number:04}"
        name.with_suffix(".eml").write_bytes(envelope.content)
        told = {"from": envelope.mail_from, "to": envelope.rcpt_tos, **understood(envelope.content)}
        for part in told["parts"]:
            if part["type"] == "text/html":
                name.with_suffix(".html").write_text(part["text"])
        name.with_suffix(".part").write_text(json.dumps(told))
        name.with_suffix(".part").rename(name.with_suffix(".json"))
        if self.lost < (self.fault("lose") or 0):
            self.lost += 1
            server.transport.abort()
        return "250 OK"


async def main():
    # What a client did wrong is what tests are about, and stands in their assertions.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    mode, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    login = tuple(text.encode() for text in sys.argv[3:5])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    mailbox = Mailbox(folder)

    def authenticator(server, session, envelope, mechanism, data):
        return AuthResult(success=(data.login, data.password) == login, handled=False)

    def factory():
        return SMTP(
            mailbox,
            hostname="mail.example.com",
            loop=asyncio.get_running_loop(),
            tls_context=context if mode == "starttls" else None,
            require_starttls=mode == "starttls",
            authenticator=authenticator,
            auth_required=bool(login),
            auth_require_tls=mode == "starttls",
        )

    server = await asyncio.get_running_loop().create_server(
        factory, "127.0.0.1", 0, ssl=context if mode == "tls" else None
    )
    ready.end_with_stdin()
    ready.announce(server.sockets[0].getsockname()[1], "smtp")
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
