"""What stands in for the outside world on one machine: a mail server and an SMS gateway.

They keep what they get as files.
"""

from feedback_site.demo.sinks.running import Sinks, running_sinks

__all__ = ["Sinks", "running_sinks"]
