"""Values files of other sources: the four ways, and the order in which files count."""

from __future__ import annotations

from typing import Any

import pytest

from argoflux.flux.values_layers import merge_values, parse_values
from tests.unit.argocd_cases import Case, convert_case

CHARTS, ENV = "https://charts.example.com/stable", "https://github.com/acme/env"
PROD = {"prod.yaml": "replicas: 3\nimage: {tag: v2}\n", "a/x.yaml": "a: 1\n", "b/x.yaml": "a: 2\n"}
GIT_CHART = "{repoURL: https://github.com/acme/charts, path: charts/api, helm: {HELM}}"
WEB_CHART = f"{{repoURL: {CHARTS}, chart: api, targetRevision: 1.2.3, helm: {{HELM}}}}"
OCI_CHART = "{repoURL: ghcr.io/acme/charts, chart: api, targetRevision: 1.2.3, helm: {HELM}}"
LENDER = f"{{repoURL: {ENV}, targetRevision: main, ref: values}}"
OLD = "2.8"


def case(helm: str, *, chart: str = WEB_CHART, lender: str = LENDER, **more: Any) -> Case:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        "metadata: {name: api, namespace: argocd}\nspec:\n  sources:\n"
        f"  - {chart.replace('HELM', helm)}\n  - {lender}\n"
        "  destination: {server: https://kubernetes.default.svc, namespace: web}\n"
    )
    return convert_case(text, **more)


def copies(found: Case) -> list[str]:
    (artifact,) = found.spec("ArtifactGenerator")["artifacts"]
    return [f"{item['from']} {item['to']}" for item in artifact["copy"]]


def aliases(found: Case) -> dict[str, str]:
    sources = found.spec("ArtifactGenerator")["sources"]
    return {s["alias"]: f"{s['kind']}/{s['name']}" for s in sources}


def test_artifact_of_a_helm_repository() -> None:
    """Inline values stay on top: the merged files are the chart's defaults."""
    found = case("valueFiles: [$values/prod.yaml], valuesObject: {a: 1}")
    assert aliases(found) == {"chart": "HelmChart/api", "values": "GitRepository/env"}
    assert copies(found) == [
        "@chart/ @artifact/",
        "@values/prod.yaml @artifact/api/values.yaml",
    ]
    release = found.spec("HelmRelease")
    assert release["chartRef"] == {"kind": "ExternalArtifact", "name": "api-chart"}
    assert "chart" not in release
    assert release["values"] == {"a": 1}
    chart = found.spec("HelmChart")
    assert chart["chart"] == "api"
    assert chart["version"] == "1.2.3"
    assert found.said("A2F-HELM-006")["generator"] == "ArtifactGenerator/flux-system/api"


def test_artifact_of_a_registry() -> None:
    found = case("valueFiles: [$values/prod.yaml]", chart=OCI_CHART)
    assert aliases(found)["chart"] == "OCIRepository/api"
    assert copies(found)[1] == "@values/prod.yaml @artifact/api/values.yaml"
    assert found.names("HelmChart") == []


def test_artifact_of_a_chart_in_git() -> None:
    """With its files at hand, the chart is packed under its own name, with its dependencies."""
    chart = {"charts/api/Chart.yaml": "name: shop-api\nversion: 1.0.0\n"}
    found = case(
        "valueFiles: [$values/prod.yaml]",
        chart=GIT_CHART,
        repositories={"https://github.com/acme/charts": chart},
    )
    assert aliases(found)["chart"] == "HelmChart/shop-api"
    assert found.spec("HelmChart")["reconcileStrategy"] == "Revision"
    assert copies(found)[1] == "@values/prod.yaml @artifact/shop-api/values.yaml"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("charts/api", "@chart/charts/api/ @artifact/"),
        (".", "@chart/ @artifact/api/"),
    ],
)
def test_artifact_of_an_unseen_chart_in_git(path: str, expected: str) -> None:
    """The directory as it stands, always below a directory of its own."""
    chart = GIT_CHART.replace("charts/api", path)
    found = case("valueFiles: [$values/prod.yaml]", chart=chart)
    assert copies(found) == [expected, "@values/prod.yaml @artifact/api/values.yaml"]
    assert "A2F-MUL-008" in found.codes()


