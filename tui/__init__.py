"""The application: the command line, the commands behind it, the workspace they share, and the screen.

Importing `tui.cli` draws in neither Textual nor the AWS SDK; a test holds it to that.
"""
