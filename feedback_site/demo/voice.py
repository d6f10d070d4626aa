"""What customers said of their own accord: entries in every state.

Also the suggestion of the month, and what was done because of them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from feedback_site.accounts.models import Team, User
from feedback_site.voice.enums import EntryKind
from feedback_site.voice.models import VoiceEntry
from feedback_site.voice.services import (
    EntryDraft,
    accept_entry,
    choose_monthly_suggestion,
    close_entry,
    decide_suggestion,
    hand_over_entry,
    mark_complex,
    note_entry,
    publish_change,
    receive_entry,
    review_suggestion,
    set_desk,
    submission_key,
    write_change,
)

DESK, HANDED_TO, ANSWERING = "east", "west", "quality"
_ACCEPTED_AFTER, _NOTED_AFTER, _CLOSED_AFTER = timedelta(minutes=25), timedelta(hours=3), timedelta(hours=26)
_ACCEPTED_ZH = "已收到您的投诉，我们正在核实，处理进展会在这里告诉您。"
_ACCEPTED_EN = "We have received your complaint and are looking into it. Our reply will appear here."


@dataclass(frozen=True)
class _DemoEntry:
    """One entry: how long ago, what, in which language, and by whom if they say so."""

    name: str
    kind: EntryKind
    hours_ago: float
    language: str
    text: str
    ticket: str = ""
    person: tuple[str, str] | None = None
    may_publish: bool = False


_ENTRIES = (
    _DemoEntry(
        "new",
        EntryKind.COMPLAINT,
        0.3,
        "zh-hans",
        "约好今天上午上门，等到中午也没人来。",
        "E-20931",
        ("陈丽", "13800006001"),
    ),
    _DemoEntry(
        "unaccepted", EntryKind.COMPLAINT, 2.5, "en", "The fitter left the old compressor on my balcony."
    ),
    _DemoEntry(
        "accepted",
        EntryKind.COMPLAINT,
        5,
        "zh-hans",
        "维修后空调比以前更响了，晚上根本没法睡觉。",
        "W-88120",
        ("赵强", "13800006002"),
    ),
    _DemoEntry(
        "in work",
        EntryKind.COMPLAINT,
        30,
        "zh-hans",
        "上门检测收了两次检测费，第二次并没有检测。",
        "",
        ("孙敏", "13800006003"),
    ),
    _DemoEntry(
        "overdue",
        EntryKind.COMPLAINT,
        55,
        "en",
        "Three calls, three promises, and my heating is still cold.",
        "N-5512",
    ),
    _DemoEntry(
        "complex",
        EntryKind.COMPLAINT,
        40,
        "zh-hans",
        "整机更换以后和旧的支架不匹配，墙上又打了新的孔。",
        "W-87001",
        ("周涛", "13800006004"),
    ),
    _DemoEntry(
        "closed",
        EntryKind.COMPLAINT,
        60,
        "zh-hans",
        "客服承诺两小时内回电，等了一天都没有接到。",
        "C-3301",
        ("吴芳", "13800006005"),
    ),
    _DemoEntry(
        "suggested",
        EntryKind.SUGGESTION,
        7,
        "en",
        "Send a text half an hour before the fitter arrives.",
    ),
    _DemoEntry(
        "reviewed", EntryKind.SUGGESTION, 50, "zh-hans", "希望老年用户可以一键转人工，不用听完语音菜单。"
    ),
    _DemoEntry(
        "adopted",
        EntryKind.SUGGESTION,
        400,
        "zh-hans",
        "维修单上把更换的零件写清楚，并附上旧件照片。",
        may_publish=True,
    ),
    _DemoEntry("declined", EntryKind.SUGGESTION, 300, "en", "Please offer repairs at three in the morning."),
    _DemoEntry(
        "praise",
        EntryKind.PRAISE,
        20,
        "zh-hans",
        "师傅不但修好了机器，还教会了我母亲怎么清洗滤网，非常感谢！",
    ),
)
_CHANGES = (
    (
        "预约了却要在家等一整天。",
        "We wait at home all day for an appointment.",
        "上门前三十分钟发送短信，并告知师傅姓氏和到达时间。",
        "Half an hour before every visit a message names the fitter and the time of arrival.",
        9,
    ),
    (
        "修完不知道换了什么零件。",
        "After a repair we do not know which parts were changed.",
        "维修单列出更换的每个零件，并附旧件照片。",
        "Every repair sheet lists the parts that were changed, with pictures of the old ones.",
        20,
    ),
    (
        "语音菜单太长，老人听不完。",
        "The phone menu is too long for older people.",
        "六十岁以上的用户来电直接接人工。",
        "Callers over sixty are put through to a person at once.",
        34,
    ),
)


def load_voice(*, at: datetime) -> int:
    """Load the entries and what came of them, and return how many there are.

    Uses the services that real ones take.
    """
    teams = {team.code: team for team in Team.objects.filter(code__in=(DESK, HANDED_TO))}
    set_desk(team=teams[DESK])
    staff = User.objects.get(username=ANSWERING)
    entries = {said.name: _receive(said, at) for said in _ENTRIES}
    _work_on_complaints(entries, staff, teams[HANDED_TO])
    _work_on_suggestions(entries, staff, at)
    for said_zh, said_en, did_zh, did_en, days_ago in _CHANGES:
        change = write_change(
            team=teams[DESK], said={"zh-hans": said_zh, "en": said_en}, did={"zh-hans": did_zh, "en": did_en}
        )
        publish_change(change=change, at=at - timedelta(days=days_ago))
    return len(entries)


def _receive(said: _DemoEntry, at: datetime) -> VoiceEntry:
    name, phone = said.person or ("", "")
    draft = EntryDraft(
        kind=said.kind,
        text=said.text,
        ticket_number=said.ticket,
        name=name,
        phone=f"+86{phone}" if phone else "",
        may_contact=said.person is not None,
        may_publish=said.may_publish,
    )
    received_at = at - timedelta(hours=said.hours_ago)
    key = submission_key(number=f"demo {said.name}", draft=draft)
    return receive_entry(draft=draft, key=key, language=said.language, at=received_at).entry


def _work_on_complaints(entries: dict[str, VoiceEntry], staff: User, other: Team) -> None:
    for name in ("accepted", "in work", "overdue", "complex", "closed"):
        entry = entries[name]
        text = _ACCEPTED_EN if entry.language == "en" else _ACCEPTED_ZH
        accept_entry(entry=entry, by=staff, text=text, at=entry.received_at + _ACCEPTED_AFTER)
    for name, text in (
        ("in work", "已调取两次上门的服务记录，等待收费记录。"),
        ("overdue", "备件缺货，厂家答复本周到货。"),
    ):
        note_entry(entry=entries[name], by=staff, text=text, at=entries[name].received_at + _NOTED_AFTER)
    handed = entries["overdue"]
    hand_over_entry(
        entry=handed, by=staff, team=other, text="客户在西区。", at=handed.received_at + 2 * _NOTED_AFTER
    )
    hard = entries["complex"]
    mark_complex(
        entry=hard, by=staff, text="需要厂家鉴定墙体并更换支架。", at=hard.received_at + _NOTED_AFTER
    )
    closed = entries["closed"]
    answer = "非常抱歉。漏接的回电已补上并说明原因，回电改由系统到时提醒。"
    close_entry(entry=closed, by=staff, text=answer, is_resolved=True, at=closed.received_at + _CLOSED_AFTER)


def _work_on_suggestions(entries: dict[str, VoiceEntry], staff: User, at: datetime) -> None:
    for name in ("reviewed", "adopted"):
        review_suggestion(entry=entries[name], by=staff, at=entries[name].received_at + _NOTED_AFTER)
    adopted, declined = entries["adopted"], entries["declined"]
    thanks = "谢谢您的建议，我们已采纳：维修单将列出更换的零件并附旧件照片。"
    decide_suggestion(
        entry=adopted, by=staff, is_adopted=True, text=thanks, at=adopted.received_at + _CLOSED_AFTER
    )
    sorry = (
        "Thank you. At night we repair what is urgent; for everything else people have to sleep, on both "
        "sides."
    )
    decide_suggestion(
        entry=declined, by=staff, is_adopted=False, text=sorry, at=declined.received_at + _CLOSED_AFTER
    )
    choose_monthly_suggestion(
        month=at.date(),
        entry=adopted,
        title={"zh-hans": "把更换的零件写清楚", "en": "Say which parts were changed"},
        text={
            "zh-hans": "一位客户建议在维修单上写明更换的零件，并附上旧件照片。从本月起，每张维修单都这样做。",
            "en": (
                "A customer suggested that repair sheets name the parts that were changed, with pictures. "
                "Now they do."
            ),
        },
        is_quoted=True,
    )
    praise = entries["praise"]
    close_entry(
        entry=praise,
        by=staff,
        text="谢谢您！我们已转告师傅本人和他的班组。",
        at=praise.received_at + _NOTED_AFTER,
    )