@pytest.mark.parametrize("chart", [GIT_CHART, WEB_CHART])
def test_artifact_keeps_the_order(chart: str) -> None:
    """Files of the chart and of other sources interleave as they are listed."""
    found = case("valueFiles: [own.yaml, $values/prod.yaml, /last.yaml]", chart=chart)
    own, last = (
        ("@chart/charts/api/own.yaml", "@chart/last.yaml")
        if chart == GIT_CHART
        else ("@chart/api/own.yaml", "@chart/api/last.yaml")
    )
    target = "@artifact/api/values.yaml"
    assert copies(found)[1:] == [
        f"{own} {target}",
        f"@values/prod.yaml {target}",
        f"{last} {target}",
    ]


@pytest.mark.parametrize(
    ("stated", "copied"),
    [
        ("values.yaml", []),
        ("env/values.yaml", ["@chart/charts/api/env/values.yaml"]),
        ("/values.yaml", ["@chart/values.yaml"]),
    ],
)
def test_the_charts_own_values_are_there_already(stated: str, copied: list[str]) -> None:
    found = case(f"valueFiles: [{stated}, $values/prod.yaml]", chart=GIT_CHART)
    assert [c.split(" ")[0] for c in copies(found)[1:-1]] == copied
    assert list(aliases(found)) == ["chart", "values"]


def test_names_that_a_generator_can_refer_to() -> None:
    """Its references take no dots."""
    lender = "{repoURL: https://github.com/acme/acme.github.io, ref: V_al}"
    found = case("valueFiles: [$V_al/x.yaml]", lender=lender)
    assert aliases(found) == {"chart": "HelmChart/api", "v_al": "GitRepository/acme-github-io"}


def test_an_alias_called_chart() -> None:
    found = case("valueFiles: [$chart/x.yaml]", lender=LENDER.replace("values", "chart"))
    assert list(aliases(found)) == ["chart", "chart-2"]


def test_same_repository_and_revision_needs_no_generator() -> None:
    """The chart's own source delivers the file."""
    lender = "{repoURL: https://github.com/acme/charts.git, ref: values}"
    found = case("valueFiles: [$values/env/prod.yaml]", chart=GIT_CHART, lender=lender)
    files = found.spec("HelmRelease")["chart"]["spec"]["valuesFiles"]
    assert files == ["charts/api/values.yaml", "env/prod.yaml"]
    assert found.names("ArtifactGenerator") == []


def test_same_repository_at_another_revision() -> None:
    lender = "{repoURL: https://github.com/acme/charts.git, targetRevision: prod, ref: values}"
    found = case("valueFiles: [$values/env/prod.yaml]", chart=GIT_CHART, lender=lender)
    assert found.names("ArtifactGenerator") == ["api"]


@pytest.mark.parametrize(
    ("components", "generators"),
    [("[source-controller]", []), ("[source-controller, source-watcher]", ["api"])],
)
def test_installation_without_source_watcher(components: str, generators: list[str]) -> None:
    kept = (
        "apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\n"
        f"metadata: {{name: flux, namespace: flux-system}}\nspec: {{components: {components}}}\n"
    )
    assert case("valueFiles: [$values/x.yaml]", kept=kept).names("ArtifactGenerator") == generators


def test_configmap_of_one_file() -> None:
    found = case(
        "valueFiles: [$values/prod.yaml]", flux=OLD, repositories={ENV: PROD}, to_folder=True
    )
    assert found.spec("HelmRelease")["valuesFrom"] == [{"kind": "ConfigMap", "name": "api-values"}]
    (copied,) = found.emission.copies
    assert copied.texts == {"values.yaml": ("prod.yaml", PROD["prod.yaml"])}
    assert (copied.folder, copied.namespace) == ("rendered/api", "flux-system")
    assert copied.labels == {"reconcile.fluxcd.io/watch": "Enabled"}
    assert found.names("GitRepository") == []


def test_names_of_copies_are_keys() -> None:
    """Kustomize splits at `=`, and a ConfigMap takes few characters."""
    files = {ENV: {"a=b, c.yaml": "a: 1\n"}}
    found = case(
        "valueFiles: ['$values/a=b, c.yaml']", flux=OLD, repositories=files, to_folder=True
    )
    (copied,) = found.emission.copies
    assert copied.texts == {"values.yaml": ("a-b--c.yaml", "a: 1\n")}


def test_configmap_of_several_files() -> None:
    """Equal names get different keys, and the order of the list is that of `valuesFrom`."""
    found = case(
        "valueFiles: [$values/b/x.yaml, $values/a/x.yaml]",
        flux=OLD,
        repositories={ENV: PROD},
        to_folder=True,
    )
    keys = [item["valuesKey"] for item in found.spec("HelmRelease")["valuesFrom"]]
    assert keys == ["1-x.yaml", "2-x.yaml"]
    (copied,) = found.emission.copies
    assert [text for _, text in copied.texts.values()] == ["a: 2\n", "a: 1\n"]


