"""XLSForms: questionnaires as workbooks, the way ODK and KoboToolbox write them.

Read by pyxform, mapped here.
"""

from feedback_site.questionnaires.services.exchange.xlsform.form import Listed, XlsForm
from feedback_site.questionnaires.services.exchange.xlsform.mapping import read_xlsform
from feedback_site.questionnaires.services.exchange.xlsform.reading import is_workbook

__all__ = ["Listed", "XlsForm", "is_workbook", "read_xlsform"]
