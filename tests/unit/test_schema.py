"""What is wrong with a document, where, in which words."""

import base64
import sys

import pytest

from argoflux import schema
from argoflux.schema import SchemaError, check, check_value


def application(**spec):
    base = {"project": "default", "destination": {"server": "x"}, "source": {"repoURL": "u"}}
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Application",
        "metadata": {"name": "a"},
        "spec": base | spec,
    }


def kustomization(**spec):
    base = {"interval": "5m", "prune": True, "sourceRef": {"kind": "GitRepository", "name": "g"}}
    kind = {"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization"}
    return {**kind, "metadata": {"name": "k"}, "spec": base | spec}


def of_application(**spec):
    return check("Application", "v1alpha1", application(**spec))


def of_kustomization(**spec):
    return check("Kustomization", "v1", kustomization(**spec))


def test_good_documents_have_no_errors():
    assert of_application() == []
    assert of_kustomization(path="./a", postBuild={"substitute": {"any": "thing"}}) == []


@pytest.mark.parametrize(
    ("found", "path", "rule", "message"),
    [
        (
            of_application(syncPolicy={"automated": {"selfheal": True}}),
            ("spec", "syncPolicy", "automated", "selfheal"),
            "unknown-field",
            "unknown field `selfheal` in `spec.syncPolicy.automated`; did you mean `selfHeal`?",
        ),
        (
            of_application(automated={}),
            ("spec", "automated"),
            "unknown-field",
            "unknown field `automated` in `spec`; it belongs at `spec.syncPolicy.automated`",
        ),
        (
            of_application(zzz=1),
            ("spec", "zzz"),
            "unknown-field",
            "unknown field `zzz` in `spec`",
        ),
        (
            of_application(syncPolicy={"automated": True}),
            ("spec", "syncPolicy", "automated"),
            "type",
            "`spec.syncPolicy.automated` is true, expected a map; write `automated: {}`",
        ),
        (
            of_application(syncPolicy={"retry": {"limit": "5"}}),
            ("spec", "syncPolicy", "retry", "limit"),
            "type",
            '`spec.syncPolicy.retry.limit` is "5", expected a whole number; remove the quotes',
        ),
        (
            of_application(project=5),
            ("spec", "project"),
            "type",
            "`spec.project` is 5, expected text; put it in quotes",
        ),
        (
            of_application(syncPolicy={"syncOptions": "Prune=false"}),
            ("spec", "syncPolicy", "syncOptions"),
            "type",
            (
                '`spec.syncPolicy.syncOptions` is "Prune=false", expected a list; '
                "write it as a list item, with `-` before it"
            ),
        ),
        (
            of_application(source={"repoURL": "u", "helm": {"values": {"a": 1}}}),
            ("spec", "source", "helm", "values"),
            "type",
            (
                "`spec.source.helm.values` is a map, expected text; "
                "move it to `valuesObject`, or write it as text with `values: |`"
            ),
        ),
        (
            of_application(source={"repoURL": {"name": "u"}}),
            ("spec", "source", "repoURL"),
            "type",
            "`spec.source.repoURL` is a map, expected text",
        ),
        (
            of_kustomization(interval="5"),
            ("spec", "interval"),
            "pattern",
            '`spec.interval` is "5", expected a duration such as `10m` or `1h30m`',
        ),
        (
            of_kustomization(sourceRef={"kind": "GitRepo", "name": "x"}),
            ("spec", "sourceRef", "kind"),
            "enum",
            (
                '`spec.sourceRef.kind` is "GitRepo", expected one of `OCIRepository`, '
                "`GitRepository`, `Bucket`, `ExternalArtifact`; did you mean `GitRepository`?"
            ),
        ),
        (
            of_kustomization(targetNamespace=""),
            ("spec", "targetNamespace"),
            "bounds",
            "`spec.targetNamespace` is empty, expected at least 1 character",
        ),
        (
            of_kustomization(sourceRef={"kind": "Bucket"}),
            ("spec", "sourceRef"),
            "required",
            "`name` is missing in `spec.sourceRef`",
        ),
        (
            of_kustomization(prune=None),
            ("spec",),
            "required",
            "`prune` is missing in `spec`",
        ),
        (
            of_kustomization(components=[None]),
            ("spec", "components", 0),
            "type",
            "`spec.components[0]` is null, expected text",
        ),
        (
            check("Kustomization", "v1", kustomization() | {"metadata": {"labels": {"a": 1}}}),
            ("metadata", "labels", "a"),
            "type",
            "`metadata.labels.a` is 1, expected text; put it in quotes",
        ),
    ],
)
def test_one_error(found, path, rule, message):
    assert [(error.path, error.rule, error.message) for error in found] == [(path, rule, message)]


