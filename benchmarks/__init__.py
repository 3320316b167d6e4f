"""Side-by-side measurements, run on demand by `make bench`, never timed tests.

A measurement is a module of this package that is named in `__main__.MEASUREMENTS`: the first line of its
docstring is the title of its table, and `measure() -> list[Row]` measures and returns the rows (`rows.Row`).
What is to be measured runs in a process of its own against `stand_in.stand_in`, the emulator with a large
fleet and a set delay for each request. Only ratios of values from the same run mean anything.
"""
