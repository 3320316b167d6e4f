"""Objects of other services that name an instance profile: EKS, Batch, Elastic Beanstalk and EMR."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instance_profiles.emulator.identifiers import request_id
from instance_profiles.emulator.operations.registry import operation
from instance_profiles.emulator.paging import json_page
from instance_profiles.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from instance_profiles.emulator.request import Request

_LAUNCH_OPTIONS = "aws:autoscaling:launchconfiguration"


@operation("eks", "ListClusters")
def list_eks_clusters(request: Request) -> dict[str, Any]:
    names = sorted({group["parent"] for group in _all(request, "nodegroup")})
    page, more = _camel_page(request, [(name, name) for name in names])
    return {"clusters": page, **more}


@operation("eks", "ListNodegroups")
def list_nodegroups(request: Request) -> dict[str, Any]:
    cluster = request.parameters["clusterName"]
    names = [group["name"] for group in _all(request, "nodegroup") if group["parent"] == cluster]
    if not names:
        raise RefusalError("ResourceNotFoundException", f"No cluster found for name: {cluster}.", 404)
    page, more = _camel_page(request, [(name, name) for name in names])
    return {"nodegroups": page, **more}


@operation("eks", "DescribeNodegroup")
def describe_nodegroup(request: Request) -> dict[str, Any]:
    cluster, name = request.parameters["clusterName"], request.parameters["nodegroupName"]
    for group in _all(request, "nodegroup"):
        if (group["parent"], group["name"]) == (cluster, name):
            place = f"nodegroup/{cluster}/{name}/{request_id(len(cluster + name))}"
            return {
                "nodegroup": {
                    "nodegroupName": name,
                    "nodegroupArn": request.account.arn("eks", place, request.region_name),
                    "clusterName": cluster,
                    "status": group["state"] or ("DEGRADED" if group["issues"] else "ACTIVE"),
                    "nodeRole": group["role"],
                    "health": {"issues": group["issues"]},
                }
            }
    raise RefusalError("ResourceNotFoundException", f"No node group found for name: {name}.", 404)


@operation("batch", "DescribeComputeEnvironments")
def describe_compute_environments(request: Request) -> dict[str, Any]:
    wanted = request.parameters.get("computeEnvironments") or None
    keyed = [
        (one["name"], one)
        for one in _all(request, "compute-environment")
        if wanted is None or one["name"] in wanted
    ]
    page, more = _camel_page(request, keyed)
    return {
        "computeEnvironments": [
            {
                "computeEnvironmentName": one["name"],
                "computeEnvironmentArn": request.account.arn(
                    "batch", f"compute-environment/{one['name']}", request.region_name
                ),
                "type": "MANAGED",
                "state": "ENABLED",
                "status": one["state"] or "VALID",
                "computeResources": {"type": "EC2", "instanceRole": one["instance_profile"]},
            }
            for one in page
        ],
        **more,
    }


@operation("elasticbeanstalk", "DescribeEnvironments")
def describe_environments(request: Request) -> dict[str, Any]:
    return {
        "Environments": [
            {
                "EnvironmentName": one["name"],
                "EnvironmentId": f"e-{request_id(len(one['name']))[:10].replace('-', '')}",
                "EnvironmentArn": request.account.arn(
                    "elasticbeanstalk", f"environment/{one['parent']}/{one['name']}", request.region_name
                ),
                "ApplicationName": one["parent"],
                "Status": one["state"] or "Ready",
            }
            for one in _all(request, "environment")
        ]
    }


@operation("elasticbeanstalk", "DescribeConfigurationSettings")
def describe_configuration_settings(request: Request) -> dict[str, Any]:
    application, name = request.parameters["ApplicationName"], request.parameters.get("EnvironmentName")
    for one in _all(request, "environment"):
        if (one["parent"], one["name"]) == (application, name):
            options = {"IamInstanceProfile": one["instance_profile"], "InstanceType": "t3.small"}
            settings = [
                {"Namespace": _LAUNCH_OPTIONS, "OptionName": option, "Value": value}
                for option, value in options.items()
            ]
            found = {
                "ApplicationName": application,
                "EnvironmentName": name,
                "DeploymentStatus": "deployed",
                "OptionSettings": settings,
            }
            return {"ConfigurationSettings": [found]}
    raise RefusalError("InvalidParameterValue", f"No Environment found for EnvironmentName = '{name}'.")


@operation("elasticmapreduce", "ListClusters")
def list_emr_clusters(request: Request) -> dict[str, Any]:
    states = request.parameters.get("ClusterStates") or None
    keyed = [
        (_emr_id(one), one) for one in _all(request, "emr-cluster") if states is None or _state(one) in states
    ]
    page, more = json_page(request, keyed, size="", cursor="Marker", default=50, smallest=1, largest=50)
    return {
        "Clusters": [
            {"Id": _emr_id(one), "Name": one["name"], "Status": {"State": _state(one)}} for one in page
        ],
        **more,
    }


@operation("elasticmapreduce", "DescribeCluster")
def describe_emr_cluster(request: Request) -> dict[str, Any]:
    wanted = request.parameters["ClusterId"]
    for one in _all(request, "emr-cluster"):
        if _emr_id(one) == wanted:
            return {
                "Cluster": {
                    "Id": wanted,
                    "Name": one["name"],
                    "ClusterArn": request.account.arn(
                        "elasticmapreduce", f"cluster/{wanted}", request.region_name
                    ),
                    "Status": {"State": _state(one)},
                    "Ec2InstanceAttributes": {"IamInstanceProfile": one["instance_profile"]},
                }
            }
    raise RefusalError("InvalidRequestException", f"Cluster id '{wanted}' is not valid.")


def _all(request: Request, kind: str) -> list[dict[str, Any]]:
    return request.region.elsewhere.get(kind, [])


def _camel_page(request: Request, items: list[tuple[str, Any]]) -> tuple[list[Any], dict[str, Any]]:
    return json_page(
        request, items, size="maxResults", cursor="nextToken", default=100, smallest=1, largest=100
    )


def _state(cluster: dict[str, Any]) -> str:
    return str(cluster["state"] or "WAITING")


def _emr_id(cluster: dict[str, Any]) -> str:
    return f"j-{request_id(sum(map(ord, cluster['name'])))[:8].upper()}{len(cluster['name']):05}"
