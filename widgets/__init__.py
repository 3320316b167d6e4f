"""The pieces of a screen: each draws one thing from plain data, posts messages, and knows no other widget.

Nothing here reads AWS, settings or the inventory; every string from outside passes `widgets.text.safe`.
"""
