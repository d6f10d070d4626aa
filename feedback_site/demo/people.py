"""Six thousand customers who do not exist.

Names from a seed, phones that no person can have, addresses at example.com.
"""

import random
from dataclasses import dataclass, field
from functools import cache

from feedback_site.demo.dice import pick

SEED = 20260101
CUSTOMERS = 6000
# Numbers that begin with 120 were never given to mobile phones: no person's phone rings.
PHONE_PREFIX = "+86120"
EMAIL_DOMAIN = "example.com"
SOURCE = "demo"

_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
_GIVEN = (
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚",
    *("秀英", "桂英", "小红", "建国", "思远", "雨桐", "子轩", "欣怡", "浩然", "梓涵"),
    *("志强", "海燕", "晓东", "玉兰", "文博", "佳怡", "俊杰", "雪梅", "振华", "丽华"),
)
_FIRST = (
    "Ann",
    "Tom",
    "Lucy",
    "Omar",
    "Priya",
    "Elena",
    "Jack",
    "Sofia",
    "Liam",
    "Maya",
    "Noah",
    "Ines",
    "Karl",
    "Rosa",
    "Sean",
    "Yuki",
)
_LAST = (
    "Lee",
    "Smith",
    "Brown",
    "Garcia",
    "Khan",
    "Novak",
    "Müller",
    "Rossi",
    "Evans",
    "Cohen",
    "Costa",
    "Singh",
    "Weber",
    "Moreau",
)

_CHINESE_SHARE = 0.8
_CONSENT_SHARE = 0.94
# Phone and email, phone alone, email alone, neither.
_CONTACTS = (("both", 48), ("phone", 34), ("email", 15), ("none", 3))
_SEGMENTS = (("existing", 55), ("new", 30), ("high_value", 15))


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """One made-up customer as a service system would know them; an empty contact means none is known."""

    external_id: str
    name: str = field(repr=False)
    phone: str = field(repr=False)
    email: str = field(repr=False)
    language: str
    segment: str
    consents: bool

    @property
    def consent(self) -> dict[str, bool]:
        """What the customer allows, by purpose: everything or nothing."""
        return dict.fromkeys(("survey", "nps", "visit"), self.consents)

    @property
    def as_json(self) -> dict[str, str]:
        """The `customer` of a posted event."""
        known = {
            "name": self.name,
            "phone": self.phone,
            "email": self.email,
            "language": self.language,
            "segment": self.segment,
        }
        return {"external_id": self.external_id, **{key: value for key, value in known.items() if value}}


@cache
def demo_customers() -> tuple[DemoCustomer, ...]:
    """Return the customers; the same ones each time."""
    dice = random.Random(SEED)  # noqa: S311 - the same people each time is the point
    return tuple(_customer(number, dice) for number in range(1, CUSTOMERS + 1))


@cache
def demo_addresses() -> frozenset[str]:
    """Return every phone and email of the demo's customers: the simulated ones answer for no other person."""
    people = demo_customers()
    return frozenset(address for person in people for address in (person.phone, person.email) if address)


def _customer(number: int, dice: random.Random) -> DemoCustomer:
    is_chinese = dice.random() < _CHINESE_SHARE
    contacts = pick(_CONTACTS, dice)
    return DemoCustomer(
        external_id=f"D-{number:04}",
        name=dice.choice(_SURNAMES) + dice.choice(_GIVEN)
        if is_chinese
        else f"{dice.choice(_FIRST)} {dice.choice(_LAST)}",
        phone=f"{PHONE_PREFIX}{number:08}" if contacts in {"both", "phone"} else "",
        email=f"customer-{number:04}@{EMAIL_DOMAIN}" if contacts in {"both", "email"} else "",
        language="zh-hans" if is_chinese else "en",
        segment=pick(_SEGMENTS, dice),
        consents=dice.random() < _CONSENT_SHARE,
    )
