"""TLS on a free port of 127.0.0.1 in front of a server without: what a network that looks into TLS puts in the way.

Usage: tls_relay.py PORT     (prints `ready https://127.0.0.1:PORT`; ends when its standard input closes)

Its certificate is `tests/data/tls/server.pem`, by an authority that nobody knows but who trusts `ca.pem` beside it. The
key is as public as the certificate; both are for tests alone.
"""

import pathlib
import socket
import ssl
import sys
import threading

import ready

CERTIFICATES = pathlib.Path(__file__).parents[1] / "data/tls"


def pass_on(source, target):
    """Passes on what comes, until it ends."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    finally:
        try:
            target.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def serve(connection, context, port):
    try:
        inside = context.wrap_socket(connection, server_side=True)
    except (ssl.SSLError, OSError):
        # The client does not know the authority, and goes.
        return
    outside = socket.create_connection(("127.0.0.1", port))
    threading.Thread(target=pass_on, args=(outside, inside), daemon=True).start()
    pass_on(inside, outside)


def main():
    port = int(sys.argv[1])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    listener = socket.create_server(("127.0.0.1", 0))
    ready.end_with_stdin()
    ready.announce(listener.getsockname()[1], "https")
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, context, port), daemon=True).start()


if __name__ == "__main__":
    main()
