"""Processes of their own for files that other people wrote."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO

from feedback_site.common.table_files.limits import FileLimits


@contextmanager
def as_file(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Give the stream as a file that another process can read: small uploads are in memory only."""
    stream.seek(0)
    try:
        stream.fileno()
    except OSError:
        with tempfile.TemporaryFile() as file:
            shutil.copyfileobj(stream, file)
            file.flush()
            yield file
    else:
        stream.flush()
        yield stream


@contextmanager
def running(script: Path, file: BinaryIO, limits: FileLimits) -> Iterator[IO[bytes]]:
    """Give what a script says about a file; it is ended with the block."""
    process = subprocess.Popen(  # noqa: S603 - our own script, our own arguments
        [sys.executable, "-I", str(script), json.dumps(limits.as_dict())],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None  # noqa: S101 - asked for above
    try:
        yield process.stdout
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
