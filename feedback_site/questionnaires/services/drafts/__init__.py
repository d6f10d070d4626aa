"""A draft's rows as a document, and a document as the rows of a draft: the only two places that know both."""

from feedback_site.questionnaires.services.drafts.reading import read_draft
from feedback_site.questionnaires.services.drafts.writing import create_draft, replace_draft

__all__ = ["create_draft", "read_draft", "replace_draft"]
