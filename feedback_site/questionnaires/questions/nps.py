"""The question behind the Net Promoter Score."""

from feedback_site.questionnaires.questions.scale import ScaleQuestion


class NpsQuestion(ScaleQuestion):
    """How likely a recommendation is, 0-10; 9 and 10 promote (Reichheld 2003)."""

    scores = range(11)
    usual_metric = "nps"
    best = frozenset({9, 10})
