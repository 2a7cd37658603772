"""ministack on a free port of 127.0.0.1: the stand-in whose S3 verifies checksums and keeps object locks.

Usage: ministack_server.py     (prints `ready http://127.0.0.1:PORT`; ends when its standard input closes)

The socket is bound here and handed over, because ministack would listen on every interface, and a port that is chosen
first and bound later can be taken in between.
"""

import asyncio
import os
import socket
import tempfile


def main():
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    os.environ.update(GATEWAY_PORT=str(port), BIND_HOST="127.0.0.1", LOG_LEVEL="ERROR", PERSIST_STATE="0")

    import ready
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from ministack.app import app

    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "ERROR"
    ready.end_with_stdin()
    ready.announce(port)
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
