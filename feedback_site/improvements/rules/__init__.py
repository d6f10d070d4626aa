from feedback_site.improvements.rules.proof import Judgement, Verdict, is_settled, is_worse, meets, verdict_of

__all__ = ["Judgement", "Verdict", "is_settled", "is_worse", "meets", "verdict_of"]
