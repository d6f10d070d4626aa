"""Comments that nobody wrote: 400 in two languages by a seeded
builder, each with what must be masked in it and what must stay.
"""

import random
from dataclasses import dataclass

_FRAMES = {
    "zh": [
        "师傅很专业，{1}，有事请打{0}，谢谢",
        "等了{1}还没人来！我的联系方式：{0}。",
        "{0}（请在18:00后联系）维修费{1}",
        "单子是{1}，回复到{0}就行",
        "投诉：{1}的事一直没解决，联系我 {0}\n急",
    ],
    "en": [
        "Great job ({1}), reach me at {0} please.",
        "I waited since {1} and nobody came. Mine: {0}!",
        "{0} (after 18:00). Paid {1} for the repair",
        "It is about {1}; answer to {0}, thanks",
        "Still broken after {1}, contact {0}\nurgent",
    ],
}


@dataclass(frozen=True)
class Comment:
    """A comment: what has to be masked (none where `kind` is empty) and what has to stay as it is."""

    text: str
    kind: str
    personal: str
    harmless: str


def build_comments(count: int = 400, *, seed: int = 12) -> list[Comment]:
    """Return the comments; four of five have something personal in them."""
    dice = random.Random(seed)  # noqa: S311 - the same comments each time is the point
    kinds = list(_PERSONAL)
    return [
        _comment(kinds[place // 2 % len(kinds)] if place % 5 else "", "zh" if place % 2 else "en", dice)
        for place in range(count)
    ]


def _comment(kind, language, dice):
    harmless = dice.choice(_HARMLESS)(dice)
    personal = _PERSONAL[kind](dice) if kind else "{}".format("我自己" if language == "zh" else "me")
    return Comment(
        dice.choice(_FRAMES[language]).format(personal, harmless), kind, personal if kind else "", harmless
    )


def _digits(count, dice):
    return "".join(str(dice.randrange(10)) for _ in range(count))


def _mobile(dice):
    number = f"1{dice.choice('3456789')}{_digits(9, dice)}"
    a, b, c = number[:3], number[3:7], number[7:]
    ways = [
        number,
        f"{a} {b} {c}",
        f"{a}-{b}-{c}",
        f"{a}.{b}.{c}",
        f"{a}·{b}·{c}",
        f"{a}_{b}_{c}",
        f"{a}  {b}  {c}",
        f"({a}){b}{c}",
        f"+86{number}",
        f"+86 {a} {b} {c}",
        f"0086-{number}",
        f"(+86) {number}",
        f"86 {number}",
        " ".join(number),
        "-".join(number),
        _full_width(number),
        _full_width(f"{a}-{b}-{c}"),
        f"{a}\u3000{b}\u3000{c}",
        f"{a}\u200b{b}\u200b{c}",
        f"tel:{number}",
        f"Tel.{number}",
        "".join("零一二三四五六七八九"[int(digit)] for digit in number),
        "".join("〇幺二三四五六七八九"[int(digit)] for digit in number),
        f"{a}/{b}/{c}",
        f"{number[:7]} {c}",
        f"{a}–{b}–{c}",
    ]
    return dice.choice(ways)


def _land_line(dice):
    area, number = dice.choice(["010", "021", "0571", "0755"]), f"{dice.randrange(2, 9)}{_digits(7, dice)}"
    ways = [
        f"{area}-{number}",
        f"({area}){number}",
        f"{area} {number[:4]} {number[4:]}",
        f"{area}{number}",
        _full_width(f"{area}-{number}"),
        f"+86 {area[1:]} {number}",
        f"座机{number}",
        f"tel {number[:4]} {number[4:]}",
        f"{area}-{number}-8021",
    ]
    return dice.choice(ways)


def _hotline(dice):
    tail = _digits(7, dice)
    return dice.choice(
        [
            f"400-{tail[:3]}-{tail[3:]}",
            f"400{tail}",
            f"800 {tail[:3]} {tail[3:]}",
            f"400-{tail[:4]}-{tail[4:]}",
        ]
    )


def _abroad(dice):
    return dice.choice(
        [
            f"+1 415 555 {_digits(4, dice)}",
            f"(415) 555-{_digits(4, dice)}",
            f"+44 7700 900{_digits(3, dice)}",
            f"07700 900{_digits(3, dice)}",
            f"+852 6{_digits(3, dice)} {_digits(4, dice)}",
            f"+49-30-901820{_digits(2, dice)}",
            f"001 415 555 {_digits(4, dice)}",
        ]
    )


def _email(dice):
    local = dice.choice(["ann.lee", "wang_xm", "li-si+home", f"u{_digits(5, dice)}", _digits(9, dice)])
    domain = dice.choice(["example.com", "post.example.co.uk", "qq.example.cn", "sub-1.example.org"])
    ways = [
        f"{local}@{domain}",
        f"{local} @ {domain}",
        f"{local}＠{domain}",
        _full_width(f"{local}@{domain}"),
        f"{local}(at){domain}",
        f"{local} [at] {domain.replace('.', ' [dot] ')}",
        f"{local} at {domain.replace('.', ' dot ')}",
        f"<{local}@{domain}>",
        f"{local.upper()}@{domain.upper()}",
        f"{local}@{domain.replace('.', '。')}",
        f"mailto:{local}@{domain}",
    ]
    return dice.choice(ways)


def _identity(dice):
    head, day = (
        dice.choice(["110101", "310115", "440305"]),
        f"{dice.randrange(1950, 2010)}{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}",
    )
    tail = f"{_digits(3, dice)}{dice.choice('0123456789Xx')}"
    return dice.choice(
        [
            f"{head}{day}{tail}",
            f"{head} {day} {tail}",
            f"{head}-{day}-{tail}",
            _full_width(f"{head}{day}{tail}"),
            f"{head}{day[2:]}{tail[:3]}",
        ]
    )


def _plate(dice):
    place, letter, rest = (
        dice.choice("京沪粤浙川"),
        dice.choice("ABCDE"),
        f"{dice.choice('ADF')}{_digits(4, dice)}",
    )
    return dice.choice(
        [
            f"{place}{letter}{rest}",
            f"{place}{letter}·{rest}",
            f"{place}{letter} {rest}",
            f"{place}{letter.lower()}{rest.lower()}",
            f"{place}{letter}D{_digits(5, dice)}",
        ]
    )


def _full_width(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


_PERSONAL = {
    "mobile": _mobile,
    "email": _email,
    "land line": _land_line,
    "hotline": _hotline,
    "abroad": _abroad,
    "identity": _identity,
    "plate": _plate,
}
_HARMLESS = [
    lambda dice: f"{dice.randrange(10**5, 10**8)}元",
    lambda dice: f"¥{dice.randrange(10**3):,}.{dice.randrange(100):02}",
    lambda dice: f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 29):02}",
    lambda dice: f"2026年{dice.randrange(1, 13)}月{dice.randrange(1, 29)}日",
    lambda dice: f"2026{dice.randrange(1, 13):02}{dice.randrange(1, 29):02}",
    lambda dice: f"{dice.randrange(8, 18)}:30-{dice.randrange(18, 22)}:00",
    lambda dice: f"订单号2026113{_digits(9, dice)}",
    lambda dice: f"order no. {_digits(8, dice)}",
    lambda dice: f"WO-2026-{_digits(6, dice)}",
    lambda dice: f"工单 GD{_digits(10, dice)}",
    lambda dice: f"error code E{_digits(7, dice)}",
    lambda dice: f"故障码{_digits(7, dice)}",
    lambda dice: f"0x8{_digits(7, dice)}",
    lambda dice: f"KFR-{_digits(2, dice)}GW/N8A{dice.randrange(10)}",
    lambda dice: f"SF{_digits(13, dice)}",
    lambda dice: f"version {dice.randrange(9)}.{dice.randrange(99)}.{_digits(4, dice)}",
    lambda dice: f"{dice.randrange(1, 30)}, {dice.randrange(30, 60)}, {dice.randrange(60, 90)}",
    lambda dice: (
        f"{dice.randrange(10, 99)}.{dice.randrange(10)} {dice.randrange(10, 99)}.{dice.randrange(10)} 度"
    ),
    lambda dice: f"room {dice.randrange(100, 3000)}, floor {dice.randrange(1, 30)}",
    lambda dice: f"2025-{dice.randrange(2026, 2030)}",
]
