"""The members of large listings that the model is made of; `from_aws` reads no others.

What is not named here is never parsed. The tests hold the tables to what `from_aws` asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from instance_profiles.inventory import sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instance_profiles.aws.xml_reading import Wanted

_TAGS: Final[Wanted] = {"Key": None, "Value": None}
_INSTANCE: Final[Wanted] = {
    "InstanceId": None,
    "State": {"Name": None},
    "InstanceType": None,
    "Placement": {"AvailabilityZone": None},
    "LaunchTime": None,
    "IamInstanceProfile": {"Arn": None, "Id": None},
    "MetadataOptions": {
        "State": None,
        "HttpEndpoint": None,
        "HttpTokens": None,
        "HttpPutResponseHopLimit": None,
    },
    "Operator": {"Managed": None, "Principal": None, "HiddenByDefault": None},
    "PrivateIpAddress": None,
    "Tags": _TAGS,
}

WANTED: Final[Mapping[str, Wanted]] = {
    sources.INSTANCES: {"Reservations": {"Instances": _INSTANCE}, "NextToken": None},
    sources.ASSOCIATIONS: {
        "IamInstanceProfileAssociations": {
            "AssociationId": None,
            "InstanceId": None,
            "IamInstanceProfile": {"Arn": None, "Id": None},
            "State": None,
        },
        "NextToken": None,
    },
    sources.LAUNCH_TEMPLATE_VERSIONS: {
        "LaunchTemplateVersions": {
            "LaunchTemplateId": None,
            "LaunchTemplateName": None,
            "VersionNumber": None,
            "DefaultVersion": None,
            "CreateTime": None,
            "LaunchTemplateData": {"IamInstanceProfile": {"Arn": None, "Name": None}},
        },
        "NextToken": None,
    },
    sources.LAUNCH_CONFIGURATIONS: {
        "LaunchConfigurations": {
            "LaunchConfigurationName": None,
            "LaunchConfigurationARN": None,
            "IamInstanceProfile": None,
        },
        "NextToken": None,
    },
}
"""By source: the members of its pages that are wanted."""
