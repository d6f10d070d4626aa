"""Answers as other systems post them."""


def reply_to(invitation, **more):
    return {
        "invitation": str(invitation.pk),
        "score": 4,
        "mode": "sms",
        "source": "sms",
        "external_id": f"m-{invitation.pk}",
    } | more
