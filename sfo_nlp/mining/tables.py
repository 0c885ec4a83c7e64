"""An answer as JSON, CSV or Parquet. Text that a spreadsheet would run as a formula is made harmless in CSV."""

import csv
import io
import json
from collections.abc import Mapping
from typing import Any

from sfo_nlp.mining.answer import Answer
from sfo_nlp.report.safe import cell


def render(answer: Answer, form: str) -> bytes:
    """The rows of an answer in `form` ``json``, ``csv`` or ``parquet``; lists within rows are JSON in the last two."""
    if form == "json":
        return (json.dumps(answer.to_dict(), ensure_ascii=False, default=str) + "\n").encode()
    return _csv(answer) if form == "csv" else _parquet(answer)


def columns_of(answer: Answer) -> list[str]:
    """Every column that a row has, in the order in which they are met."""
    return list(dict.fromkeys(name for row in answer.rows for name in row)) or list(answer.columns)


def _flat(row: Mapping[str, Any], names: list[str]) -> list[Any]:
    values = (row.get(name) for name in names)
    return [json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value for value in values]


def _csv(answer: Answer) -> bytes:
    out = io.StringIO(newline="")
    names = columns_of(answer)
    writer = csv.writer(out)
    writer.writerow(names)
    writer.writerows([cell(value) for value in _flat(row, names)] for row in answer.rows)
    return out.getvalue().encode()


def _parquet(answer: Answer) -> bytes:
    """A Parquet file whose metadata holds the title, the number of reviews and the notes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = columns_of(answer)
    rows = [_flat(row, names) for row in answer.rows]
    table = pa.table({name: [row[number] for row in rows] for number, name in enumerate(names)})
    about = {"title": answer.title, "reviews": str(answer.reviews), "notes": json.dumps(list(answer.notes))}
    out = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({f"sfo-nlp:{key}": value for key, value in about.items()}), out)
    return out.getvalue()
