"""The questionnaire."""

from typing import ClassVar

from django import forms

from benchmarks.peers.ordinary.models import Response


class ResponseForm(forms.ModelForm):
    class Meta:
        model = Response
        fields = ("satisfaction", "resolved", "attitude", "recommend", "comment")
        widgets: ClassVar = dict.fromkeys(
            ("satisfaction", "resolved", "attitude", "recommend"), forms.RadioSelect
        )
