"""What a backup is: a folder of two encrypted files, and a page about them that can be read without a key."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from feedback_site.common.exceptions import DomainError

ABOUT, DATABASE, FILES = "about.json", "database.age", "files.age"
# A folder is called so while it is being written: one without this ending is whole.
UNFINISHED = ".part"
FORMAT = 1
_BEGINNING = "feedback-site-"


@dataclass(frozen=True, slots=True)
class About:
    """What is written beside the encrypted files, so that they can be checked and chosen without the key."""

    made_at: str
    migrations: Sequence[str]
    rows: Mapping[str, int]
    digests: Mapping[str, str]
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it into the folder of the backup."""
        (folder / ABOUT).write_text(
            json.dumps(asdict(self), indent=1, sort_keys=True) + "\n", encoding="utf-8"
        )


def read_about(folder: Path) -> About:
    """Return what the backup in `folder` says of itself."""
    if folder.name.endswith(UNFINISHED):
        raise DomainError(_("%(folder)s was never finished: use another backup.") % {"folder": folder})
    try:
        content = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        about = About(**content)
    except (OSError, ValueError, TypeError) as error:
        raise DomainError(
            _("%(folder)s holds no backup: %(file)s is missing or cannot be read.")
            % {"folder": folder, "file": ABOUT}
        ) from error
    if about.format != FORMAT:
        raise DomainError(
            _("%(folder)s was made by another version of the site, which is needed to restore it.")
            % {"folder": folder}
        )
    return about


def folder_name(*, at: datetime) -> str:
    """Return the name of the folder of a backup, for a moment in UTC: names sort as the moments do."""
    return f"{_BEGINNING}{at:%Y%m%dT%H%M%SZ}"


def whole_backups(within: Path) -> list[Path]:
    """Return the folders of the backups that were finished, the oldest first."""
    return sorted(folder for folder in within.glob(f"{_BEGINNING}*Z") if (folder / ABOUT).is_file())
