"""What each command does without a screen: one module a command, each a plain function to an exit code."""
