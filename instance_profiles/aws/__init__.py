"""The way to AWS: named profiles, one session and client pool per account, guard, pacing, partitions, errors.

`account.AwsAccount` is the only way out. What the answers mean is the business of `inventory`.
"""
