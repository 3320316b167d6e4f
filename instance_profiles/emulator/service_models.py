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
SERVICES = frozenset(
    {
        "access-analyzer",
        "autoscaling",
        "batch",
        "ec2",
        "eks",
        "elasticbeanstalk",
        "elasticmapreduce",
        "iam",
        "servicequotas",
        "ssm",
        "sts",
        "tagging",
    }
)


def action_prefix(service: str) -> str:
    """Return how policies call a service, given its signing name."""
    return "tag" if service == "tagging" else service


@cache
def _loader() -> Loader:
    return Loader()


@cache
def service_model(service: str) -> ServiceModel:
    """Return the model of a service by its signing name; raises KeyError for one that is not emulated."""
    if service not in SERVICES:
        raise KeyError(service)
    folder = _FOLDERS.get(service, service)
    return ServiceModel(_loader().load_service_model(folder, "service-2"), folder)
