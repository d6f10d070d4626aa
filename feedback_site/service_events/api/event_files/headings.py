"""What the files of service systems call the fields, in English and Chinese.

The first name of each is the one we show.
"""

from feedback_site.common.languages import is_chinese
from feedback_site.common.table_files import heading_word

_WORDS = {
    "source": (
        "Source|Source system|System",
        "来源系统|来源|系统|数据来源|系统来源",
    ),
    "external_id": (
        (
            "Ticket number|Ticket|Ticket No|Ticket ID|Order number|Order No|Work order|Work order number|"
            "Work order No|Case number|Case No|Case ID|Case|Service number|Service order|Job number|Job "
            "No|SR number|"
            "Incident"
        ),
        "工单编号|工单号|工单号码|单号|服务单号|服务单编号|派工单号|案件编号|受理单号|维修单号|任务单号|订单号|订单编号",
    ),
    "kind": (
        "Service type|Kind of service|Service kind|Kind|Type|Work type|Category|Ticket type|Job type",
        "服务类型|服务类别|工单类型|业务类型|服务项目|类型|服务种类|工单类别",
    ),
    "channel": (
        "Service channel|Channel|Contact channel|Origin",
        "服务渠道|渠道|受理渠道|服务方式|来电渠道|受理方式|渠道来源",
    ),
    "team": (
        "Team|Team code|Station|Branch|Depot|Service team|Service station|Outlet|Region|Department",
        "团队|团队代码|网点|服务网点|站点|服务站|部门|班组|服务商|网点名称|所属网点|服务部门|分公司",
    ),
    "agent": (
        "Agent|Engineer|Technician|Engineer code|Agent code|Served by|Assignee|Assigned to|Employee number",
        "服务人员工号|服务人员|工程师工号|工程师|服务工程师|维修师傅|师傅|技师|工号|员工工号|处理人|坐席|客服|维修人员|维修员",
    ),
    "customer.external_id": (
        "Customer number|Customer No|Customer ID|Client|Client number|Client ID|Account number|Customer code",
        "客户编号|客户号|客户代码|客户ID|会员号|会员编号|用户编号|用户号|客户编码|户号",
    ),
    "customer.name": (
        "Customer name|Customer|Name|Client name|Contact name|Contact",
        "客户姓名|客户名字|姓名|客户名称|用户姓名|联系人|客户|用户名称|联系人姓名|顾客姓名",
    ),
    "customer.phone": (
        (
            "Customer's phone|Phone|Phone number|Mobile|Mobile number|Mobile phone|Telephone|Tel|Customer "
            "phone|Cell|"
            "Contact number|Contact phone"
        ),
        "客户电话|手机号|手机|手机号码|电话|联系电话|电话号码|联系方式|客户手机|客户手机号|用户电话|联系手机|移动电话",
    ),
    "customer.email": (
        "Customer's email|Email|E-mail|Email address|Mail|Customer email",
        "客户邮箱|邮箱|电子邮箱|电子邮件|邮件|邮箱地址",
    ),
    "customer.language": (
        "Customer's language|Language|Customer language|Preferred language",
        "客户语言|语言",
    ),
    "customer.segment": (
        "Customer segment|Segment|Customer type|Customer level|Customer class",
        "客户分类|客户分层|客户类型|客户等级|客户级别|客户类别",
    ),
    "opened_at": (
        (
            "Registered|Opened|Opened at|Created|Created at|Created on|Created date|Open date|Date "
            "opened|Reported at|"
            "Start time|Start|Started|Creation date|Received"
        ),
        "登记时间|受理时间|开始时间|创建时间|报修时间|建单时间|下单时间|来电时间|工单创建时间|受理日期|开单时间|报修日期",
    ),
    "first_response_at": (
        "First response|First response at|Responded|Response time|First contact",
        "首次响应时间|响应时间|首次联系时间|首响时间",
    ),
    "eta_told_at": (
        "Arrival time told|ETA told at|ETA",
        "告知到达时间|预约告知时间",
    ),
    "arrived_at": (
        "Arrived|Arrived at|Arrival|Arrival time|On site|On site at",
        "到达时间|上门时间|到场时间|签到时间",
    ),
    "completed_at": (
        (
            "Completed|Completed at|Completed on|Completion date|Completion time|Closed|Closed at|Closed on|"
            "Close date|Finished|Finished at|End time|End|Ended|Resolved at|Date closed"
        ),
        "完成时间|完工时间|结束时间|关闭时间|办结时间|完结时间|服务完成时间|结单时间|完成日期|完工日期|竣工时间|闭单时间",
    ),
    "cancelled_at": (
        "Cancelled|Cancelled at|Canceled|Canceled at|Cancellation date",
        "取消时间|作废时间|撤单时间|撤销时间",
    ),
    "reopened_at": ("Reopened|Reopened at", "重新打开时间|重开时间|返修时间|二次报修时间"),
    "priority": (
        "Priority|Urgency",
        "优先级|紧急程度|优先程度",
    ),
    "is_complaint": (
        "Complaint|Is complaint",
        "是否投诉|投诉",
    ),
    "is_resolved": (
        "Resolved|Is resolved|Problem solved",
        "是否解决|已解决|解决",
    ),
    "level": (
        "Level|Support level",
        "级别|等级|服务级别",
    ),
    "complexity": (
        "Complexity",
        "复杂度|复杂程度|难度",
    ),
    "handovers": (
        "Hand-overs|Handovers|Transfers|Reassignments",
        "转交次数|转派次数|转单次数|流转次数",
    ),
    "area": (
        "Area|Zone",
        "区域|服务区域|城区",
    ),
    "product_line": (
        "Product line|Product category|Product|Appliance|Product group",
        "产品线|产品类别|产品|产品类型|产品大类|品类|电器|家电",
    ),
    "warranty": (
        "In warranty|Warranty|Under warranty",
        "是否保修|是否在保|保修|保内保外|保修状态|质保",
    ),
    "consent.survey": (
        "May be surveyed|Survey consent|Consent survey|Consent|Agrees to survey",
        "同意调查|是否同意调查|调查同意|同意接收调查|是否同意回访调查",
    ),
    "consent.visit": (
        "May be revisited|Visit consent|Consent visit",
        "同意回访|是否同意回访|回访同意",
    ),
    "consent.nps": (
        "May be asked to recommend|NPS consent|Consent NPS",
        "同意NPS|同意推荐度调查|同意推荐调查",
    ),
}
HEADINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    name: (tuple(english.split("|")), tuple(chinese.split("|")))
    for name, (english, chinese) in _WORDS.items()
}
ALIASES = {
    heading_word(word): name for name, (english, chinese) in HEADINGS.items() for word in (*english, *chinese)
}


def shown_name(name: str, language: str) -> str:
    """Return what a field is called where people choose it."""
    english, chinese = HEADINGS.get(name, ((name,), (name,)))
    return (chinese if is_chinese(language) else english)[0]
