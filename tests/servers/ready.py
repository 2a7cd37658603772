"""What every stand-in does at its two ends: say where it listens, and end with the test that started it."""

import os
import sys
import threading


def announce(port, scheme="http"):
    """Prints the one line that the test waits for. The socket must be listening already."""
    print(f"ready {scheme}://127.0.0.1:{port}", flush=True)


def end_with_stdin():
    """Ends this process when its standard input closes, so that it never outlives the test, however that ends."""

    def wait():
        while sys.stdin.buffer.read(4096):
            pass
        os._exit(0)

    threading.Thread(target=wait, daemon=True).start()