def test_inline_files_are_merged_in_order() -> None:
    helm = (
        "valueFiles: [$values/prod.yaml, $values/a/x.yaml], valuesObject: {image: {pull: Always}}"
    )
    found = case(helm, flux=OLD, repositories={ENV: PROD})
    release = found.spec("HelmRelease")
    assert release["values"] == {
        "replicas": 3,
        "image": {"tag": "v2", "pull": "Always"},
        "a": 1,
    }
    assert "valuesFrom" not in release
    slots = {t.path: t.slot for t in found.draft("HelmRelease").traces}
    assert slots["spec", "values"] == "part.render.helm.values_files"
    assert slots["spec", "values", "image", "pull"] == "part.render.helm.values"


def test_parameters_win_over_inlined_files() -> None:
    helm = "valueFiles: [$values/prod.yaml], parameters: [{name: replicas, value: '5'}]"
    found = case(helm, flux=OLD, repositories={ENV: PROD})
    assert found.spec("HelmRelease")["values"]["replicas"] == 5


def test_nulls_survive_inline_and_are_said_of_artifacts() -> None:
    """Helm deletes a default for a null in user values, not for one among the defaults."""
    files = {ENV: {"x.yaml": "a: null\n"}}
    inline = case("valueFiles: [$values/x.yaml]", flux=OLD, repositories=files)
    assert inline.spec("HelmRelease")["values"] == {"a": None}
    assert "A2F-HELM-015" not in inline.codes()
    merged = case("valueFiles: [$values/x.yaml]", repositories=files)
    assert merged.said("A2F-HELM-015")["files"] == "$values/x.yaml"


@pytest.mark.parametrize("to_folder", [True, False])
def test_unread_file_leaves_a_release_that_waits(to_folder: bool) -> None:
    """Nothing is installed without its values: the ConfigMap has to be made first."""
    found = case("valueFiles: [$values/prod.yaml]", flux=OLD, to_folder=to_folder)
    assert found.spec("HelmRelease")["valuesFrom"] == [{"kind": "ConfigMap", "name": "api-values"}]
    assert found.emission.copies == []
    why, remedy = found.emission.part_decisions[only_app(found), 0].facts["files_lost"][
        "$values/prod.yaml"
    ]
    assert why == "its repository is not at hand"
    assert f"--source {ENV}=DIR" in remedy


def only_app(found: Case) -> Any:
    (app,) = found.loaded.estate.apps
    return app


@pytest.mark.parametrize(
    ("helm", "files", "why"),
    [
        ("valueFiles: [$values/none.yaml]", PROD, "there is no such file"),
        ("valueFiles: [$values/list.yaml]", {"list.yaml": "- a\n"}, "it is no mapping"),
        ("valueFiles: [$values/bad.yaml]", {"bad.yaml": "a: [\n"}, "it is no mapping"),
        ("valueFiles: [$other/prod.yaml]", PROD, "no other source has `ref: other`"),
        ("valueFiles: [$values/../../etc/passwd]", PROD, "the path leaves the repository"),
    ],
)
def test_why_a_file_is_lost(helm: str, files: dict[str, str], why: str) -> None:
    found = case(helm, flux=OLD, repositories={ENV: files})
    lost = found.emission.part_decisions[only_app(found), 0].facts["files_lost"]
    assert [reason for reason, _ in lost.values()] == [why]


def test_file_of_an_unseen_chart_behind_a_copied_one() -> None:
    """Its place in the order cannot be kept."""
    found = case("valueFiles: [$values/prod.yaml, own.yaml]", flux=OLD, repositories={ENV: PROD})
    lost = found.emission.part_decisions[only_app(found), 0].facts["files_lost"]
    assert lost["own.yaml"][0] == "it is part of a chart that is not at hand"
    assert lost["$values/prod.yaml"][0].startswith("a file that is merged with it")


def test_what_cannot_be_seen_waits_behind_the_artifact() -> None:
    """Files are merged up to the first one that nobody can name; the order is kept."""
    helm = "valueFiles: [$values/a.yaml, '$values/env/*.yaml', $values/b.yaml]"
    found = case(helm)
    assert copies(found)[1:] == ["@values/a.yaml @artifact/api/values.yaml"]
    keys = [item["valuesKey"] for item in found.spec("HelmRelease")["valuesFrom"]]
    assert keys == ["1-values.yaml", "2-b.yaml"]
    lost = found.emission.part_decisions[only_app(found), 0].facts["files_lost"]
    assert list(lost) == ["$values/env/*.yaml", "$values/b.yaml"]


