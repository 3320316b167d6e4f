"""What is wrong with a fleet file, in one sentence for people."""


class FleetError(Exception):
    """Says what in the fleet cannot be, and where."""
