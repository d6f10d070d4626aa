"""Feedback Site: from a service event to an evaluation record that staff can defend."""
