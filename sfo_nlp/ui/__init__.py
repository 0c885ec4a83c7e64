"""The review pane: queue, review, self-check and method pages on Streamlit, on this machine only."""
