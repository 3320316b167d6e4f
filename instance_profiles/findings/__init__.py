"""What is wrong, how sure that is, and why: pure functions over the inventory, no I/O.

One rule is one file in `rules/`; `catalogue` collects them and `evaluate` runs them.
"""
