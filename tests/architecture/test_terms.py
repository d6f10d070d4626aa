"""One concept, one word in each language: what the catalogue may not say, and the few texts that may.

A row forbids words; the concept's own word stands beside them.
Texts of the admin library, which we do not write, are left out.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext

from feedback_site.common.library_texts import TEXTS
from feedback_site.common.management.commands.messages import CATALOGUE, SOURCES, messages_of

_ROOT = Path(__file__).resolve().parents[2]
_LIBRARY = sorted((_ROOT / "feedback_site/questionnaires/library").glob("*.json"))


@dataclass(frozen=True)
class Term:
    """A concept's word in both languages, and the words that stood for it before.

    `but` are texts that may use those in another sense.
    """

    english: str
    chinese: str
    not_english: str = ""
    not_chinese: str = ""
    but: frozenset[str] = frozenset()


def term(
    english: str, chinese: str, not_english: str = "", not_chinese: str = "", *, but: tuple[str, ...] = ()
) -> Term:
    return Term(english, chinese, not_english, not_chinese, frozenset(but))


_MACROS = (
    "A customer uploaded this file. It is downloaded under a neutral name. Do not open it with a program "
    "that runs macros or scripts."
)
_FACTS = "This service event is on record with other content. Send later changes as transitions."
TERMS = [
    term("service event", "服务事件", r"cases?", "工单(?!编号)|案例|个案|(?<!服务)事件"),
    term(
        "ticket number",
        "工单编号",
        r"event's number( there)?|number there",
        "工单号|服务事件编号|来源系统编号",
    ),
    term("sample size", "样本数", r"few cases", "样本量"),
    term("registered", "登记", r"case was opened|complaint was opened|opened at", "工单创建时间"),
    term("questionnaire", "问卷", r"survey form"),
    term("response", "答卷", r"open answers?", "公开答复|答案"),
    term("answer", "填写", not_chinese="作答|(?<!必)答题|应答"),
    term("respondents", "参评客户", not_chinese="答卷客户"),
    term("broken off", "中途退出", r"break-offs?"),
    term("response rate", "回收率", not_chinese="应答率"),
    term("sent within ten minutes", "十分钟内发送率", r"headline", "推送|十分钟承诺"),
    term("sent late", "超时发送", r"left after", "延迟发送"),
    term("not sent", "逾期未发", r"missed|never left", "未送达|未能发出"),
    term("overdue", "已逾期", not_chinese="已超时"),
    term("do-not-contact list", "停发名单", r"suppressed addresse?s?", "停发地址"),
    term("consent: allowed, refused", "同意、不同意", not_chinese="表态"),
    term("counts for team", "计入团队", r"credited( team)?"),
    term("teams below", "下级团队", not_chinese="下属团队"),
    term("shared", "全公司共用", r"shared by the whole", "全组织共用|全部团队共用"),
    term("company", "公司", r"organisations?", "本组织|本单位"),
    term("agent", "服务人员", r"engineers?|agent concerned|colleague who served", "工程师|经办人员"),
    term("service type", "服务类型", r"kinds? of service|service kinds?"),
    term("customer segment", "客户分类", not_chinese="客户分层"),
    term(
        "NPS campaign",
        "NPS 调查",
        r"recommendation survey",
        "推荐度调查|净推荐值调查|推荐意愿调查|(?<!进行)活动",
    ),
    term("responses of a campaign", "有效答卷", r"completes"),
    term(
        "can be invited",
        "可邀请",
        r"contactable|can be asked",
        but=("No question of this form can be asked here.",),
    ),
    term("days between invitations", "邀请间隔", r"contact caps?|no cap", "联系频次上限"),
    term("survey period", "调查期", r"in the field|field (period|ends)"),
    term("contact attempt", "联系", not_chinese="(?<!登录)尝试"),
    term("sending attempt", "发送记录", not_chinese="发送尝试"),
    term("call script", "回访问卷", r"(?<!call )scripts?", "话术", but=(_MACROS,)),
    term("verified: resolved", "核实已解决", r"repair(ed|s)?", "维修效果|已核实解决", but=("repair",)),
    term("verification", "验证", r"proofs?|proved?|proves"),
    term("improvement action", "改进措施", r"(?<!of )measures?", but=("measure",)),
    term("return visit request", "回访请求", r"follow-up requests?", "跟进请求"),
    term("disputed service", "客户有异议的服务", r"flagged events?", "被标记"),
    term("intake team", "受理团队", r"voice desk", "受理台"),
    term("filled in for the customer", "代客户填写", r"interview(er|s)?", "访谈|访问员"),
    term("opened by a program", "程序访问", r"quarantined?|machines?", "隔离", but=("washing machine",)),
    term(
        "ID",
        "标识",
        r"(question|option|row|answer)'?s? keys?|this key( is|$)|slugs?",
        "(?<!幂等)(?<!按)(?<!关)键",
    ),
    term("code", "代码", r"slugs?", "代号"),
    term("historical data", "历史数据", r"past services|replay(ed)?", "历史服务|历史回放|回放"),
    term("later change", "后续变更", r"transitions?", "后续变化|变动", but=(_FACTS,)),
    term("95% confidence interval", "95% 置信区间", r"95 ?%+ interval", "95 ?%+ 区间"),
    term("target", "目标值", r"goals?", "目标(?!值)", but=("Unit and goals",)),
    term("weight with data", "有数据的权重", r"weight covered|covered weight", "覆盖权重"),
    term("weighted score", "加权得分", r"contribution", "贡献分"),
    term("revision", "版次", not_chinese="修订版"),
    term("final", "不再改变", r"fro[sz]en?|freezes?|for ever", "冻结"),
    term("view", "查看", r"every look|this look|look at", "显示号码"),
    term("data you may see", "数据范围", r"scope|among those you may see"),
    term("yes/no question", "判断题", r"yes or no", "是非题|是否题"),
    term("This cannot be undone.", "此操作不能撤销。", r"cannot be taken back", "无法撤销|不能收回"),
    term("sampling list", "可抽客户名单", r"frames?", "抽样框"),
    term("group of a sampling list", "分组", r"strat(um|a)", "分层"),
    term("draw number", "抽样编号", r"seeds?", "随机种子"),
    term(
        "cancelled invitation",
        "作废",
        r"void(ed)?|withdrawn",
        "已撤回|撤回(?!了同意)",
        but=("Withdrawn", "withdrawn at"),
    ),
    term("customer feedback page", "客户留言页", r"voice page", "客户之声"),
]
_NO_ACTOR = r"whoever|whomever|nobody|somebody|everybody|anybody|anew|none of ours"

# An account of that name, and what a customer of the sample writes.
_SAID_BY_OTHERS = ("feedback_site/embedded/account.py: ", "feedback_site/demo/answers.py: ")


# A provider fixes these words of text messages; an anniversary is written as it is known.
_SET_CLOSE = ("拒收请回复R", "抗战胜利70周年")
_NAMES_OF_THINGS = {"Add %(name)s", "Add another %(verbose_name)s", "Add another %(model)s"}
_FOR_PROGRAMS = {
    "config/answer_path.py",
    "feedback_site/conservation/recent.py",
    "config/settings/production.py",
    "config/settings/refusals.py",
    "feedback_site/common/bulk.py",
    "feedback_site/embedded/postgres_folder.py",
    "feedback_site/statistics/weighting.py",
    "nps/models/campaign.py",
    "feedback_site/questionnaires/services/exchange/xlsform/process.py",
}


@cache
def _texts() -> list[tuple[str, str]]:
    """Return English and Chinese of every text that this project writes."""
    ours = {
        message if isinstance(message, str) else message[0]
        for path in _sources()
        for message, _context in messages_of(path)
    }
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="zh_Hans") if message.id]
    pairs: list[tuple[str, str]] = []
    for message in messages:
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        if forms[0] in ours:
            chinese = message.string[0] if isinstance(message.string, tuple) else message.string
            pairs += [(form, str(chinese)) for form in forms]
    return pairs


def _sources() -> Iterator[Path]:
    for name in SOURCES:
        for path in sorted((_ROOT / name).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and not {"migrations", "static"} & set(
                path.relative_to(_ROOT).parts
            ):
                yield path


def _plain(text: str) -> str:
    """Return a text without the names of what is filled in."""
    return re.sub(r"%\(\w+\)[sd]", "%", text)


def _breaks(one, english: str, chinese: str) -> bool:
    """Whether a text uses another word than the one that a term has."""
    wrong_english = one.not_english and re.search(rf"\b(?:{one.not_english})\b", english, re.IGNORECASE)
    return bool(wrong_english or (one.not_chinese and re.search(one.not_chinese, chinese)))


@pytest.mark.parametrize("one", TERMS, ids=lambda one: one.english)
def test_one_concept_has_one_word_in_each_language(one):
    texts = [(english, chinese) for english, chinese in _texts() if english not in one.but]

    assert [(english, chinese) for english, chinese in texts if _breaks(one, _plain(english), chinese)] == []


def test_every_exception_of_a_term_is_a_text_and_needed():
    texts = dict(_texts())
    rows = [(one, text) for one in TERMS for text in one.but]

    assert [text for _one, text in rows if text not in texts] == []
    assert [text for one, text in rows if not _breaks(one, text, texts[text])] == []


def test_english_says_who_acts():
    assert [
        english
        for english, _chinese in _texts()
        if re.search(rf"\b(?:{_NO_ACTOR})\b", _plain(english), re.IGNORECASE)
    ] == []


def test_code_and_papers_say_who_acts():
    papers = [_ROOT / "README.md", _ROOT / "CONTRIBUTING.md", *(_ROOT / "docs").rglob("*.md")]

    found = [
        f"{path.relative_to(_ROOT)}: {line.strip()}"
        for path in (*_sources(), *papers)
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(rf"\b(?:{_NO_ACTOR})\b", line, re.IGNORECASE)
    ]

    assert [line for line in found if not line.startswith(_SAID_BY_OTHERS)] == []


def test_no_blank_stands_before_a_per_cent_sign():
    pattern = re.compile(r"(?<=[\d)s]) %(?!\()")

    assert [pair for pair in _texts() if any(pattern.search(text.replace("%%", "%")) for text in pair)] == []


def test_chinese_keeps_a_blank_from_latin_letters_and_none_from_its_own_marks():
    assert [chinese for _english, chinese in _texts() if _is_badly_spaced(chinese)] == []


def test_chinese_sets_names_of_people_and_teams_apart():
    glued = re.compile(r"[一-鿿]%\((?:name|owner|team)\)s|%\((?:name|owner|team)\)s[一-鿿]")

    texts = [chinese for english, chinese in _texts() if english not in _NAMES_OF_THINGS]

    assert [chinese for chinese in texts if glued.search(chinese)] == []


def test_lists_and_labels_are_not_glued_together():
    glued = re.compile(r"""["'](?:, |; |: )["']\.join\(|join:"[,;] \"""")

    found = [
        f"{path.relative_to(_ROOT)}: {line.strip()}"
        for path in _pages()
        for line in path.read_text().splitlines()
        if glued.search(line)
    ]

    assert found == []


def _holds_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr) and any(_is_text(part) for part in ast.walk(node))


