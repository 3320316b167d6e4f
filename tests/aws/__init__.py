"""The way to AWS: errors, guard, pacing, dry runs, the local AWS config."""
