from tests.factories.improvements.fixtures import (
    _english,
    event,
    measure,
    plan,
    put_on_record,
    satisfaction,
    state,
    visit,
)

__all__ = ["_english", "event", "measure", "plan", "put_on_record", "satisfaction", "state", "visit"]
