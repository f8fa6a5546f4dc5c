"""Charts: release name, values, and how a chart is rendered."""

from __future__ import annotations

from typing import Any

from argoflux.mapping.concept import (
    Concept,
    Context,
    Mount,
    Opaque,
    equivalent,
    exact,
    on,
    plain,
    says,
)
from argoflux.mapping.conditions import fact, key_and_value
from argoflux.mapping.kustomize import F2A_KS_024, needs_newer_flux
from argoflux.mapping.multi import A2F_MUL_003, A2F_MUL_004, A2F_MUL_006
from argoflux.mapping.release import F2A_HR_018, other_half_differs, path_and_value
from argoflux.mapping.verdict import Message, Verdict

A2F_HELM_001 = Message(
    code="A2F-HELM-001",
    verdict=Verdict.EQUIVALENT,
    text="the chart of {name} becomes a real Helm release {release} in {namespace}",
    instead="templates that test IsInstall, IsUpgrade or Revision see real values now",
)
A2F_HELM_005 = Message(
    code="A2F-HELM-005",
    verdict=Verdict.EQUIVALENT,
    text="`valuesFiles` replaces the chart's own values.yaml in Flux; `{chart}/values.yaml` was put first",
)
A2F_HELM_006 = Message(
    code="A2F-HELM-006",
    verdict=Verdict.APPROXIMATE,
    text="values files {files} of other sources are merged into the chart of {name} by {generator}, which needs source-watcher",
    instead="install it, and switch on the gate `ExternalArtifact` of helm-controller: `flux install --components-extra=source-watcher` does both",
)
A2F_HELM_007 = Message(
    code="A2F-HELM-007",
    verdict=Verdict.MANUAL,
    text="values file `{value}` is fetched from an address, which Flux cannot do",
    instead="{remedy}",
)
A2F_HELM_008 = Message(
    code="A2F-HELM-008",
    verdict=Verdict.APPROXIMATE,
    text="glob `{value}` was expanded to {files}; Flux does not expand globs",
    instead="add new files to `valuesFiles` by hand",
)
A2F_HELM_009 = Message(
    code="A2F-HELM-009",
    verdict=Verdict.EQUIVALENT,
    text="parameters of {name} were merged into `values`",
)
A2F_HELM_010 = Message(
    code="A2F-HELM-010",
    verdict=Verdict.APPROXIMATE,
    text="file parameter {value} was copied into `values`; later edits of the file no longer count",
)
A2F_HELM_011 = Message(
    code="A2F-HELM-011",
    verdict=Verdict.NONE,
    text="`{key}: {value}` was dropped: Flux asks the cluster for its version and APIs",
    instead="check that the cluster has what the chart is told to expect",
)
A2F_HELM_012 = Message(
    code="A2F-HELM-012",
    verdict=Verdict.EQUIVALENT,
    text="CRD policy `{policy}` matches what Argo CD did",
)
A2F_HELM_013 = Message(
    code="A2F-HELM-013",
    verdict=Verdict.MANUAL,
    text="the template namespace {value} differs from the destination namespace {namespace}; a Helm release has one",
    instead="make them the same",
)
A2F_HELM_014 = Message(
    code="A2F-HELM-014",
    verdict=Verdict.APPROXIMATE,
    text="Flux appends {what} to the version of `{chart}`; labels such as helm.sh/chart change with it",
    instead="compare the rendered labels: in pod templates they restart the pods",
)
A2F_HELM_003 = Message(
    code="A2F-HELM-003",
    verdict=Verdict.APPROXIMATE,
    text="`{chart}` has hooks for installations; they run once more when Flux makes the release of {name}",
    instead="set `install.disableHooks: true` for the first reconciliation",
)
A2F_HELM_015 = Message(
    code="A2F-HELM-015",
    verdict=Verdict.APPROXIMATE,
    text="{files} set values to null: Helm deletes the default, Flux writes the null",
    instead="check what the chart does with the null",
)
A2F_HELM_016 = Message(
    code="A2F-HELM-016",
    verdict=Verdict.APPROXIMATE,
    text="templates of `{chart}` use {functions}: Argo CD evaluated them without the cluster and on every comparison, Flux does so with the cluster and once per upgrade",
    instead="compare the objects before the move: generated values may change",
)
A2F_HELM_019 = Message(
    code="A2F-HELM-019",
    verdict=Verdict.APPROXIMATE,
    text="pruning was off; a Helm upgrade deletes what left the chart",
    instead="annotate what must stay with helm.sh/resource-policy: keep",
)
A2F_HELM_020 = Message(
    code="A2F-HELM-020",
    verdict=Verdict.APPROXIMATE,
    text="objects of `{chart}` marked `helm.sh/resource-policy: keep` stay in Flux also when they leave the chart; in Argo CD they only outlive the Application",
    instead="delete them by hand when they are no longer wanted",
)
A2F_HELM_023 = Message(
    code="A2F-HELM-023",
    verdict=Verdict.APPROXIMATE,
    text="dependencies of `{chart}` are fetched from {repositories} without credentials in Flux",
    instead="for a private one, put a HelmRepository with its URL and credentials into {namespace}",
)
A2F_HELM_029 = Message(
    code="A2F-HELM-029",
    verdict=Verdict.EQUIVALENT,
    text="Flux fetches dependencies of `{chart}` from {url} with the credentials of HelmRepository {repository}, which has the same address",
)
A2F_HELM_018 = Message(
    code="A2F-HELM-018",
    verdict=Verdict.MANUAL,
    text="release name `{value}` is longer than 53 characters",
    instead="shorten it",
)
A2F_HELM_021 = Message(
    code="A2F-HELM-021",
    verdict=Verdict.MANUAL,
    text="{apps} would share release {release} in {namespace}",
    instead="give one of them another `releaseName`",
)
A2F_HELM_022 = Message(
    code="A2F-HELM-022",
    verdict=Verdict.EQUIVALENT,
    text="`values` was left out: Argo CD ignores it because `valuesObject` is set",
    instead="delete it",
)
A2F_HELM_024 = Message(
    code="A2F-HELM-024",
    verdict=Verdict.MANUAL,
    text="`values` of {name} is not a mapping",
    instead="correct the YAML",
)
A2F_HELM_025 = Message(
    code="A2F-HELM-025",
    verdict=Verdict.MANUAL,
    text="file parameter {value} cannot be read from here",
    instead="give the checkout with `--source URL=DIR`, or put the value inline",
)
A2F_HELM_026 = Message(
    code="A2F-HELM-026",
    verdict=Verdict.MANUAL,
    text="glob `{value}` cannot be expanded from here, and Flux does not expand globs",
    instead="{remedy}",
)
A2F_HELM_027 = Message(
    code="A2F-HELM-027",
    verdict=Verdict.MANUAL,
    text="parameter {parameter} of {name} cannot be set: {why}",
    instead="correct the parameter, or put its value into `valuesObject`",
)
A2F_SEC_010 = Message(
    code="A2F-SEC-010",
    verdict=Verdict.APPROXIMATE,
    text="parameter {parameter} of {name} looks like a secret in plain text",
    instead="move it to a Secret and use `valuesFrom`",
    tags=("security",),
)
F2A_HC_001 = Message(
    code="F2A-HC-001",
    verdict=Verdict.APPROXIMATE,
    text="Flux rolled `{chart}` out only when the version in Chart.yaml changed; Argo CD deploys every commit that touches the path",
)
F2A_HC_002 = Message(
    code="F2A-HC-002",
    verdict=Verdict.EQUIVALENT,
    text="Flux appended the commit to the version of `{chart}`; labels such as helm.sh/chart change once",
)
F2A_HC_003 = Message(
    code="F2A-HC-003",
    verdict=Verdict.APPROXIMATE,
    text="`valuesFiles` without `{chart}/values.yaml` replaced the chart's defaults in Flux; Argo CD keeps them underneath",
    instead="compare the rendered manifests",
)
F2A_HC_004 = Message(
    code="F2A-HC-004",
    verdict=Verdict.APPROXIMATE,
    text="`{chart}` has {count} dependencies; Argo CD fetches them itself",
    instead="allow and register {repositories} in Argo CD",
)
F2A_HC_005 = Message(
    code="F2A-HC-005",
    verdict=Verdict.EQUIVALENT,
    text="`version` is ignored for a chart from Git",
)
F2A_OCI_007 = Message(
    code="F2A-OCI-007",
    verdict=Verdict.NONE,
    text="signature verification of `{chart}` is lost",
    instead="enforce it with an admission policy",
    tags=("security",),
)


