"""Personal data within free text.

The figures of the 400 comments are computed here and printed when they fall short.
"""

import time
from collections import Counter

import pytest

from feedback_site.common.masking import mask_words
from tests.factories.common.made_up_comments import LOOK_ALIKES, build_comments, build_look_alikes

NUMBERS_AND_EMAILS = ("mobile", "land line", "hotline", "abroad", "email")


def _is_hidden(comment):
    """Whether no four signs in a row of what is personal can still be read."""
    masked = mask_words(comment.text).replace(comment.harmless, "")
    signs = (
        comment.personal.removeprefix("座机")
        .removeprefix("tel ")
        .removeprefix("tel:")
        .removeprefix("Tel.")
        .removeprefix("mailto:")
    )
    pieces = [signs[place : place + 4] for place in range(len(signs) - 3)]
    return not any(piece in masked for piece in pieces if piece.isalnum())


@pytest.mark.parametrize(
    ("comments", "kinds"),
    [(build_comments(), NUMBERS_AND_EMAILS), (build_look_alikes(), tuple(LOOK_ALIKES))],
    ids=["as most write", "hidden from filters"],
)
def test_of_400_made_up_comments_98_in_100_numbers_and_addresses_are_masked_and_hardly_anything_else(
    comments, kinds
):
    telling = [comment for comment in comments if comment.kind]
    asked = Counter(comment.kind for comment in telling)
    hidden = Counter(comment.kind for comment in telling if _is_hidden(comment))
    touched = [comment for comment in comments if comment.harmless not in mask_words(comment.text)]
    recall = {kind: hidden[kind] / asked[kind] for kind in asked}
    together = sum(hidden[kind] for kind in kinds) / sum(asked[kind] for kind in kinds)
    missed = [comment.text for comment in telling if not _is_hidden(comment)]
    figures = (
        f"recall {recall}, of these kinds {together:.3f}; masked wrongly {len(touched)} of {len(comments)}: "
        f"{touched}; {missed=}"
    )

    assert len(comments) == 400, figures
    assert len({comment.text for comment in comments}) > 380, figures
    assert min(asked.values()) >= 40, figures
    assert together >= 0.98, figures
    assert min(recall.values()) >= 0.95, figures
    assert len(touched) <= 0.01 * len(comments), figures


def test_comments_without_anything_personal_stay_as_they_were_written():
    comments = [
        comment for comment in [*build_comments(seed=7), *build_look_alikes(seed=7)] if not comment.kind
    ]

    assert [comment.text for comment in comments if mask_words(comment.text) != comment.text] == []


