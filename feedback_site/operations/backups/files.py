"""The files that a site keeps outside its database: prepared exports, and the anchors of the access log."""

import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from feedback_site.accounts.services import anchor_path
from feedback_site.common.exceptions import DomainError

# Names in the archive: the folders are other ones where it is unpacked.
EXPORTS, ANCHORS = "exports", "anchors.jsonl"


def anchors() -> bytes | None:
    """Return the anchors of the access log as they are now, None where there are none."""
    path = anchor_path()
    return path.read_bytes() if path and path.exists() else None


def pack(anchors_then: bytes | None, take: Callable[[IO[bytes]], str]) -> str:
    """Let `take` read one archive of all files, and return what it returns."""
    reading, writing = os.pipe()
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(writing, "wb") as target, tarfile.open(fileobj=target, mode="w|") as archive:
                _add_all(archive, anchors_then)
        except BaseException as error:  # noqa: BLE001 - it is raised again by the thread that waits
            failures.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reading, "rb") as source:
        result = take(source)
    thread.join()
    if failures:
        raise failures[0]
    return result


def unpack(archive: IO[bytes], folder: Path) -> dict[str, Path]:
    """Unpack an archive into `folder`, and return its files by their names."""
    with tarfile.open(fileobj=archive, mode="r|") as source:
        source.extractall(folder, filter="data")
    return {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}


def put_back(files: Mapping[str, Path]) -> None:
    """Copy unpacked files to where this site keeps them; none is written over."""
    for name, path in files.items():
        target = _target(name)
        if target is None:
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with path.open("rb") as source, target.open("xb") as file:
                shutil.copyfileobj(source, file)
        except FileExistsError as error:
            raise DomainError(
                _("%(file)s exists already: move it away, and restore again.") % {"file": target}
            ) from error


def taken() -> list[Path]:
    """Return the files that lie where a backup would be unpacked to."""
    path, folder = anchor_path(), Path(settings.EXPORT_DIR)
    found = [path] if path and path.exists() else []
    return found + [file for file in sorted(folder.rglob("*")) if file.is_file()]


def _target(name: str) -> Path | None:
    if name == ANCHORS:
        return anchor_path()
    return Path(settings.EXPORT_DIR) / Path(name).relative_to(EXPORTS)


def _add_all(archive: tarfile.TarFile, anchors_then: bytes | None) -> None:
    if anchors_then is not None:
        entry = tarfile.TarInfo(ANCHORS)
        entry.size, entry.mode = len(anchors_then), 0o600
        archive.addfile(entry, BytesIO(anchors_then))
    folder = Path(settings.EXPORT_DIR)
    for path in sorted(folder.rglob("*")):
        try:
            if path.is_file() and not path.is_symlink():
                archive.add(path, f"{EXPORTS}/{path.relative_to(folder)}")
        except FileNotFoundError:
            # An export whose time had come was deleted between the list and the look.
            continue
