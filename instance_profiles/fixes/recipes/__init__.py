"""The recipes, one a file; `instance_profiles.fixes.catalogue` finds every module that defines `RECIPE`."""
