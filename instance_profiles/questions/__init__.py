"""What people ask before they do anything: could this caller fix it, and would a launch work?

Everything here only reads, but for the dry run of a launch where somebody asks for it.
"""
