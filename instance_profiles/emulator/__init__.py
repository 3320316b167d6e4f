"""The local AWS that the demo and the tests run against: real HTTP protocols for the real SDK.

State is plain objects (`world`, `resources`), requests and answers are shaped by botocore's service models,
and every operation is one function in `operations`. Nothing outside the demo and the tests imports this
folder, and it imports nothing of ours but `instance_profiles.policies`.
"""
