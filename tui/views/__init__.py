"""The trees: how the inventory is arranged for each view. One view is one file.

A view makes `Node`s lazily; `Tree` hands them to the widget and narrows them to what was searched for.
"""
