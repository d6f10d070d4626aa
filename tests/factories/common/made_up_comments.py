"""Comments that no one wrote.

400 in two languages by a seeded builder, each with what must be masked in it and what must stay.
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
    return _build(_PERSONAL, _HARMLESS, count, seed)


def build_look_alikes(count: int = 400, *, seed: int = 12) -> list[Comment]:
    """Return comments of customers who hide what they write from filters.

    And harmless ones that look like theirs.
    """
    return _build(LOOK_ALIKES, [*_HARMLESS, *HARMLESS_LOOK_ALIKES], count, seed)


def _build(personal, harmless, count, seed):
    dice = random.Random(seed)  # noqa: S311 - the same comments each time is the point
    kinds = list(personal)
    picked = [kinds[place // 2 % len(kinds)] if place % 5 else "" for place in range(count)]
    return [
        _comment(kind, personal.get(kind), harmless, "zh" if place % 2 else "en", dice)
        for place, kind in enumerate(picked)
    ]


def _comment(kind, make, harmless, language, dice):
    stays = dice.choice(harmless)(dice)
    personal = make(dice) if kind else "{}".format("我自己" if language == "zh" else "me")
    shown = dice.choice(_ACCOUNT_FRAMES).format(personal) if kind == "account" else personal
    return Comment(dice.choice(_FRAMES[language]).format(shown, stays), kind, personal if kind else "", stays)


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


def _hidden_mobile(dice):
    number = f"1{dice.choice('3456789')}{_digits(9, dice)}"
    a, b, c = number[:3], number[3:7], number[7:]
    sign = dice.choice(
        ["*", "#", "|", "=", "+", ":", ";", "。", "！", "😀", "👉🏻", "...", "~~", " * ", "x", "和", "_*_"]
    )
    ways = [
        f"{a}{sign}{b}{sign}{c}",
        f"{a}{sign}{b}{sign}{c}",
        f"86{sign}{a}{sign}{b}{sign}{c}",
        dice.choice(["😀", "*", "a", "、", "-", "点", "/"]).join(number),
        "".join(f"{digit}{dice.choice('abcdef')}" for digit in number[:-1]) + number[-1],
        f"{number[:7]}*{c}",
        f"{a}OO{number[5:]}",
        f"l{number[1:4]}oO{number[6:]}",
    ]
    return dice.choice(ways)


_NUMERALS = [
    "零一二三四五六七八九",
    "〇幺两三四五六七八九",
    "洞幺两三四五六拐八勾",
    "零壹贰叁肆伍陆柒捌玖",
    "零壹貳參肆伍陸柒捌玖",
]
_WORDS = [
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    ["ling", "yao", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"],
]


def _spelt_mobile(dice):
    number = f"1{dice.choice('3456789')}{_digits(9, dice)}"
    numerals, words = dice.choice(_NUMERALS), dice.choice(_WORDS)
    in_numerals = "".join(numerals[int(digit)] for digit in number)
    in_words = [words[int(digit)] for digit in number]
    ways = [
        in_numerals,
        f"{in_numerals[:3]}-{in_numerals[3:7]}-{in_numerals[7:]}",
        f"{number[:7]}{in_numerals[7:]}",
        f"{number[:3]} {number[3:7]} {in_numerals[7:]}",
        "杠".join([in_numerals[:3], in_numerals[3:7], in_numerals[7:]]),
        " ".join(in_words),
        "-".join(in_words).upper(),
        ", ".join(in_words),
        "".join(word.title() for word in in_words),
        f"{number[:7]} {' '.join(in_words[7:])}",
        f"{' '.join(in_words[:3])} {number[3:]}",
        f"{words[1]} {words[3]} {words[8]} double {words[0]} {' '.join(in_words[5:])}",
    ]
    return dice.choice(ways)


def _disguised_email(dice):
    local = dice.choice(["ann.lee", "wang_xm", "lisi-home", f"u{_digits(5, dice)}", _digits(9, dice)])
    name, end = dice.choice(["example", "sub-1", "163"]), dice.choice(["com", "cn", "org"])
    domain = f"{name}.{end}"
    ways = [
        f"{local} # {domain}",
        f"{local}#{domain}",
        f"{local}＃{domain}",
        f"{local}🐌{domain}",
        f"{local} $ {domain}",
        f"{local}*{domain}",
        f"{local}(at){name}(dot){end}",
        f"{local}（at）{name}（点）{end}",
        f"{local} @ {name} . {end}",
        f"{local}@{name} . {end}",
        f"{local}@{name},{end}",
        f"{local}艾特{name}点{end}",
        f"{local}_at_{name}_dot_{end}",
        f"{local} AT {name} DOT {end}",
        _full_width(f"{local} # {domain}"),
    ]
    return dice.choice(ways)


def _account(dice):
    """Return an account, after what its frame calls it: that stays."""
    return dice.choice(
        [
            f"lily{_digits(4, dice)}",
            f"wxid_{_digits(3, dice)}abc",
            f"li_{_digits(5, dice)}",
            "lily-chen",
            f"Ann{_digits(6, dice)}",
        ]
    )


LOOK_ALIKES = {
    "hidden mobile": _hidden_mobile,
    "spelt mobile": _spelt_mobile,
    "disguised email": _disguised_email,
    "account": _account,
}
_ACCOUNT_FRAMES = [
    "微信号 {}",
    "加我微信 {}",
    "微信：{}",
    "我的微信是{}",
    "加V：{}",
    "薇信 {}",
    "VX {}",
    "WeChat: {}",
    "my wechat id is {}",
    "ＷｅＣｈａｔ：{}",
    "QQ号：{}",
    "WhatsApp {}",
    "抖音号{}",
]
# What looks like the above.
HARMLESS_LOOK_ALIKES = [
    lambda dice: f"{dice.randrange(60, 300)}*{dice.randrange(1000, 3000)}*{dice.randrange(1000, 3000)}mm",
    lambda dice: f"尺寸{dice.randrange(130, 199)}*{dice.randrange(1000, 3000)}*{dice.randrange(1000, 3000)}",
    lambda dice: f"{dice.randrange(130, 199)}/{dice.randrange(1000, 3000)}/{dice.randrange(1000, 3000)}元",
    lambda dice: f"订单138*{_digits(4, dice)}*{_digits(4, dice)}",
    lambda dice: f"serial number 13X{_digits(4, dice)}X{_digits(4, dice)}",
    lambda dice: (
        f"order number one three eight {' '.join(_WORDS[0][int(digit)] for digit in _digits(8, dice))}"
    ),
    lambda dice: f"{dice.randrange(10, 24)}:30-{dice.randrange(10, 24)}:45;{dice.randrange(10, 24)}:15",
    lambda dice: (
        f"2026/{dice.randrange(1, 13)}/{dice.randrange(1, 29)} "
        f"{dice.randrange(10, 24)}:{dice.randrange(10, 60)}:{dice.randrange(10, 60)}"
    ),
    lambda dice: f"1999.12.{dice.randrange(10, 29)} {dice.randrange(100, 999)}",
    lambda dice: (
        f"二〇二六年{'一二三四五六七八九'[dice.randrange(9)]}月{'一二三四五六七八九'[dice.randrange(9)]}日十二点"
    ),
    lambda dice: "三五七八成",
    lambda dice: "one, two, three, four, five, six, seven, eight, nine",
    lambda dice: f"1号{dice.randrange(2, 9)}号3号4号5号6号",
    lambda dice: f"微信支付{_digits(4, dice)[:3]}元",
    lambda dice: f"支付宝 2026{dice.randrange(10, 13)}{dice.randrange(10, 29)}",
    lambda dice: "加微信聊",
    lambda dice: "WeChat: please answer soon",
    lambda dice: f"https://example.com/a{_digits(3, dice)}?b=1",
    lambda dice: f"room {dice.randrange(2, 9)}#{dice.randrange(100, 900)}",
    lambda dice: f"E1、E2、E3、E4、E5、E6、E{dice.randrange(7, 9)}",
    lambda dice: f"IP 192.168.1.{dice.randrange(100, 255)}:8080",
]
