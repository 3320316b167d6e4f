"""The emulator held to what was recorded of AWS, statement by statement.

`test_lifecycle_*` follow the recording of an association's life, `test_domain_*` the catalogue of errors.
Time is frozen and moved on by the tests.
"""