def _listed(name: str) -> Any:
    """A test: the leaf's value is in the list of values that the emitter put aside."""

    def test(value: Any, ctx: Context) -> bool:
        return value in (ctx.fact(name) or ())

    return test


def _file_remedy(value: Any, ctx: Context) -> dict[str, Any]:
    return {"remedy": ctx.fact("files_lost")[value][1]}


def _parameter(ctx: Context) -> str:
    """The name of the parameter that the leaf belongs to."""
    node: Any = ctx.body
    for key in ctx.path[:-1]:
        node = node[key]
    return str(node.get("name", ""))


def _refused_parameter(_value: Any, ctx: Context) -> bool:
    return _parameter(ctx) in (ctx.fact("parameters_refused") or {})


def _refusal(_value: Any, ctx: Context) -> dict[str, Any]:
    name = _parameter(ctx)
    return {"parameter": name, "why": ctx.fact("parameters_refused")[name]}


_A = "ApplicationSource"
_H = "HelmRelease"
_C = "HelmChartSpec"
_R = "part.render.helm"

# What Argo CD renders: argo-cd:util/helm/cmd.go template, argo-cd:reposerver/repository/repository.go
# helmTemplate; what Flux installs: helm-controller:internal/action/install.go and upgrade.go,
# source-controller:internal/helm/chart/builder_local.go.
ROWS = (
    Mount(kind=_H, path="spec.chart.spec", table=_C),
    Concept(
        slot=f"{_R}.release_name",
        says="The name of the release inside the templates.",
        argo=(on(_A, "helm.releaseName"),),
        flux=(on(_H, "spec.releaseName"),),
        to_flux=(
            says(A2F_HELM_018, when=lambda value, _ctx: len(str(value)) > 53),  # noqa: PLR2004  # the limit of Helm
            exact(),
        ),
        to_argo=(exact(),),
    ),
    Concept(
        slot=f"{_R}.values",
        says="Values given inline.",
        argo=(
            on(_A, "helm.valuesObject", subtree=True),
            on(_A, "helm.values"),
        ),
        flux=(on(_H, "spec.values", subtree=True),),
        to_flux=(
            says(
                A2F_HELM_022,
                when=lambda _value, ctx: (
                    "valuesObject" not in ctx.path and bool(ctx.fact("values_shadowed"))
                ),
            ),
            exact(),
        ),
        to_argo=(exact(),),
    ),
    # argo-cd:util/helm/helm.go, reposerver/repository/repository.go getResolvedValueFiles;
    # source-controller:internal/helm/chart/builder_local.go (the chart's own values are replaced)
    Concept(
        slot=f"{_R}.values_files",
        says="Values files, later ones win.",
        argo=(on(_A, "helm.valueFiles[]"),),
        flux=(on(_C, "valuesFiles[]"), on(_C, "valuesFile")),
        to_flux=(
            says(
                A2F_HELM_007,
                when=lambda value, _ctx: "://" in str(value),
                facts=_file_remedy,
            ),
            says(A2F_HELM_026, when=_listed("globs_unread"), facts=_file_remedy),
            says(
                A2F_MUL_004,
                when=_listed("files_lost"),
                facts=lambda value, ctx: dict(
                    zip(("why", "remedy"), ctx.fact("files_lost")[value], strict=True)
                ),
            ),
            says(
                A2F_MUL_003,
                when=_listed("files_copied"),
                facts=lambda value, ctx: {"copied": ctx.fact("files_copied")[value]},
            ),
            says(
                A2F_HELM_008,
                when=lambda value, ctx: value in (ctx.fact("globs") or {}),
                facts=lambda value, ctx: {"files": ctx.fact("globs")[value]},
            ),
            says(A2F_HELM_005, when=fact("own_values")),
            equivalent(),
        ),
        to_argo=(says(F2A_HC_003, when=fact("replaces_defaults")), equivalent()),
    ),
    Concept(
        slot=f"{_R}.ignore_missing_values_files",
        says="Whether values files that do not exist are skipped.",
        argo=(plain(_A, "helm.ignoreMissingValueFiles", default=False),),
        flux=(plain(_C, "ignoreMissingValuesFiles", default=False),),
        to_flux=(
            says(
                A2F_MUL_006,
                when=lambda value, ctx: value is True and bool(ctx.fact("missing_stops")),
            ),
            exact(when=fact("missing_stated")),
            equivalent(),  # there are no such files, or it is known which of them exist
        ),
        to_argo=(exact(),),
    ),
    # argo-cd:util/helm/cmd.go (--set, --set-string); helm:pkg/strvals/parser.go
    Concept(
        slot=f"{_R}.parameters",
        says="Single values, as `helm --set` takes them.",
        argo=(
            on(_A, "helm.parameters[].name"),
            on(_A, "helm.parameters[].value"),
            on(_A, "helm.parameters[].forceString", default=False),
        ),
        to_flux=(
            says(A2F_HELM_027, when=_refused_parameter, facts=_refusal),
            says(A2F_HELM_009, when=lambda _value, ctx: ctx.path[-1] == "value"),
            equivalent(),
        ),
    ),
    Concept(
        slot=f"{_R}.file_parameters",
        says="Single values whose text is a file of the repository.",
        argo=(on(_A, "helm.fileParameters[].name"), on(_A, "helm.fileParameters[].path")),
        to_flux=(
            says(A2F_HELM_027, when=_refused_parameter, facts=_refusal),
            says(
                A2F_HELM_010,
                when=lambda value, ctx: (
                    ctx.path[-1] == "path" and value in (ctx.fact("file_parameters_read") or ())
                ),
            ),
            says(A2F_HELM_025, when=lambda _value, ctx: ctx.path[-1] == "path"),
            equivalent(),
        ),
    ),
    # helm-controller:internal/action/crds.go crdPolicyOrDefault
    Concept(
        slot=f"{_R}.skip_crds",
        says="Whether the chart's crds folder is left out.",
        argo=(plain(_A, "helm.skipCrds", default=False),),
        to_flux=(says(A2F_HELM_012),),
    ),
    Concept(
        slot=f"{_R}.skip_tests",
        says="Whether test hooks are left out; neither system runs them by itself.",
        argo=(on(_A, "helm.skipTests", default=False),),
        to_flux=(exact(),),
    ),
    Concept(
        slot=f"{_R}.skip_schema_validation",
        says="Whether values are not checked against the chart's schema.",
        argo=(plain(_A, "helm.skipSchemaValidation", default=False),),
        flux=(
            on(_H, "spec.install.disableSchemaValidation", default=False),
            on(_H, "spec.upgrade.disableSchemaValidation", default=False),
        ),
        to_flux=(
            exact(when=lambda value, _ctx: value is False),
            needs_newer_flux(_H, "spec.install.disableSchemaValidation"),
            exact(),
        ),
        to_argo=(
            exact(when=lambda value, _ctx: value is False),
            says(
                F2A_KS_024,
                when=lambda _value, ctx: "skipSchemaValidation" in (ctx.fact("gated_fields") or {}),
                facts=lambda _value, ctx: {
                    "field": "skipSchemaValidation",
                    "release": ctx.fact("gated_fields")["skipSchemaValidation"],
                },
            ),
            says(F2A_HR_018, when=other_half_differs, facts=path_and_value),
            exact(),
        ),
    ),
    Concept(
        slot=f"{_R}.pass_credentials",
        says="Whether credentials go to other hosts as well; only charts of a Helm repository use it.",
        argo=(plain(_A, "helm.passCredentials", default=False),),
        to_flux=(exact(when=fact("chart_repository")), equivalent()),
    ),
    Concept(
        slot=f"{_R}.namespace",
        says="The namespace that templates see.",
        argo=(on(_A, "helm.namespace"),),
        to_flux=(
            says(
                A2F_HELM_013,
                when=lambda value, ctx: bool(
                    value and ctx.fact("namespace") and value != ctx.fact("namespace")
                ),
            ),
            exact(),
        ),
    ),
    Concept(
        slot="",
        says="Which Helm renders the chart, and the cluster version and APIs it assumes.",
        argo=(on(_A, "helm.kubeVersion"), on(_A, "helm.apiVersions[]")),
        to_flux=(
            exact(when=lambda value, _ctx: not value),
            says(A2F_HELM_011, facts=key_and_value),
        ),
    ),
    Concept(
        slot="",
        says="Which major version of Helm renders the chart; ignored since Argo CD 3.5.",
        argo=(on(_A, "helm.version"),),
        to_flux=(equivalent(),),
    ),
    # --- charts from Git, source-controller:api/v1/helmchart_types.go
    Concept(
        slot="part.source.revision",
        says="The version range of the chart; ignored for charts from Git.",
        flux=(on(_C, "version", "*"),),
        to_argo=(
            exact(when=fact("chart_by_name")),
            exact(when=lambda value, _ctx: value == "*"),
            says(F2A_HC_005),
        ),
    ),
    # source-controller:api/v1/helmchart_types.go ReconcileStrategy
    Concept(
        slot=f"{_R}.reconcile_on",
        says="Whether a new chart version or every new revision is rolled out.",
        flux=(on(_C, "reconcileStrategy", "ChartVersion"),),
        to_argo=(
            equivalent(when=fact("chart_by_name")),  # counts for charts from Git only
            says(F2A_HC_002, when=lambda value, _ctx: value == "Revision"),
            says(F2A_HC_001),
        ),
    ),
    Concept(
        slot="",
        says="Signatures that the chart must carry; only charts from registries can.",
        flux=(
            *(
                on(kind, f"{at}{name}")
                for kind, at in ((_C, "verify."), ("OCIRepository", "spec.verify."))
                for name in (
                    "provider",
                    "secretRef.name",
                    "trustedRootSecretRef.name",
                    "matchOIDCIdentity[].issuer",
                    "matchOIDCIdentity[].subject",
                )
            ),
        ),
        to_argo=(says(F2A_OCI_007),),
    ),
    Opaque(
        kind=_H,
        path="spec.chart.metadata",
        reason="labels and annotations of the generated HelmChart object; Argo CD has none",
    ),
)
