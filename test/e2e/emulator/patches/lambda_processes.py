"""The processes of Lambda workers: which of them sent a request, and how it dies."""

import os
import signal

from ministack.core import lambda_runtime


def kill(process):
    if process is not None:
        os.kill(process.pid, signal.SIGKILL)


def process_of(client):
    """The Lambda worker at the other end of a connection, found by its socket (Linux only)."""
    inode = _socket_inode(client[1])
    workers = [worker for pool in list(lambda_runtime._workers.values()) for worker in pool if worker._proc]
    for worker in workers:
        folder = f"/proc/{worker._proc.pid}/fd"
        for descriptor in os.listdir(folder) if os.path.isdir(folder) else []:
            try:
                if os.readlink(f"{folder}/{descriptor}") == f"socket:[{inode}]":
                    return worker._proc
            except OSError:
                continue  # closed since we listed it
    return None


def _socket_inode(port):
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if os.path.exists(table):
            with open(table) as lines:
                for fields in map(str.split, lines):
                    if fields[1].endswith(f":{port:04X}"):
                        return fields[9]
    return None
