"""What deploy/check does with YAML and JSON.

schemas CRDS KUBERNETES OUT   schemas that need nothing besides them and take no field that they do not name
sidecars RENDERED             that every workload has its sidecar where it belongs
rules FOLDER OUT              the alerts, and each query of the dashboard as a rule, as files that promtool reads
"""

import json
import pathlib
import sys

import yaml

KINDS = ("podmonitors", "prometheusrules")
WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job")
GRAFANA = {"$__rate_interval": "5m", "$__range": "6h", "$namespace": ".*"}


def schemas(crds, kubernetes, out):
    pathlib.Path(out).mkdir(exist_ok=True)
    for name in ("_definitions", "configmap-v1", "service-v1", "deployment-apps-v1", "job-batch-v1"):
        schema = json.loads(pathlib.Path(kubernetes, f"{name}.json").read_text())
        # The id is an address, from which a validator would fetch the definitions.
        schema.pop("$id", None)
        text = json.dumps(schema).replace('"/api/_definitions.json#', '"_definitions.json#')
        pathlib.Path(out, f"{name}.json").write_text(text)
    for kind in KINDS:
        crd = yaml.safe_load(pathlib.Path(crds, f"monitoring.coreos.com_{kind}.yaml").read_text())
        schema = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        closed(schema["properties"]["spec"])
        name = crd["spec"]["names"]["singular"]
        pathlib.Path(out, f"{name}-monitoring-v1.json").write_text(json.dumps(schema))


def closed(schema):
    if isinstance(schema, list):
        for each in schema:
            closed(each)
    elif isinstance(schema, dict):
        open_ended = "additionalProperties" in schema or "x-kubernetes-preserve-unknown-fields" in schema
        if schema.get("type") == "object" and "properties" in schema and not open_ended:
            schema["additionalProperties"] = False
        for each in schema.values():
            closed(each)


def sidecars(rendered):
    urls = {line.split("=")[0] for line in pathlib.Path("deploy/component/base-urls.env").read_text().split()}
    workloads = [w for w in yaml.safe_load_all(pathlib.Path(rendered).read_text()) if w["kind"] in WORKLOADS]
    assert len(workloads) > 1, "the example has lost its workloads"
    for workload in workloads:
        name = workload["metadata"]["name"]
        pod = workload["spec"]["template"]["spec"]
        weir = pod["initContainers"][0]
        assert weir["name"] == "weir" and weir["restartPolicy"] == "Always", f"{name}: Weir is not the first"
        assert "startupProbe" in weir, f"{name}: the application may start before Weir"
        for container in pod["containers"]:
            missing = urls - {variable["name"] for variable in container["env"]}
            assert not missing, f"{name}/{container['name']}: goes round Weir, it lacks {missing}"
    print(f"sidecars: first in {len(workloads)} workloads, every container has its base URLs")


def rules(folder, out):
    alerts = yaml.safe_load(pathlib.Path(folder, "alerts.yaml").read_text())["spec"]
    pathlib.Path(out, "alerts.rules.yaml").write_text(yaml.safe_dump(alerts))
    queries = []
    for panel in json.loads(pathlib.Path(folder, "dashboard.json").read_text())["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for variable, value in GRAFANA.items():
                query = query.replace(variable, value)
            queries.append({"record": f"panel{panel['id']}:{target['refId']}", "expr": query})
    group = {"groups": [{"name": "dashboard", "rules": queries}]}
    pathlib.Path(out, "dashboard.rules.yaml").write_text(yaml.safe_dump(group))


if __name__ == "__main__":
    {"schemas": schemas, "sidecars": sidecars, "rules": rules}[sys.argv[1]](*sys.argv[2:])