def test_what_cannot_be_read_waits_behind_the_copies() -> None:
    helm = "valueFiles: [$values/prod.yaml, $values/none.yaml]"
    found = case(helm, flux=OLD, repositories={ENV: PROD}, to_folder=True)
    assert found.spec("HelmRelease")["valuesFrom"] == [
        {"kind": "ConfigMap", "name": "api-values"},
        {"kind": "ConfigMap", "name": "api-missing-values"},
    ]


def test_unseen_glob_of_the_chart_waits() -> None:
    """Nothing is installed without the files that it may match."""
    found = case("valueFiles: ['env/*.yaml']", chart=GIT_CHART)
    assert found.spec("HelmRelease")["valuesFrom"] == [{"kind": "ConfigMap", "name": "api-values"}]


def test_files_before_the_first_foreign_one_stay_with_the_chart() -> None:
    found = case("valueFiles: [own.yaml, $values/prod.yaml]", flux=OLD, repositories={ENV: PROD})
    chart = found.spec("HelmRelease")["chart"]["spec"]
    assert chart["valuesFiles"] == ["values.yaml", "own.yaml"]
    assert found.spec("HelmRelease")["values"]["replicas"] == 3


def test_missing_files_are_skipped_where_argo_cd_skips_them() -> None:
    helm = "ignoreMissingValueFiles: true, valueFiles: [$values/none.yaml, $values/prod.yaml]"
    found = case(helm, repositories={ENV: PROD})
    assert copies(found)[1:] == ["@values/prod.yaml @artifact/api/values.yaml"]
    decision = found.emission.part_decisions[only_app(found), 0]
    assert decision.facts["missing_stops"] is False


def test_missing_files_that_nobody_can_see_stop_the_generator() -> None:
    found = case("ignoreMissingValueFiles: true, valueFiles: [$values/prod.yaml]")
    assert found.emission.part_decisions[only_app(found), 0].facts["missing_stops"] is True


def test_globs_of_another_source() -> None:
    """Matches in lexical order, without files that are listed by name."""
    helm = "valueFiles: ['$values/*/x.yaml', $values/a/x.yaml]"
    found = case(helm, repositories={ENV: PROD})
    assert [c.split(" ")[0] for c in copies(found)[1:]] == ["@values/b/x.yaml", "@values/a/x.yaml"]


def test_address_of_a_values_file() -> None:
    found = case("valueFiles: ['https://example.com/x.yaml']")
    assert found.names("ArtifactGenerator") == []
    assert found.spec("HelmRelease")["valuesFrom"] == [{"kind": "ConfigMap", "name": "api-values"}]


def test_file_parameter_of_another_source() -> None:
    helm = "fileParameters: [{name: config, path: $values/prod.yaml}]"
    found = case(helm, repositories={ENV: PROD})
    assert found.spec("HelmRelease")["values"] == {"config": PROD["prod.yaml"]}
    assert "A2F-MUL-009" not in found.codes()


def test_two_charts_share_a_helm_chart_object() -> None:
    """Apps that agree on repository, name and version fetch the chart once."""
    text = "---\n".join(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\n"
        f"metadata: {{name: {name}, namespace: argocd}}\nspec:\n  sources:\n"
        f"  - {WEB_CHART.replace('HELM', 'valueFiles: [$values/x.yaml]')}\n  - {LENDER}\n"
        f"  destination: {{server: https://kubernetes.default.svc, namespace: {name}}}\n"
        for name in ("one", "two")
    )
    found = convert_case(text)
    assert found.names("HelmChart") == ["api"]
    assert found.names("ArtifactGenerator") == ["one", "two"]


@pytest.mark.parametrize(
    ("base", "over", "merged"),
    [
        ({"a": {"b": 1}}, {"a": {"c": 2}}, {"a": {"b": 1, "c": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": {"b": 1}}, {"a": None}, {"a": None}),
        ({"a": 1}, {"a": {"b": 1}}, {"a": {"b": 1}}),
    ],
)
def test_merge_values(base: Any, over: Any, merged: Any) -> None:
    assert merge_values(base, over) == merged


@pytest.mark.parametrize(
    ("text", "values"),
    [("", {}), ("# nothing\n", {}), ("a: 1\n", {"a": 1}), ("- a\n", None), (None, None)],
)
def test_parse_values(text: str | None, values: Any) -> None:
    assert parse_values(text) == values
