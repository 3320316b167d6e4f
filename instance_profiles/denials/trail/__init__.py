"""What CloudTrail has recorded: denied calls around instance profiles, and who changed what when.

LookupEvents is asked first, because it is there in every account and costs nothing; an event data store of
CloudTrail Lake and a table of Athena only where they exist and only when somebody wants it. Nothing here
writes, and no record is logged: the messages of EC2 hold encoded parts.
"""
