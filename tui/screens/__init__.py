"""The screens: each composes widgets, answers their messages, and reads the store."""
