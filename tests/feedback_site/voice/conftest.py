from tests.factories.voice.fixtures import _english, desk, post, receive

__all__ = ["_english", "desk", "post", "receive"]
