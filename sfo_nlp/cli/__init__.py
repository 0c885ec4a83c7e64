"""The command line: every command's module is loaded only when the command runs."""

from importlib import import_module

import click

from sfo_nlp import __version__

COMMANDS: dict[str, tuple[str, str]] = {
    "review": ("sfo_nlp.cli.reviewing", "Check reviews (PDF, DOCX, TXT, MD) and show what they rest on."),
    "demo": ("sfo_nlp.cli.reviewing", "Check the sample reviews that come with sfo-nlp."),
    "sentences": ("sfo_nlp.cli.reviewing", "Print every sentence with its probabilities, one JSON line each."),
    "compare": ("sfo_nlp.cli.comparing", "Say what a new draft mended, left and broke."),
    "ingest": ("sfo_nlp.cli.mining", "Take many reviews into a store; can be stopped and goes on where it was."),
    "app": ("sfo_nlp.cli.pane", "Open the review pane in the browser, on this machine only."),
    "train": ("sfo_nlp.cli.modelling", "Fit the models from the annotated corpus."),
    "evaluate": ("sfo_nlp.cli.modelling", "Measure the models, with intervals."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is called."""

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
