"""The method page."""

import streamlit as st


def page() -> None:
    """How it works."""
    st.title("Method")
