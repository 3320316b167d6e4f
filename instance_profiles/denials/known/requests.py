"""Requests that AWS refuses for their form, or for what is not there: no fault of an object in particular."""

from __future__ import annotations

from typing import Final

from instance_profiles.denials.known.text import NAME, QUOTE, Known, plain

_LOOK_AGAIN: Final = (
    "Look up the id again: `aws ec2 describe-instances` lists what is there, region by region."
)

REQUESTS: Final[tuple[Known, ...]] = (
    plain(
        "dryrun flag is set",
        r"Request would have succeeded, but DryRun flag is set",
        "DryRunOperation",
        meaning="This is no failure: a trial run says that the call is allowed and well formed.",
        steps=("Send the call again without the trial flag.",),
    ),
    plain(
        "cannot be found",
        rf"Instance Profile {NAME} cannot be found",
        "NoSuchEntity",
        "NoSuchEntityException",
        meaning="IAM has no instance profile of this name in the account that was asked.",
        steps=(
            "Check the account: `aws sts get-caller-identity` says which one is asked.",
            "Check the name: `aws iam list-instance-profiles` lists those that there are.",
            "A name is not a path: of instance-profile/app/web the name is web.",
        ),
    ),
    plain(
        "cannot be found",
        rf"The (?:role|user|role policy|user policy|group) with name {NAME} cannot be found",
        "NoSuchEntity",
        "NoSuchEntityException",
        meaning="IAM has nothing of this name in the account that was asked.",
        steps=("Check the name and the account: `aws sts get-caller-identity` says which account is asked.",),
    ),
    plain(
        "the request must include the",
        r"The request must include the (?:[A-Za-z.]+ parameter|following parameters: [^\n.]{1,200})",
        "MissingParameter",
        meaning="The call lacks a parameter that EC2 needs.",
        steps=("Add the parameter that the message names, and send the call again.",),
    ),
    plain(
        "is malformed",
        rf"The instance ID {QUOTE}{NAME}{QUOTE} is malformed",
        "InvalidInstanceID.Malformed",
        meaning="The text is no instance id: these are i- and 17 (of old ones 8) hexadecimal digits.",
        steps=(_LOOK_AGAIN,),
    ),
    plain(
        "does not exist",
        rf"The instance ID {QUOTE}(?P<resource>m?i-[0-9a-f]+){QUOTE} does not exist",
        "InvalidInstanceID.NotFound",
        meaning="This region and account have no such instance; an hour after its end it is forgotten.",
        steps=("Check the region that is asked.", _LOOK_AGAIN),
    ),
    plain(
        "for 'maxresults'",
        r"Invalid value '[^'\n]{0,40}' for 'maxResults'[^\n]{0,80}",
        "InvalidParameterValue",
        meaning="The size of a page is out of range.",
        steps=("Ask for 5 to 1,000 results, or leave the size out.",),
    ),
    plain(
        "pagination token is invalid",
        r"Pagination token is invalid",
        "InvalidNextToken",
        meaning="The token of the next page is not one that EC2 gave for this listing.",
        steps=("Begin the listing again without a token.",),
    ),
    plain(
        "was given",
        r"(?:An unknown filter|A filter for an unknown association state of"
        rf"|A filter with an invalid instance-id of) {QUOTE}{NAME}{QUOTE} was given",
        "InvalidParameterValue",
        meaning="The listing does not know this filter, or the value that was given for it.",
        steps=(
            "Associations are filtered by instance-id and by state: associating, associated, disassociating.",
        ),
    ),
    plain(
        "multiple requests to change this object",
        r"(?:The request was rejected because )?multiple requests to change this object were submitted"
        r"[^\n]{0,80}",
        "ConcurrentModification",
        "ConcurrentModificationException",
        meaning="Somebody else changed the same object at the same moment; nothing was changed by this call.",
        steps=("Wait a few seconds, look at the object again, and repeat the call.",),
    ),
)
