"""Benchmarks: each module is run with python -m and writes its table to docs/."""
