"""What stands around every page: style, who is at work, where the store lies, and words for every failure."""

import getpass
import logging
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from sfo_nlp.errors import SfoError
from sfo_nlp.report.safe import visible
from sfo_nlp.store.engine import default_url
from sfo_nlp.store.store import Store

log = logging.getLogger(__name__)
ASSETS = Path(__file__).parent / "assets"


def prepare() -> None:
    """Page title and style; must come first."""
    st.set_page_config(page_title="sfo-nlp: review pane", page_icon=str(ASSETS / "icon.svg"), layout="wide")
    st.html(f"<style>{(ASSETS / 'pane.css').read_text(encoding='utf-8')}</style>")


def show(run: Callable[[], None]) -> None:
    """Run a page between its header and its footer; a coded failure is said in words in its place."""
    keep_who()
    try:
        run()
    except SfoError as error:
        say(error)
        _again()
    except Exception as error:  # what nobody foresaw must not show a traceback, nor lose what is saved
        log.exception("a page broke")
        st.error(
            f"This page broke in a way that nobody foresaw ({type(error).__name__}). What was decided is saved.\n\n"
            "**What to do:** try again. If it breaks again, send the lines on the terminal to whoever looks after "
            "sfo-nlp.  \n`page_broken`",
            icon=":material/error:",
        )
        _again()
    footer()


def _again() -> None:
    if st.button("Try again", icon=":material/refresh:"):
        st.rerun()


def say(error: SfoError, *, about: str = "") -> None:
    """A coded failure in plain words, with what to do."""
    st.error(
        f"{about}{visible(error.message)}.\n\n**What to do:** {visible(error.remedy)}  \n`{error.code}`",
        icon=":material/error:",
    )


@st.cache_resource(max_entries=4, show_spinner="Opening the store…")
def _open(url: str) -> Store:
    return Store(url)


def store() -> Store:
    """The store, opened once. Raises the store's coded errors."""
    return _open(default_url())


def who() -> str:
    """The name that decisions are attributed to."""
    return str(st.session_state.get("who") or _login())


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "inspector"


def keep_who() -> None:
    """Keep the name over reloads: it stands in the address, and falls back to the login name of this machine."""
    if "who" not in st.session_state:
        st.session_state.who = visible(st.query_params.get("who", ""))[:80] or _login()
    if st.session_state.who != _login():
        st.query_params["who"] = st.session_state.who


def footer() -> None:
    """Where everything is kept, that nothing leaves this machine, and who is at work."""
    with st.container(key="footer", horizontal=True, vertical_alignment="center"):
        try:
            place = store().place
        except SfoError:
            place = "not open"
        st.markdown(
            f":material/lock: Nothing leaves this machine. The store lies in `{visible(place)}`", width="stretch"
        )
        with st.popover(f"You are **{visible(who())}**", icon=":material/person:", width="content"):
            st.text_input("Your name, as it stands beside your decisions", key="who", max_chars=80)
