"""Charts from Helm repositories, and charts or manifests from registries."""

from __future__ import annotations

from argoflux.mapping.concept import Concept, exact, on
from argoflux.mapping.verdict import Message, Verdict

A2F_SRC_017 = Message(
    code="A2F-SRC-017",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: the address {url} does not tell whether it holds a chart or manifests",
    instead="say which under `oci-sources` in the configuration file, or add `helm: {}` or `kustomize: {}` to the source",
)
A2F_SRC_022 = Message(
    code="A2F-SRC-022",
    verdict=Verdict.MANUAL,
    text="{name} is not converted: Argo CD ignores `chart: {chart}` because {url} starts with oci://, and fetches the artifact at that address itself",
    instead="drop `oci://` if {url}/{chart} is the chart, or drop `chart` if {url} is",
)
A2F_SRC_023 = Message(
    code="A2F-SRC-023",
    verdict=Verdict.APPROXIMATE,
    text="tag `{value}` of {url} reads as a version but is no full one: helm-controller refuses the chart unless its own version is the same",
    instead="pin the chart's full version, or set `ref.digest` on OCIRepository {source}",
    tags=("evidence",),
)
A2F_REV_008 = Message(
    code="A2F-REV-008",
    verdict=Verdict.APPROXIMATE,
    text="`{value}` is part of a version: Argo CD pulled the highest match of `{chart}` once and kept it, Flux follows new releases",
    instead="pin the version that runs now",
)
A2F_REV_012 = Message(
    code="A2F-REV-012",
    verdict=Verdict.MANUAL,
    text="`{value}` is neither a version nor a range, so neither system finds the chart `{chart}`",
    instead="give a version of the chart",
)
A2F_HELM_028 = Message(
    code="A2F-HELM-028",
    verdict=Verdict.MANUAL,
    text="values files {files} inside the chart of {name} were left out: Flux reads such files only for a chart that is found by version, and `{revision}` is none",
    instead="put their values inline, or give a version of the chart",
)

# argo-cd:pkg/apis/application/v1alpha1/types.go IsOCI, IsHelm; argo-cd:reposerver/repository/
# repository.go runRepoOperation (the path of a chart from a repository is never read)
ROWS = (
    Concept(
        slot="part.source.chart",
        says="The name of a chart in a Helm repository or a registry.",
        argo=(on("ApplicationSource", "chart", ""),),
        to_flux=(exact(),),
    ),
)
