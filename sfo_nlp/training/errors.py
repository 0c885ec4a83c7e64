"""What can be wrong with the data that models are fitted on or measured by."""

from sfo_nlp.errors import SfoError


class AnnotationInvalid(SfoError):
    code = "annotation_invalid"
    remedy = "Correct the file at the line named: one JSON record a line, as corpus/annotated/README.md describes them."