def test_unknown_and_missing_keys_stand_at_keys_and_other_errors_at_values():
    found = of_kustomization(prun=True, interval="x", sourceRef={"kind": "Bucket"})
    assert [(error.rule, error.on) for error in found] == [
        ("pattern", "value"),
        ("required", "key"),
        ("unknown-field", "key"),
    ]


def test_one_error_for_each_unknown_key():
    found = of_kustomization(one=1, two=2)
    assert [error.path for error in found] == [("spec", "one"), ("spec", "two")]


def test_errors_come_in_the_order_of_the_document():
    body = {
        "spec": {"sourceRef": {"kind": 1, "name": "x"}, "prune": "y", "interval": 5},
        "metadata": {"name": 7},
    }
    found = check("Kustomization", "v1", body)
    assert [error.path for error in found] == [
        ("spec", "sourceRef", "kind"),
        ("spec", "prune"),
        ("spec", "interval"),
        ("metadata", "name"),
    ]


def test_a_misspelt_required_key_is_one_error():
    found = of_application(source={"repoUrl": "u"})
    assert [(error.rule, error.suggestion) for error in found] == [("unknown-field", "repoURL")]


@pytest.mark.parametrize(
    "value", ["${PRUNE}", "${p:=true}", "{{ .prune }}", "<< inputs.p >>", "__PRUNE__"]
)
def test_what_is_filled_in_later_is_unknown_and_no_error(value):
    assert of_kustomization(prune=value, interval=value, patches=value) == []


@pytest.mark.parametrize("value", [None])
def test_null_counts_as_absent_where_the_key_is_optional(value):
    """kubernetes/apiextensions-apiserver prunes nulls of fields that are not nullable."""
    assert of_kustomization(path=value, patches=value, decryption=value) == []


def test_a_required_key_with_a_default_may_be_absent():
    """The API server fills in defaults before it checks."""
    bucket = {"bucketName": "b", "endpoint": "e", "interval": "1m"}
    assert check("Bucket", "v1", {"metadata": {}, "spec": bucket}) == []
    provider = {"metadata": {}, "spec": {"policy": {}, "imageRepositoryRef": {"name": "x"}}}
    assert check("ImagePolicy", "v1", provider) == []


def test_status_is_never_checked():
    assert check("Kustomization", "v1", kustomization() | {"status": {"any": 1}}) == []


def test_a_patch_may_lack_required_keys_but_not_be_wrong():
    patch = {"metadata": {"name": "x"}, "spec": {"interval": "1m", "prun": True, "$patch": "merge"}}
    found = check("Kustomization", "v1", patch, partial=True)
    assert [error.rule for error in found] == ["unknown-field"]


def test_a_version_without_schema_is_unknown_and_no_error():
    assert not schema.has_schema("ImagePolicy", "v1alpha1")
    assert check("ImagePolicy", "v1alpha1", {"spec": {"any": 1}}) == []
    assert check("Deployment", "v1", {"spec": {"any": 1}}) == []


def test_templates_of_an_application_set_are_checked():
    template = {"metadata": {"name": "x"}, "spec": {**application()["spec"], "projekt": "x"}}
    body = {"metadata": {"name": "s"}, "spec": {"generators": [], "template": template}}
    [found] = check("ApplicationSet", "v1alpha1", body)
    assert found.path == ("spec", "template", "spec", "projekt")
    assert found.suggestion == "project"


def test_values_of_the_user_are_never_quoted():
    helm = {"parameters": [{"name": "token", "value": 123456}]}
    found = of_application(source={"repoURL": "u", "helm": helm})
    found += of_kustomization(postBuild={"substitute": {"password": 123456}})
    assert len(found) == 2
    assert all("123456" not in error.message for error in found)


def test_long_and_odd_values_are_cut_and_escaped():
    [found] = of_kustomization(interval="x" * 500 + "\n")
    assert len(found.message) < 200
    [found] = of_kustomization(interval="\x1b[31m\n")
    assert "\x1b" not in found.message
    assert "\n" not in found.message


def secret(kind, data=None, **texts):
    encoded = {key: base64.b64encode(text.encode()).decode() for key, text in (data or {}).items()}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}
    return check(f"Secret:{kind}", "v1", body | {"data": encoded, "stringData": texts})


