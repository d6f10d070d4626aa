"""Keys of ours for names of a form."""

import re

_OTHERS = re.compile(r"[^-A-Za-z0-9_]+")
MOST_CHARACTERS = 40


class Keys:
    """Hands out keys, each once."""

    def __init__(self, *, most: int = MOST_CHARACTERS) -> None:
        self.most = most
        self.used: set[str] = set()

    def key_for(self, name: str, *, instead: str) -> str:
        """Return a key as near to a name as can be, `instead` where nothing of it can stand."""
        base = slug_of(name, most=self.most) or instead
        key, number = base, 1
        while key in self.used:
            number += 1
            key = f"{base[: self.most - 1 - len(str(number))]}_{number}"
        self.used.add(key)
        return key


def slug_of(name: str, *, most: int) -> str:
    """Return the letters, digits, - and _ of a name."""
    name = name.strip()
    return (_OTHERS.sub("_", name).strip("_") if _OTHERS.search(name) else name)[:most]
