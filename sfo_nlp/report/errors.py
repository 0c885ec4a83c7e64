"""What can be wrong with a report, with a code and what to do."""

from sfo_nlp.errors import SfoError


class FormUnsuitable(SfoError):
    code = "form_unsuitable"
    remedy = "Choose --format html or docx, or export the review to PDF first and check that file."
