"""What can go wrong with many files at once, each with a code and what to do."""

from sfo_nlp.errors import SfoError


class NothingToIngest(SfoError):
    code = "nothing_to_ingest"
    remedy = "Name files, or folders that hold PDF, DOCX, TXT or MD files."


class MetadataInvalid(SfoError):
    code = "metadata_invalid"
    remedy = "Correct the table: a comma-separated file with a heading row and a column called file."


class SchedulerUnreachable(SfoError):
    code = "scheduler_unreachable"
    remedy = "Check the scheduler's address (tcp://host:port) and that it runs; leave it out to use this machine."


class WorkerDiffers(SfoError):
    code = "worker_differs"
    remedy = "Install the same sfo-nlp, with the same models, on every worker; then retry with --retry-failed."


class WorkerLost(SfoError):
    code = "worker_lost"
    remedy = "Reading this file ended its worker, most likely for want of memory. Retry it alone, with --jobs 1."


class InternalError(SfoError):
    code = "internal_error"
    remedy = "This is a fault of sfo-nlp. Report the message and, if you may, the file; the other files are done."


class SearchInvalid(SfoError):
    code = "search_invalid"
    remedy = 'Write words, "a phrase in quotation marks", OR between words, - before a word to leave out.'


class TooFewReviews(SfoError):
    code = "too_few_reviews"
    remedy = "Take in more reviews with `sfo-nlp ingest`, or widen the filters."


class VectorsMissing(SfoError):
    code = "vectors_missing"
    remedy = "Take the reviews in with the models installed and without --fast, or use `sfo-nlp search`."
