"""The self-check page."""

import streamlit as st


def page() -> None:
    """What to mend."""
    st.title("Self-check")
