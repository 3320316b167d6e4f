"""Putting it right: recipe -> plan -> checks -> apply -> verify -> journal -> undo.

One recipe is one file in `recipes/`. A plan is data and can be shown, copied and refused; only `apply`
sends anything that writes, and only with its intent in the journal first.
"""
