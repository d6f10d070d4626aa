"""The keys that answers may already be stored under."""

from collections.abc import Mapping

from django.db import connection

# Options and rows of every question of every version, in one statement whatever their number.
_KEYS = """
SELECT DISTINCT question->>'key', part->>'key'
FROM questionnaires_questionnaireversion version
CROSS JOIN LATERAL jsonb_array_elements(version.document->'questions') AS question
LEFT JOIN LATERAL jsonb_array_elements(
    coalesce(question->'options', '[]'::jsonb) || coalesce(question->'rows', '[]'::jsonb)
) AS part ON true
WHERE version.questionnaire_id = %s
"""


def published_keys(questionnaire_id: int) -> Mapping[str, frozenset[str]]:
    """Return the published questions by key, each with the keys of its options and rows."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [questionnaire_id])
        for question, part in cursor.fetchall():
            found.setdefault(question, set()).update({part} - {None})
    return {question: frozenset(parts) for question, parts in found.items()}
