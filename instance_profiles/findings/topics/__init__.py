"""What only an error or a closer look shows: facts without a check, a chapter of the catalogue a file."""
