"""What a question type lets its author set, declared once: forms, checks and exchanges are made from it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise


class SettingKind(StrEnum):
    """How a setting is written."""

    WHOLE = "whole"
    DECIMAL = "decimal"
    DAY = "day"
    CHOICE = "choice"
    SEVERAL = "several"  # a list of choices


@dataclass(frozen=True)
class Setting:
    """One setting of a type. A value equal to `default` is not stored; None means that nothing is set.

    `lowest` and `highest` are the ends that can be chosen, `choices` are (stored value,
    label), and the value may not lie below that of the setting named by `not_below`.
    """

    name: str
    label: Promise
    kind: SettingKind = SettingKind.WHOLE
    default: Any = None
    lowest: int | None = None
    highest: int | None = None
    choices: tuple[tuple[Any, Any], ...] = ()
    help_text: Promise | str = ""
    not_below: str = ""
