"""moto on a free port of 127.0.0.1, with AWS's page sizes, faults on demand and a ledger of calls.

Usage: moto_server.py     (prints `ready http://127.0.0.1:PORT`; ends when its standard input closes)

`faithful.py` makes moto answer as AWS does where they differ, and `strict_*.py` make it refuse changes as AWS does;
`faults.py` is the layer in front of it, with the routes `/faults`, `/ledger` and `/next-id`; `seed.py` tells it a story.
"""

import logging
import os

os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

from werkzeug.serving import make_server

import applications
import changes
import faithful
import faults
import ready
import strict_assignments
import strict_iam
import strict_identity_store
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app


def main():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for one in (faithful, applications, strict_iam, strict_identity_store, strict_assignments, changes):
        one.install()
    application = faults.Front(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
    os.environ["MOTO_PORT"] = str(server.server_port)
    ready.end_with_stdin()
    ready.announce(server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