def test_what_is_masked_already_stays_so():
    masked = [mask_words(comment.text) for comment in [*build_comments(seed=3), *build_look_alikes(seed=3)]]

    assert [mask_words(text) for text in masked] == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("2026-11-30 138 0000 0104 打的", "2026-11-30 *** 打的"),
        ("13800000104,13900000105", "***,***"),
        ("电话138…0000…0104", "电话***"),
        ("1\ufe0f\u20e33\ufe0f\u20e38\ufe0f\u20e3 0000 0104", "***"),
        ("138-0000-0104/139-0000-0105", "***/***"),
        ("13800000106-1", "***"),
        ("010-8765 4321 转 8", "*** 转 8"),
        ("Tel13800000104", "Tel***"),
        ("1380000010४", "***"),
        ("①③⑧⓪⓪⓪⓪⓪①⓪④", "***"),
        ("⒈⒊⒏⒈⒉⒊⒋⒌⒍⒎⒏", "***"),
        ("❶❸❽❶❷❸❹❺❻❼❽", "***"),
        ("138*0000*0104、138|0000|0104、138=0000=0104", "***、***、***"),
        ("150*1200*600，130 + 1200 + 1330", "150*1200*600，130 + 1200 + 1330"),
        ("passport no. E12345678", "passport no. ***"),
        ("wang @ qq . com，wang 艾特 qq 点 com", "***，***"),
        ("my number is 87654321", "my number is ***"),
        ("身份证号：110101 19900307 123x", "身份证号：***"),
        ("护照E12345678", "护照***"),
        ("退到6222 0210 0112 3456 789", "退到***"),
        ("退到 4111 1111 1111 1111", "退到 ***"),
        ("车牌京a 12345", "车牌***"),
        ("新A款，津B型", "新A款，津B型"),
        ("微信号wx_abc123，QQ 12345678", "微信号***，QQ ***"),
        ("微信同号，加微信聊", "微信同号，加微信聊"),
        ("张三@例子.公司", "***"),
        ("12345678@qq", "***"),
        ("@小王 你好", "@小王 你好"),
        ("订单13912345678", "订单13912345678"),
        ("order number 15512345678", "order number 15512345678"),
        ("订单的电话13912345678", "订单的电话***"),
        ("A1234567890B", "A1234567890B"),
        ("第1、3、5、7、9、11、13题", "第1、3、5、7、9、11、13题"),
        ("13.5 14.2 15.8 16", "13.5 14.2 15.8 16"),
        ("called 12 times on 20261130", "called 12 times on 20261130"),
        ("电话里说要 1234567 元", "电话里说要 1234567 元"),
        ("https://example.com/a?b=1", "https://example.com/a?b=1"),
        ("", ""),
        ("138*1234*5678", "***"),
        ("我的138😀0000👍🏻0104", "我的***"),
        ("138x0000x0104", "***"),
        ("1a3b8c0a0b0c0d0e1f0g4", "***"),
        ("0755#8765#4321", "***"),
        ("110101*19900307*123X", "***"),
        ("138OOOO0104", "***"),
        ("电话 13 8 00 00 01 04", "电话 ***"),
        ("138 1234 五六七八", "***"),
        ("洞幺洞杠八七六五四三二幺", "***"),
        ("㈠㈢㈧ 0000 0104", "***"),
        ("call one three eight, double zero double zero, 0104 now", "call *** now"),
        ("OneThreeEightZeroZeroZeroZeroZeroOneZeroFour", "***"),
        ("yao san ba ling ling ling ling ling yao ling si", "***"),
        ("four one five, five five five, oh one double oh", "***"),
        ("wang # example.com", "***"),
        ("12345678#qq.com", "***"),
        ("wang(at)example(dot)com", "***"),
        ("ann dot lee at example dot com", "***"),
        ("wang @ example . com", "***"),
        ("w a n g @ example.com", "***"),
        ("wang_at_example_dot_com", "***"),
        ("meet me @ noon. Come early", "meet me @ noon. Come early"),
        ("微信号 wxid_abc123", "微信号 ***"),
        ("加我微信 lily8899", "加我微信 ***"),
        ("WeChat: lily8899", "WeChat: ***"),
        ("加v lilychen", "加v ***"),
        ("微信：lilychen", "微信：***"),
        ("lily8899是我的微信", "***是我的微信"),
        ("wxid_abc12345", "***"),
        ("My WeChat is broken", "My WeChat is broken"),
        ("微信号不对，微信：已经发了", "微信号不对，微信：已经发了"),
        ("微信支付12345元", "微信支付12345元"),
        ("微信12345元，支付宝 20261130", "微信12345元，支付宝 20261130"),
        ("138*1234*5678mm", "138*1234*5678mm"),
        ("1999.12.31 120元", "1999.12.31 120元"),
        ("i/o 10/100/1000", "i/o 10/100/1000"),
        ("型号13X1234X5678", "型号13X1234X5678"),
        ("order number one three eight zero zero zero zero zero one zero four",) * 2,
    ],
)
def test_each_way_of_writing_is_masked_and_what_looks_alike_stays(text, masked):
    assert mask_words(text) == masked


@pytest.mark.parametrize(
    ("text", "names", "masked"),
    [
        ("我是王小明，王 小 明也行", ["王小明"], "我是***，***也行"),
        ("欧阳娜娜的家", ["欧阳娜娜"], "***的家"),
        (
            "Ann Lee here, ann  lee, Lee said; leeway, Annie",
            ["Ann Lee"],
            "*** here, ***, *** said; leeway, Annie",
        ),
        ("ＡＮＮ　ＬＥＥ", ["Ann Lee"], "***"),
        ("I will wait", ["Will Young"], "I will wait"),
        ("王师傅很好，小明也在", ["王小明"], "王师傅很好，小明也在"),
        ("谁都行", ["", "王"], "谁都行"),
        ("王小明 13800000104", ["王小明"], "*** ***"),
    ],
)
def test_names_of_the_people_concerned_are_masked_and_those_of_others_stay(text, names, masked):
    assert mask_words(text, names) == masked


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1 ",
        "12 ",
        "1,",
        "(1",
        "@",
        "a.",
        "at ",
        "电话",
        "订单: ",
        "京A",
        "1",
        "one ",
        "a dot ",
        "a#",
        "a ",
        "1😀",
        "微信",
        "1lO",
    ],
)
def test_no_text_costs_more_than_a_moment(piece):
    text = (piece * 2000)[:1999] + "1"

    began = time.process_time()
    mask_words(text, ["王小明", "Ann Lee"])

    assert time.process_time() - began < 0.5


def test_words_without_a_digit_or_an_at_cost_microseconds():
    began = time.process_time()
    for _ in range(2000):
        mask_words("师傅很专业，态度也好", ["王小明"])

    assert time.process_time() - began < 2000 * 100e-6