def test_no_text_hides_inside_an_f_string():
    modules = [path for path in _sources() if path.suffix == ".py"]

    hidden = [
        f"{path.relative_to(_ROOT)}:{node.lineno}"
        for path in modules
        for node in ast.walk(ast.parse(path.read_text()))
        if _holds_text(node)
    ]

    assert hidden == []


@pytest.mark.parametrize("path", _LIBRARY, ids=lambda path: path.stem)
def test_the_questionnaire_library_uses_the_same_words(path):
    written = path.read_text(encoding="utf-8")

    assert re.findall(rf"\b(?:{_NO_ACTOR})\b", written, re.IGNORECASE) == []
    assert re.findall("话术|案例|工单(?!编号)|净推荐值|答案|作答", written) == []


def _pages() -> Iterator[Path]:
    """Everything that writes for readers; databases, programs and logs have marks of their own."""
    for path in _sources():
        if str(path.relative_to(_ROOT)) not in _FOR_PROGRAMS:
            yield path


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "gettext", "gettext_lazy", "pgettext", "ngettext"}
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
    )


def _is_badly_spaced(chinese: str) -> bool:
    if any(part in chinese for part in _SET_CLOSE):
        return False
    # Dates and quarters are closed up: 2026年第4季度, 1月.
    text = re.sub(r"(?:\d+|%\(\w+\)[sd])(?=[年月日季])|(?<=[年月第])(?:\d+|%\(\w+\)[sd])", "", chinese)
    text = re.sub(r" ?%\(\w+\)[sd] ?", "#", text)
    return bool(
        re.search(
            r"[一-鿿][A-Za-z0-9]|[A-Za-z0-9][一-鿿]|[一-鿿] [一-鿿]|[，。：；、！？）”] (?!\n)|\S "
            r"[，。：；、！？（“]",
            text,
        )
    )


def test_the_admin_library_speaks_as_a_colleague_would():
    with translation.override("zh-hans"):
        said = [gettext(text) for text in TEXTS]

    assert said == ["添加%(verbose_name)s", "添加%(model)s", "%s", "%s", " 按%(filter_title)s "]
