"""What must hold of NPS campaigns."""

from django.utils.translation import gettext_lazy as _

from feedback_site.conservation.check import Check
from feedback_site.conservation.recent import Scope

# The draw, worked out again from seed and frame: the first 60
# bits of SHA-256("<seed>:<customer>"), places by these numbers.
SAMPLES_FOLLOW_FROM_THEIR_SEED = Check(
    slug="samples_follow_from_their_seed",
    scope=Scope.CAMPAIGNS,
    sentence=_("every sample is what its draw number draws from its sampling list"),
    sql="""
        SELECT member_id AS key, 'random number ' || stored || ', drawn ' || drawn
            || ', place ' || coalesce(position::text, '-') || ', drawn ' || coalesce(place::text, '-') AS
              detail
        FROM (
            SELECT id AS member_id, stored, drawn, position, CASE WHEN exclusion = '' THEN
                row_number() OVER (PARTITION BY stratum_id, exclusion = '' ORDER BY drawn, customer_id)
                  END AS place
            FROM (
                SELECT member.id, member.stratum_id, member.customer_id, member.exclusion, member.position,
                    member.random_number AS stored, ('x' || left(encode(sha256(convert_to(
                        campaign.seed || ':' || member.customer_id, 'UTF8')), 'hex'), 15))::bit(60)::bigint AS
                          drawn
                FROM nps_campaignmember member
                JOIN nps_campaign campaign ON campaign.id = member.campaign_id
            ) numbered
        ) draw
        WHERE stored <> drawn OR position IS DISTINCT FROM place
        UNION ALL
        SELECT stratum.id, 'frame ' || stratum.frame || ' and ' || stratum.contactable ||
          ' contactable, members ' || count(member.id)
            || ' and ' || count(member.position)
        FROM nps_campaignstratum stratum
        LEFT JOIN nps_campaignmember member ON member.stratum_id = stratum.id
        GROUP BY stratum.id, stratum.frame, stratum.contactable
        HAVING count(member.id) <> stratum.frame OR count(member.position) <> stratum.contactable
    """,
)

# A wave takes the next customers of its stratum: none is passed over, none asked before their turn.
MEMBERS_ARE_INVITED_ONCE = Check(
    slug="members_are_invited_once",
    scope=Scope.CAMPAIGNS,
    sentence=_(
        "every NPS invitation belongs to one member of a wave, waves follow the draw, and no contact is "
        "asked twice in a campaign"
    ),
    sql="""
        SELECT invitation.id AS key, count(member.id) || ' members' AS detail
        FROM surveys_invitation invitation
        LEFT JOIN nps_campaignmember member
            ON member.invitation_id = invitation.id AND member.customer_id = invitation.customer_id
              AND member.wave IS NOT NULL
        WHERE invitation.purpose = 'nps'
        GROUP BY invitation.id
        HAVING count(member.id) <> 1
        UNION ALL
        SELECT min(invitation.id::text)::uuid, count(*) || ' invitations to one contact'
        FROM nps_campaignmember member
        JOIN surveys_invitation invitation ON invitation.id = member.invitation_id
        WHERE invitation.contact_index IS NOT NULL
        GROUP BY member.campaign_id, invitation.contact_index
        HAVING count(*) > 1
        UNION ALL
        SELECT campaign_id, 'stratum ' || stratum_id || ': place ' || max(position) || ' is in a wave, place '
            || min(position) FILTER (WHERE wave IS NULL) || ' is not'
        FROM nps_campaignmember
        WHERE position IS NOT NULL
        GROUP BY campaign_id, stratum_id
        HAVING max(position) FILTER (WHERE wave IS NOT NULL) > min(position) FILTER (WHERE wave IS NULL)
        UNION ALL
        SELECT wave.campaign_id, 'wave ' || wave.number || ' is finished, ' || count(*) ||
          ' of its members are neither invited nor dropped'
        FROM nps_campaignwave wave
        JOIN nps_campaign campaign ON campaign.id = wave.campaign_id AND campaign.status <> 'closed'
        JOIN nps_campaignmember member ON member.campaign_id = wave.campaign_id AND member.wave = wave.number
        WHERE wave.finished_at IS NOT NULL AND member.invitation_id IS NULL AND member.dropped = ''
        GROUP BY wave.campaign_id, wave.number
    """,
)

# What came in from elsewhere after the close was too late to count.
CLOSED_RESULTS_EQUAL_ANSWERS = Check(
    slug="closed_results_equal_answers",
    scope=Scope.CAMPAIGNS,
    sentence=_("the result of every closed campaign equals the answers of its members"),
    sql="""
        SELECT campaign.id AS key, 'frozen ' || (campaign.result->>'counts') || ', answers ' || counted.counts
          AS detail
        FROM nps_campaign campaign
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(coalesce(given.answers, 0) ORDER BY score.value) AS counts
            FROM generate_series(0, 10) score(value)
            LEFT JOIN (
                SELECT response.nps, count(*) AS answers
                FROM nps_campaignmember member
                JOIN surveys_response response ON response.invitation_id = member.invitation_id
                LEFT JOIN surveys_responsesource source ON source.response_id = response.invitation_id
                WHERE member.campaign_id = campaign.id AND (source.recorded_at IS NULL
                  OR source.recorded_at <= campaign.closed_at)
                GROUP BY response.nps
            ) given ON given.nps = score.value
        ) counted
        WHERE campaign.status = 'closed' AND campaign.result->'counts' IS DISTINCT FROM counted.counts
    """,
)

CAMPAIGN_CHECKS = (SAMPLES_FOLLOW_FROM_THEIR_SEED, MEMBERS_ARE_INVITED_ONCE, CLOSED_RESULTS_EQUAL_ANSWERS)
