"""botocore's own service models, each read when its service is first asked for (EC2's takes 0.1 s)."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel

# The name in the signature's scope, where it is not the name of botocore's folder.
_FOLDERS = {
    "access-analyzer": "accessanalyzer",
    "elasticmapreduce": "emr",
    "servicequotas": "service-quotas",
    "tagging": "resourcegroupstaggingapi",
}
_PREFIXES = {"iam-toolbox": "iam", "tagging": "tag"}
SERVICES = frozenset(
    {
        "access-analyzer",
        "athena",
        "autoscaling",
        "batch",
        "cloudtrail",
        "ec2",
        "eks",
        "elasticbeanstalk",
        "elasticmapreduce",
        "iam",
        "iam-toolbox",
        "servicequotas",
        "ssm",
        "sts",
        "tagging",
    }
)


def action_prefix(service: str) -> str:
    """Return how policies call a service, given its name here."""
    return _PREFIXES.get(service, service)


@cache
def _loader() -> Loader:
    return Loader()


@cache
def service_model(service: str) -> ServiceModel:
    """Return the model of a service by its name here; raises KeyError for one that is not emulated."""
    if service not in SERVICES:
        raise KeyError(service)
    folder = _FOLDERS.get(service, service)
    return ServiceModel(_loader().load_service_model(folder, "service-2"), folder)
