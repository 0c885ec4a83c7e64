"""What can be wrong with a store, each with a code and what to do."""

from sfo_nlp.errors import SfoError


class StoreLocked(SfoError):
    code = "store_locked"
    remedy = "Another program is writing to the store. Wait a moment and try again; close other copies of sfo-nlp."


class StoreFull(SfoError):
    code = "store_full"
    remedy = "The disk of the store is full. Make space, then try again; what was saved before is safe."


class StoreNewer(SfoError):
    code = "store_newer"
    remedy = "The store was made by a newer sfo-nlp. Update sfo-nlp on this machine, or name another store."


class StoreUnreachable(SfoError):
    code = "store_unreachable"
    remedy = "Check the store's address, that its server runs and that you may write there."


class StoreMissing(SfoError):
    code = "store_missing"
    remedy = "Check what follows --store, or take reviews in first with `sfo-nlp ingest FOLDER`."


class StoreDamaged(SfoError):
    code = "store_damaged"
    remedy = "The store is not a database of sfo-nlp, or it is damaged. Restore it from a copy, or name another store."


class ReviewUnknown(SfoError):
    code = "review_unknown"
    remedy = "Open the queue and choose a review, or add the file again: its decisions are kept by its content."
