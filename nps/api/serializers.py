"""What analysts read: campaigns and scores. What too few answers forbid to show is null, as on the pages."""

from typing import Any

from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from feedback_site.evaluations.rules import Visibility
from nps.api.queries import QuarterField
from nps.enums import CampaignStatus, ClosingCause
from nps.models import Campaign
from nps.selectors.launching import launch_figures
from nps.selectors.progress import campaign_progress
from nps.selectors.results import campaign_result

_VISIBILITIES = [visibility.value for visibility in Visibility]
_DIRECTIONS = ["up", "down", "no_clear_change"]


def _number() -> Any:
    return serializers.FloatField(allow_null=True)


def _count(**options: Any) -> Any:
    return serializers.IntegerField(**options)


class SharesOutput(serializers.Serializer[Any]):
    """Shares of the answers in percent."""

    promoters = serializers.FloatField()
    passives = serializers.FloatField()
    detractors = serializers.FloatField()


class ScoreOutput(serializers.Serializer[Any]):
    """A score in points with its adjusted Wald interval (95 %).

    Below 5 answers nothing, below 10 the count only, below 30 `greyed`.
    """

    visibility = serializers.ChoiceField(choices=_VISIBILITIES)
    n = _count(allow_null=True)
    promoters = _count(allow_null=True)
    passives = _count(allow_null=True)
    detractors = _count(allow_null=True)
    shares = SharesOutput(allow_null=True)
    nps = _number()
    low = _number()
    high = _number()


class ChangeOutput(serializers.Serializer[Any]):
    """Change on the programme's last closed campaign in points.

    `direction` is null where too few answers allow no comparison.
    """

    direction = serializers.ChoiceField(choices=_DIRECTIONS, allow_null=True)
    difference = _number()
    low = _number()
    high = _number()
    p_value = _number()
    against = QuarterField(allow_null=True)


class _StratumOutput(serializers.Serializer[Any]):
    """Which stratum; null: customers without a segment, services without a channel."""

    segment = serializers.SlugField(source="stratum.segment.slug", default=None, allow_null=True)
    channel = serializers.SlugField(source="stratum.channel.slug", default=None, allow_null=True)


class StratumScoreOutput(_StratumOutput, ScoreOutput):
    """One stratum's score."""


class ResultOutput(ScoreOutput):
    """The score of all who answered, its change, and each stratum's; final once the campaign is closed."""

    is_final = serializers.BooleanField()
    change = ChangeOutput()
    strata = StratumScoreOutput(many=True)


class StratumProgressOutput(_StratumOutput):
    """People of one stratum; `rate` is completes of the invited (0-1)."""

    frame = _count()
    contactable = _count()
    excluded = serializers.DictField(
        child=serializers.IntegerField(), help_text="People not asked, by reason."
    )
    allocated = _count(help_text="Completes wanted.")
    needed = _count(help_text="Invitations that the first wave takes.")
    invited = _count()
    dropped = _count()
    answered = _count(help_text="Completes.")
    rate = _number()


class WaveOutput(serializers.Serializer[Any]):
    """One wave."""

    number = _count()
    planned = _count()
    invited = _count()
    dropped = _count()
    answered = _count()
    started_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class ProgressOutput(serializers.Serializer[Any]):
    """How far the campaign has come, in people."""

    frame = _count()
    contactable = _count()
    invited = _count()
    dropped = _count()
    sent = _count()
    answered = _count(help_text="Completes.")
    target = _count()
    rate = _number()
    waves = WaveOutput(many=True)
    strata = StratumProgressOutput(many=True)


class LaunchOutput(serializers.Serializer[Any]):
    """What the launch page says of a drawn sample: margin and smallest change in points."""

    wanted = _count()
    needed = _count()
    expected_completes = _count()
    margin = _number()
    smallest_change = _number()
    warnings = serializers.ListField(child=serializers.CharField())
    obstacles = serializers.ListField(child=serializers.CharField())


class StandingOutput(serializers.Serializer[Any]):
    """Completes and score in one line."""

    answered = _count(help_text="Completes.")
    target = _count()
    score = ScoreOutput()


class CampaignOutput(serializers.ModelSerializer[Campaign]):
    """One campaign; `standing` is null before the launch."""

    programme = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    team = serializers.SlugRelatedField[Any](slug_field="code", read_only=True)
    quarter = QuarterField(source="quarter_start", read_only=True)
    status = serializers.ChoiceField(choices=CampaignStatus.choices, read_only=True)
    closing_cause = serializers.ChoiceField(choices=[*ClosingCause.choices, ("", "")], read_only=True)
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields: tuple[str, ...] = (
            *("id", "programme", "quarter", "team", "status", "target_completes", "standing"),
            *(
                "prepared_at",
                "drawn_at",
                "launched_at",
                "field_ends_at",
                "closed_at",
                "closing_cause",
                "updated_at",
            ),
        )
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(StandingOutput(allow_null=True))
    def get_standing(self, campaign: Campaign) -> Any:
        """Where the campaign stands, from the page's one query."""
        standing = self.context["standings"].get(campaign.pk)
        return StandingOutput(standing).data if standing else None


class CampaignDetail(CampaignOutput):
    """One campaign with frame, strata, waves and result.

    With seed and frame the sample can be drawn again.
    """

    progress = serializers.SerializerMethodField()
    launch = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()

    class Meta(CampaignOutput.Meta):
        fields: tuple[str, ...] = (
            *CampaignOutput.Meta.fields,
            *(
                "seed",
                "frame_from",
                "frame_at",
                "minimum_per_stratum",
                "expected_response_percent",
                "cap_days",
            ),
            *("progress", "launch", "result"),
        )
        read_only_fields: tuple[str, ...] = fields

    @extend_schema_field(ProgressOutput(allow_null=True))
    def get_progress(self, campaign: Campaign) -> Any:
        """Frame, exclusions, waves and completes; null before the draw."""
        return ProgressOutput(campaign_progress(campaign)).data if campaign.drawn_at else None

    @extend_schema_field(LaunchOutput(allow_null=True))
    def get_launch(self, campaign: Campaign) -> Any:
        """What to expect of a sample that is drawn and not launched yet."""
        return (
            LaunchOutput(launch_figures(campaign)).data if campaign.status == CampaignStatus.DRAWN else None
        )

    @extend_schema_field(ResultOutput(allow_null=True))
    def get_result(self, campaign: Campaign) -> Any:
        """The score so far, or as it was frozen; null before the launch."""
        return ResultOutput(campaign_result(campaign)).data if campaign.launched_at else None


class CampaignScoreOutput(ScoreOutput):
    """The score of one campaign."""

    campaign = serializers.UUIDField()
    programme = serializers.SlugField()
    quarter = QuarterField()
    status = serializers.ChoiceField(choices=CampaignStatus.choices)
    change = ChangeOutput()
    strata = StratumScoreOutput(many=True)


class SurveyScoreOutput(ScoreOutput):
    """The score of the answers to one after-service survey."""

    survey = serializers.SlugField()


@extend_schema_serializer(many=False)
class ScoresOutput(serializers.Serializer[Any]):
    """Scores of campaigns, or with `survey` one score of answers about services; the other list is empty."""

    campaigns = CampaignScoreOutput(many=True)
    surveys = SurveyScoreOutput(many=True)
