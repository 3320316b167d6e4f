"""The engine: what exists, what is wrong with it, and how it is put right.

No screen, no printing and no settings live here; everything can be imported without Textual.
The sub-packages import downwards only: fixes -> findings -> inventory -> aws.
"""
