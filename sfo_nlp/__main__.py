"""`python -m sfo_nlp`: the command line."""

from sfo_nlp.cli import main

if __name__ == "__main__":
    main(prog_name="sfo-nlp")
