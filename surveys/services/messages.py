MESSAGE_SUBJECT = "invitation"


def build_messages():
    pass
