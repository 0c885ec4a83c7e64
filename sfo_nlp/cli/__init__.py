"""The command line: every command's module is loaded only when the command runs."""

from importlib import import_module
from typing import Any

import click

from sfo_nlp import __version__
from sfo_nlp.cli.streams import use_utf8, written

COMMANDS: dict[str, tuple[str, str]] = {
    "review": ("sfo_nlp.cli.reviewing", "Check reviews (PDF, DOCX, TXT, MD) and show what they rest on."),
    "demo": ("sfo_nlp.cli.reviewing", "Check the sample reviews that come with sfo-nlp."),
    "sentences": ("sfo_nlp.cli.reviewing", "Print every sentence with its probabilities, one JSON line each."),
    "compare": ("sfo_nlp.cli.comparing", "Say what a new draft mended, left and broke."),
    "ingest": ("sfo_nlp.cli.mining", "Take many reviews into a store; can be stopped and goes on where it was."),
    "themes": ("sfo_nlp.cli.questions", "How many reviews raise each theme, with intervals."),
    "trends": ("sfo_nlp.cli.questions", "Themes over time."),
    "together": ("sfo_nlp.cli.questions", "Which themes are raised in the same reviews."),
    "balance": ("sfo_nlp.cli.questions", "Concern against strength, theme by theme."),
    "causes": ("sfo_nlp.cli.questions", "Which causes are given for which failings."),
    "shares": ("sfo_nlp.cli.questions", "Shares of reviews with and without what the standards ask."),
    "reading": ("sfo_nlp.cli.questions", "How the reviews read."),
    "ratings": ("sfo_nlp.cli.questions", "Verdict found against official rating."),
    "search": ("sfo_nlp.cli.questions", "Find words and phrases in every sentence."),
    "nearest": ("sfo_nlp.cli.questions", "Passages nearest in meaning to a sentence."),
    "passages": ("sfo_nlp.cli.questions", "The passages behind a number."),
    "emerging": ("sfo_nlp.cli.questions", "Groups of concerns that no theme covers."),
    "benchmark": ("sfo_nlp.cli.questions", "How far inspectors agree, and what divides them."),
    "annual": ("sfo_nlp.cli.mining", "A year's figures beside the published ones; a report as HTML or DOCX."),
    "export": ("sfo_nlp.cli.questions", "Write reviews, findings or failings as a table."),
    "redact": ("sfo_nlp.cli.redacting", "Write copies for disclosure with personal data removed, and a list of it."),
    "app": ("sfo_nlp.cli.pane", "Open the review pane in the browser, on this machine only."),
    "train": ("sfo_nlp.cli.modelling", "Fit the models from the annotated corpus."),
    "evaluate": ("sfo_nlp.cli.modelling", "Measure the models, with intervals."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

    def main(self, *args: Any, **options: Any) -> Any:
        use_utf8()
        with written():
            return super().main(*args, **options)

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = getattr(import_module(COMMANDS[name][0]), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="sfo-nlp")
def main() -> None:
    """Check serious further offence reviews on your own machine: every statement with its quotation and page.

    Start with `sfo-nlp demo`, then `sfo-nlp review YOUR-FILE.pdf`.
    """