def test_a_good_repository_secret():
    assert secret("repository", {"url": "https://x", "insecure": "false"}, type="git") == []


def test_secrets_are_checked_without_quoting_a_value():
    found = secret("repository", {"depth": "hunter2"}, url="", type="giit", insecure="hunter2")
    assert [(error.path, error.rule) for error in found] == [
        (("data", "depth"), "pattern"),
        (("stringData", "url"), "bounds"),
        (("stringData", "type"), "enum"),
        (("stringData", "insecure"), "pattern"),
    ]
    assert all("hunter2" not in str(error) and "giit" not in str(error) for error in found)


def test_unknown_keys_of_configuration_matter_only_as_slips():
    found = secret("repository", url="https://x", pasword="p", team="a")  # noqa: S106 - a slip
    assert [error.message for error in found] == [
        "unknown field `pasword`; did you mean `password`?"
    ]
    data = {"kustomize.buildOption": "x", "resource.customizations.healt.apps_Job": "", "my": "1"}
    found = check("ConfigMap:argocd-cm", "v1", {"data": data})
    assert [error.suggestion for error in found] == [
        "kustomize.buildOptions",
        "resource.customizations.health.apps_Job",
    ]


def test_a_missing_key_of_a_secret_stands_at_its_data():
    assert secret("cluster", name="a")[0].path == ("stringData",)


@pytest.mark.parametrize(
    ("config", "messages"),
    [
        ('{"bearerToken": "t", "tlsClientConfig": {"insecure": false}}', []),
        ("${CONFIG}", []),
        ("ENC[AES256_GCM,data:x]", []),
        ("{", ["`config` is not JSON"]),
        (
            '{"bearerTokn": "hunter2", "tlsClientConfig": {"insecure": "hunter2"}}',
            [
                "unknown field `bearerTokn`; did you mean `bearerToken`? (in the JSON of `config`)",
                (
                    "`tlsClientConfig.insecure` is text, expected true or false "
                    "(in the JSON of `config`)"
                ),
            ],
        ),
    ],
)
def test_the_json_inside_a_cluster_secret(config, messages):
    found = secret("cluster", name="a", server="https://s", config=config)
    assert sorted(error.message for error in found) == sorted(messages)
    assert all(error.path == ("stringData", "config") for error in found)


def test_a_configmap_value_that_yaml_did_not_read_as_text():
    [found] = check("ConfigMap:argocd-cm", "v1", {"data": {"exec.enabled": True}})
    assert found == SchemaError(
        ("data", "exec.enabled"),
        "value",
        "type",
        "`exec.enabled` is true, expected text; put it in quotes",
        "text",
    )


def test_annotations_are_checked_as_a_flat_map():
    wave = {"argocd.argoproj.io/sync-wave": "first", "my.org/any": "thing"}
    [found] = check("annotations:resource", "v1", wave)
    assert (found.path, found.rule) == (("argocd.argoproj.io/sync-wave",), "pattern")


OWN = {
    "$defs": {"level": {"enum": ["low", "high"]}},
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "patternProperties": {"^x-": {}},
    "properties": {
        "name": {"type": "string"},
        "level": {"$ref": "#/$defs/level"},
        "count": {"type": ["integer", "null"], "minimum": 1},
        "free": {"type": "object", "properties": {"a": {"type": "string"}}},
    },
}


def test_a_plain_schema_of_our_own():
    assert check_value(OWN, {"name": "n", "x-any": 1, "free": {"b": 2}, "count": None}) == []
    found = check_value(OWN, {"levl": "low", "level": "hihg", "count": 0})
    assert [(error.path, error.rule, error.suggestion) for error in found] == [
        ((), "required", "name"),
        (("levl",), "unknown-field", "level"),
        (("level",), "enum", "high"),
        (("count",), "bounds", ""),
    ]
    [found] = check_value(OWN, {"name": "n", "count": "3"})
    assert found.message == '`count` is "3", expected a whole number or null; remove the quotes'


def test_a_good_document_needs_no_jsonschema():
    """Importing jsonschema costs more than checking a repository of good documents."""
    code = (
        "import sys; from argoflux import schema;"
        "assert schema.check('AppProject', 'v1alpha1', {'metadata': {}, 'spec': {}}) == [];"
        "assert 'jsonschema' not in sys.modules;"
        "assert schema.check('AppProject', 'v1alpha1', {'metadata': {}, 'spec': {'x': 1}})"
    )
    import subprocess

    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
