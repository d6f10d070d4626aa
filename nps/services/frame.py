"""The statement that draws: strata and members of a frame, set by set, whatever its size.

A customer who was served (by the latest completed event in the frame's days) is a member once.
Exclusions are looked at in the order of `Exclusion`; of several customers with one
contact the first by random number stays. Addresses are known by their blind indexes only.
The rule is `surveys.rules.may_be_asked`; a test holds this statement to it with random customers.
"""

INSERT_FRAME = """
WITH latest AS MATERIALIZED (
    SELECT DISTINCT ON (e.customer_id) e.customer_id, e.id AS event_id, e.team_id, e.segment_id, e.channel_id
    FROM service_events_serviceevent e
    WHERE e.status = 'completed' AND e.completed_at >= %(frame_from)s AND e.completed_at < %(frame_at)s
    ORDER BY e.customer_id, e.completed_at DESC, e.id DESC
), served AS MATERIALIZED (
    SELECT latest.*,
        ('x' || left(encode(sha256(convert_to(%(seed)s || ':' || customer_id, 'UTF8')), 'hex'),
          15))::bit(60)::bigint AS random_number
    FROM latest WHERE %(teams)s::bigint[] IS NULL OR team_id = ANY(%(teams)s::bigint[])
), screened AS MATERIALIZED (
    SELECT s.*, address.contact, CASE
        WHEN NOT coalesce(consent.is_granted, false) THEN 'no_consent'
        WHEN EXISTS (
            SELECT 1 FROM customers_contactrefusal refusal
            WHERE refusal.purpose = 'nps' AND refusal.lifted_at IS NULL
              AND refusal.contact_index IN (c.phone_index, c.email_index)
        ) THEN 'no_consent'
        WHEN address.known = 0 THEN 'no_contact'
        WHEN address.contact IS NULL THEN 'suppressed'
        WHEN EXISTS (
            SELECT 1 FROM surveys_invitation i
            WHERE i.contact_index = address.contact AND i.purpose = 'nps' AND NOT i.is_replayed
                AND i.invited_at > %(frame_at)s::timestamptz - %(cap)s::interval
                AND i.invited_at <= %(frame_at)s::timestamptz
                AND (i.voided_at IS NULL OR EXISTS (
                    SELECT 1 FROM delivery_message m WHERE m.subject_kind = 'invitation'
                      AND m.subject_id = i.id AND m.status = 'sent'
                ))
        ) THEN 'frequency_cap'
        ELSE '' END AS exclusion
    FROM served s
    JOIN customers_customer c ON c.id = s.customer_id
    LEFT JOIN LATERAL (
        SELECT is_granted FROM customers_consent
        WHERE customer_id = s.customer_id AND purpose = 'nps' ORDER BY stated_at DESC, id DESC LIMIT 1
    ) consent ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS known, (array_agg(a.address_index
          ORDER BY a.place) FILTER (WHERE off.id IS NULL))[1] AS contact
        FROM (
            SELECT u.channel, u.place, CASE u.channel
                WHEN 'sms' THEN CASE WHEN c.phone_takes_texts THEN c.phone_index END
                WHEN 'email' THEN c.email_index END AS address_index
            FROM unnest(%(channels)s::text[]) WITH ORDINALITY AS u (channel, place)
        ) a
        LEFT JOIN delivery_suppression off ON off.channel = a.channel AND off.address_index = a.address_index
        WHERE a.address_index IS NOT NULL
    ) address
), shared AS MATERIALIZED (
    SELECT s.*, s.exclusion = '' AND row_number() OVER (
        PARTITION BY s.exclusion, s.contact ORDER BY s.random_number, s.customer_id
    ) > 1 AS is_second FROM screened s
), drawn AS MATERIALIZED (
    SELECT customer_id, event_id, team_id, coalesce(segment_id, 0) AS segment, coalesce(channel_id, 0) AS
      channel, random_number,
        CASE WHEN is_second THEN 'frequency_cap' ELSE exclusion END AS exclusion
    FROM shared
), strata AS (
    INSERT INTO nps_campaignstratum (campaign_id, segment_id, channel_id, frame, contactable, allocated,
      needed)
    SELECT %(campaign)s, nullif(segment, 0), nullif(channel, 0), count(*), count(*) FILTER (WHERE exclusion =
      ''), 0, 0
    FROM drawn GROUP BY segment, channel
    RETURNING id, coalesce(segment_id, 0) AS segment, coalesce(channel_id, 0) AS channel
)
INSERT INTO nps_campaignmember
    (campaign_id, stratum_id, customer_id, service_event_id, team_id, random_number, exclusion, position,
      dropped)
SELECT %(campaign)s, strata.id, d.customer_id, d.event_id, d.team_id, d.random_number, d.exclusion,
    CASE WHEN d.exclusion = '' THEN
        row_number() OVER (PARTITION BY d.segment, d.channel, d.exclusion = ''
          ORDER BY d.random_number, d.customer_id)
    END,
    ''
FROM drawn d JOIN strata USING (segment, channel)
"""
