"""The sample organisation in figures: who serves, how fast, how well.

Plain data without Django, shared with the event stream.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """A colleague as the service system names them."""

    code: str
    display_name: str


@dataclass(frozen=True, slots=True)
class TeamProfile:
    """A team and how it works.

    Mean hours to the first response, share resolved, how often customers give 1 to 5 points.

    `phone_answered`, `triage_right` and `procedure_followed` are (hits,
    cases) a month, as call centre and spot checks would report them.
    """

    code: str
    name_en: str
    name_zh_hans: str
    agents: tuple[AgentProfile, ...]
    response_hours: float
    resolved_share: float
    ratings: tuple[int, int, int, int, int]
    phone_answered: tuple[int, int]
    triage_right: tuple[int, int]
    procedure_followed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class RegionProfile:
    """A region and its teams."""

    code: str
    name_en: str
    name_zh_hans: str
    teams: tuple[TeamProfile, ...]


REGIONS = (
    RegionProfile(
        code="east",
        name_en="East region",
        name_zh_hans="东区",
        teams=(
            TeamProfile(
                code="east-1",
                name_en="East station 1",
                name_zh_hans="东区一站",
                agents=(
                    AgentProfile("A11", "王师傅"),
                    AgentProfile("A12", "李师傅"),
                    AgentProfile("A17", "Anna Chen"),
                ),
                response_hours=0.8,
                resolved_share=0.95,
                ratings=(0, 1, 4, 20, 75),
                phone_answered=(1164, 1200),
                triage_right=(56, 60),
                procedure_followed=(59, 60),
            ),
            TeamProfile(
                code="east-2",
                name_en="East station 2",
                name_zh_hans="东区二站",
                agents=(
                    AgentProfile("A21", "张师傅"),
                    AgentProfile("A22", "刘师傅"),
                    AgentProfile("A23", "陈静"),
                ),
                response_hours=1.25,
                resolved_share=0.9,
                ratings=(1, 3, 8, 33, 55),
                phone_answered=(1045, 1100),
                triage_right=(55, 60),
                procedure_followed=(57, 60),
            ),
        ),
    ),
    RegionProfile(
        code="west",
        name_en="West region",
        name_zh_hans="西区",
        teams=(
            TeamProfile(
                code="west-1",
                name_en="West station 1",
                name_zh_hans="西区一站",
                agents=(
                    AgentProfile("B11", "杨师傅"),
                    AgentProfile("B12", "黄师傅"),
                    AgentProfile("B13", "Omar Khan"),
                ),
                response_hours=1.75,
                resolved_share=0.85,
                ratings=(3, 6, 14, 37, 40),
                phone_answered=(874, 950),
                triage_right=(52, 60),
                procedure_followed=(55, 60),
            ),
            TeamProfile(
                code="west-2",
                name_en="West station 2",
                name_zh_hans="西区二站",
                agents=(
                    AgentProfile("B21", "赵师傅"),
                    AgentProfile("B22", "吴师傅"),
                    AgentProfile("B23", "周敏"),
                ),
                response_hours=2.6,
                resolved_share=0.75,
                ratings=(9, 13, 20, 32, 26),
                phone_answered=(783, 900),
                triage_right=(49, 60),
                procedure_followed=(53, 60),
            ),
        ),
    ),
)
TEAMS = tuple(team for region in REGIONS for team in region.teams)

# Slug, English, Chinese, how often.
KINDS = (
    ("after_sales_repair", "After-sales repair", "售后报修", 60),
    ("online_consulting", "Online consulting", "在线咨询", 28),
    ("complaint_handling", "Complaint handling", "投诉处理", 12),
)
CHANNELS = (
    ("phone", "Phone", "电话"),
    ("chat", "Online chat", "在线客服"),
    ("on_site", "On site", "上门"),
    ("shop", "Shop", "门店"),
)
SEGMENTS = (
    ("new", "New", "新客户"),
    ("existing", "Existing", "老客户"),
    ("high_value", "High-value", "高价值客户"),
)
CHANNELS_OF_KIND = {
    "after_sales_repair": (("on_site", 55), ("phone", 25), ("shop", 20)),
    "online_consulting": (("chat", 75), ("phone", 25)),
    "complaint_handling": (("phone", 60), ("chat", 25), ("shop", 15)),
}
# Hours of work after the first response, least and most.
WORK_HOURS_OF_KIND = {
    "after_sales_repair": (0.7, 20.0),
    "online_consulting": (0.05, 0.6),
    "complaint_handling": (2.0, 40.0),
}
PRODUCTS = ("洗衣机", "冰箱", "空调", "热水器", "电视机")
