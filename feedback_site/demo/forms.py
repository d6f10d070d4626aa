"""Reads a questionnaire's form the way a browser does, to fill it in without knowing the site's code."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """What a page's form holds.

    Hidden fields, the values of each group of radio buttons, the names of text fields; the page's language.
    """

    action: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    language: str = "zh-hans"


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form: PageForm | None = None
        self._is_inside = False
        self._language = "zh-hans"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self._language = "en" if values.get("lang", "").startswith("en") else "zh-hans"
        elif tag == "form" and self.form is None and values.get("method", "").lower() == "post":
            self.form, self._is_inside = (
                PageForm(action=values.get("action", ""), language=self._language),
                True,
            )
        elif self._is_inside and values.get("name"):
            self._take(tag, values)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False

    def _take(self, tag: str, values: dict[str, str]) -> None:
        if self.form is None:
            return
        name, kind = values["name"], values.get("type", "text").lower()
        if tag == "textarea" or (tag == "input" and kind == "text"):
            self.form.texts.append(name)
        elif tag == "input" and kind == "radio":
            self.form.choices.setdefault(name, []).append(values.get("value", "on"))
        elif tag == "input" and kind == "hidden":
            self.form.hidden[name] = values.get("value", "")


def read_form(page: str) -> PageForm | None:
    """Return the first form of `page` that is posted; None where nothing can be answered."""
    reader = _FormReader()
    reader.feed(page)
    return reader.form
