"""The rules, one file each, named for the rule; `chains.py` alone holds the family that one walk tells apart.

A file here is found by the catalogue without being named anywhere else. It may read the inventory through the
view and the policies, and nothing else.
"""
