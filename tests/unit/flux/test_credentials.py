"""Which credentials of Argo CD reach which source of Flux, and in which form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.credential_cases import (
    app,
    config_map,
    encoded,
    external,
    repository,
    secret,
    template,
    to_flux,
)

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.acme.io/team/shop"
SSH = "git@git.acme.io:team/shop.git"
LOGIN = {"username": "reader", "password": "hidden-1"}


def login(username: str, word: str) -> dict[str, str]:
    return {"username": username, "password": word}


# --- which Secret counts


def test_the_longest_template_wins(tmp_path: Path) -> None:
    """Vector 19."""
    short = template("https://github.com/ac", "short", **LOGIN)
    long = template("https://github.com/acme", "long", **login("u", "hidden-2"))
    result = to_flux(tmp_path, short, long, app("https://github.com/acme/x"), include=True)
    assert result.held() == {"username": "u", "password": "hidden-2"}
    assert result.one("Secret")["metadata"]["name"] == "acme-auth"
    assert result.outcome("short") == ("skipped", "no converted source uses it")


def test_a_repository_of_its_own_login_takes_nothing_from_a_template(tmp_path: Path) -> None:
    """argo-cd:util/db/repository.go enrichCredsToRepo."""
    own = repository(URL, "own", **login("own", "hidden-own"))
    result = to_flux(
        tmp_path, own, template("https://git.acme.io", **LOGIN), app(URL), include=True
    )
    assert result.held("shop-auth") == {"username": "own", "password": "hidden-own"}
    assert result.outcome("t")[0] == "skipped"


def test_a_repository_without_a_login_takes_that_of_a_template(tmp_path: Path) -> None:
    own = repository(URL, "own", name="shop", type="git")
    result = to_flux(
        tmp_path, own, template("https://git.acme.io/team", **LOGIN), app(URL), include=True
    )
    assert result.held("team-auth") == LOGIN
    assert result.spec("GitRepository")["secretRef"] == {"name": "team-auth"}
    assert result.outcome("own")[0] == "converted"


@pytest.mark.parametrize(("project", "user"), [("web", "theirs"), ("other", "all")])
def test_a_secret_of_the_project_goes_before_one_for_all(
    tmp_path: Path, project: str, user: str
) -> None:
    theirs = repository(URL, "theirs", project="web", **login("theirs", "x"))
    everyone = repository(URL, "everyone", **login("all", "x"))
    result = to_flux(tmp_path, everyone, theirs, app(URL, project=project), include=True)
    assert result.held()["username"] == user


def test_a_secret_of_another_project_is_not_used(tmp_path: Path) -> None:
    theirs = repository(URL, "theirs", project="web", **LOGIN)
    result = to_flux(tmp_path, theirs, app(URL, project="other"))
    assert result.all("Secret") == []
    assert "secretRef" not in result.spec("GitRepository")


def test_projects_with_different_logins_do_not_share_a_source(tmp_path: Path) -> None:
    theirs = repository(URL, "theirs", project="web", **login("theirs", "x"))
    everyone = repository(URL, "everyone", **login("all", "x"))
    apps = app(URL, "a", project="web"), app(URL, "b", project="other")
    result = to_flux(tmp_path, theirs, everyone, *apps, include=True)
    used = {g["spec"]["secretRef"]["name"] for g in result.all("GitRepository")}
    held = {result.held(name)["username"] for name in used}
    assert (len(used), held) == (2, {"theirs", "all"})


@pytest.mark.parametrize(
    "spelling", ["https://git.acme.io/Team/Shop.git", "https://GIT.acme.io/team/shop"]
)
def test_spellings_of_one_repository(tmp_path: Path, spelling: str) -> None:
    result = to_flux(tmp_path, repository(spelling, **LOGIN), app(URL))
    assert result.spec("GitRepository")["secretRef"] == {"name": "shop-auth"}


def test_sources_of_one_template_share_a_secret(tmp_path: Path) -> None:
    """A2F §8.2."""
    apps = [app(f"https://github.com/acme/{name}", name) for name in ("a", "b")]
    result = to_flux(tmp_path, template("https://github.com/acme", **LOGIN), *apps)
    assert [g["spec"]["secretRef"]["name"] for g in result.all("GitRepository")] == [
        "acme-auth"
    ] * 2
    assert len(result.all("Secret")) == 1


def test_each_namespace_has_its_own_secret(tmp_path: Path) -> None:
    apps = [app("https://github.com/acme/x", name, project=name) for name in ("a", "b")]
    login = template("https://github.com/acme", **LOGIN)
    result = to_flux(tmp_path, login, *apps, layout="tenant")
    secrets = [s["metadata"] for s in result.all("Secret") if "stringData" in s]
    assert {(s["namespace"], s["name"]) for s in secrets} >= {
        ("a", "acme-auth"),
        ("b", "acme-auth"),
    }


def test_secrets_of_one_name_do_not_meet(tmp_path: Path) -> None:
    one = repository("https://a.io/x/shop", "one", **LOGIN)
    two = repository("https://b.io/x/shop", "two", **LOGIN)
    result = to_flux(
        tmp_path, one, two, app("https://a.io/x/shop", "a"), app("https://b.io/x/shop", "b")
    )
    names = sorted(s["metadata"]["name"] for s in result.all("Secret"))
    assert names[0] == "shop-auth"
    assert names[1].startswith("shop-auth-")
    used = {g["spec"]["secretRef"]["name"] for g in result.all("GitRepository")}
    assert used == set(names)


def test_the_order_of_the_input_does_not_matter(tmp_path: Path) -> None:
    objects = [
        repository("https://a.io/x/shop", "one", **LOGIN),
        repository("https://b.io/x/shop", "two", **LOGIN),
        template("https://c.io", "three", **LOGIN),
        template("https://c.io", "four", **login("other", "x")),
        *(app(f"https://{name}.io/x/shop", name) for name in "abc"),
    ]
    there = to_flux(tmp_path, *objects, include=True).conversion.documents
    back = to_flux(tmp_path, *reversed(objects), include=True).conversion.documents
    assert [d.body for d in there] == [d.body for d in back]


# --- what becomes of the keys


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (LOGIN, LOGIN),
        ({"password": "t"}, {"username": "x-access-token", "password": "t"}),
        ({"bearerToken": "t"}, {"bearerToken": "t"}),
        (
            {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "k"},
            {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "k"},
        ),
        (
            {"githubAppID": "1", "githubAppPrivateKey": "k", "githubAppEnterpriseBaseUrl": "u"},
            {
                "githubAppID": "1",
                "githubAppPrivateKey": "k",
                "githubAppBaseURL": "u",
                "githubAppInstallationOwner": "team",
            },
        ),
        (
            {**LOGIN, "tlsClientCertData": "c", "tlsClientCertKey": "k"},
            {**LOGIN, "tls.crt": "c", "tls.key": "k"},
        ),
    ],
    ids="-".join,
)
def test_keys_for_git_over_https(
    tmp_path: Path, values: dict[str, str], written: dict[str, str]
) -> None:
    result = to_flux(tmp_path, repository(URL, **values), app(URL), include=True)
    assert result.held() == written
    app_login = "githubAppID" in values
    assert result.spec("GitRepository").get("provider") == ("github" if app_login else None)
    for key in values:
        assert result.fate(f"stringData.{key}") == ("exact", None)
        assert result.targets(f"stringData.{key}")


def test_values_from_data(tmp_path: Path) -> None:
    held = encoded(repository(URL, **LOGIN))
    assert to_flux(tmp_path, held, app(URL), include=True).held() == LOGIN


def test_values_that_are_no_text(tmp_path: Path) -> None:
    held = encoded(repository(URL, username="u"))
    held["data"]["password"] = "/v8="
    result = to_flux(tmp_path, held, app(URL), include=True)
    assert result.one("Secret")["data"] == {"password": "/v8="}


def test_placeholders_of_other_tools(tmp_path: Path) -> None:
    """argocd-vault-plugin and others fill them in when Argo CD applies the Secret."""
    held = repository(URL, **login("u", "<path:secret/data/shop#token>"))
    result = to_flux(tmp_path, held, app(URL), include=True)
    assert result.held()["password"] == "<path:secret/data/shop#token>"
    assert result.fate("stringData.password") == ("manual", "A2F-SEC-020")
    assert result.fate("stringData.username") == ("exact", None)


def test_values_are_not_copied_by_default(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(URL, **LOGIN), app(URL))
    assert result.held() == {"username": "TODO", "password": "TODO"}
    assert result.fate("stringData.password") == ("manual", "A2F-SEC-011")
    assert "Secret flux-system/shop-auth is a stub" in result.text("A2F-SEC-011")


def test_a_public_repository_needs_no_secret(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(URL, name="shop", type="git", project=""), app(URL))
    assert result.all("Secret") == []
    assert result.outcome("s")[0] == "converted"
    assert result.fate("stringData.url") == ("equivalent", None)


def test_a_key_that_argo_cd_does_not_use_is_no_loss(tmp_path: Path) -> None:
    """With a password, the key for SSH has no effect on an https address."""
    result = to_flux(tmp_path, repository(URL, sshPrivateKey="k", **LOGIN), app(URL), include=True)
    assert result.held() == LOGIN
    assert result.fate("stringData.sshPrivateKey") == ("equivalent", None)


HOSTS = "ssh_known_hosts"


def hosts(text: str) -> dict[str, Any]:
    return config_map("argocd-ssh-known-hosts-cm", ssh_known_hosts=text)


def test_ssh_takes_the_key_and_the_lines_of_its_host(tmp_path: Path) -> None:
    known = hosts("git.acme.io ssh-ed25519 AAAA\nother.io ssh-ed25519 BBBB\n")
    result = to_flux(
        tmp_path, known, repository(SSH, sshPrivateKey="pem\n"), app(SSH), include=True
    )
    written = {"identity": "pem\n", "known_hosts": "git.acme.io ssh-ed25519 AAAA\n"}
    assert result.held("shop-auth") == written
    assert result.fate("data.ssh_known_hosts") == ("exact", None)
    assert not {"A2F-SEC-002", "A2F-SEC-012"} & result.codes()


def test_ssh_without_a_host_key(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(SSH, sshPrivateKey="pem"), app(SSH), include=True)
    assert result.held() == {"identity": "pem", "known_hosts": "TODO"}
    assert "no host key of git.acme.io" in result.text("A2F-SEC-002")


def test_host_keys_are_public_and_always_written(tmp_path: Path) -> None:
    known = hosts("[git.acme.io]:2222 ssh-rsa AAAA\n")
    url = "ssh://git@git.acme.io:2222/team/shop.git"
    result = to_flux(tmp_path, known, app(url))
    assert result.held() == {"identity": "TODO", "known_hosts": "[git.acme.io]:2222 ssh-rsa AAAA\n"}
    assert "no credentials for" in result.text("A2F-SEC-012")


def test_host_keys_that_nobody_needs(tmp_path: Path) -> None:
    result = to_flux(tmp_path, hosts("x ssh-rsa A"), app(URL))
    assert result.outcome("argocd-ssh-known-hosts-cm") == (
        "skipped",
        "no converted source needs it",
    )


@pytest.mark.parametrize("key", ["insecure", "insecureIgnoreHostKey"])
def test_host_keys_cannot_be_ignored(tmp_path: Path, key: str) -> None:
    login = repository(SSH, sshPrivateKey="k", **{key: "true"})
    result = to_flux(tmp_path, login, app(SSH))
    assert result.fate(f"stringData.{key}") == ("manual", "A2F-SEC-003")


def test_certificates_cannot_be_ignored(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(URL, insecure="true"), app(URL))
    assert result.fate("stringData.insecure") == ("manual", "A2F-SEC-004")
    harmless = to_flux(tmp_path, repository(URL, insecure="false"), app(URL))
    assert harmless.fate("stringData.insecure") == ("equivalent", None)


def test_authorities_come_from_the_config_map(tmp_path: Path) -> None:
    trust = config_map("argocd-tls-certs-cm", **{"git.acme.io": "PEM", "other.io": "PEM2"})
    result = to_flux(tmp_path, trust, app(URL))
    assert result.held("git.acme.io-auth") == {"ca.crt": "PEM"}
    assert result.spec("GitRepository")["secretRef"] == {"name": "git.acme.io-auth"}
    with_login = to_flux(tmp_path, trust, repository(URL, **LOGIN), app(URL), include=True)
    assert with_login.held("shop-auth") == {**LOGIN, "ca.crt": "PEM"}


def test_a_proxy_keeps_its_login_apart(tmp_path: Path) -> None:
    login = repository(URL, proxy="http://me:p%40ss@proxy.io:3128", noProxy="a.io")
    result = to_flux(tmp_path, login, app(URL), include=True)
    assert result.spec("GitRepository")["proxySecretRef"] == {"name": "shop-proxy"}
    expected = {"address": "http://proxy.io:3128", "username": "me", "password": "p@ss"}
    assert result.held("shop-proxy") == expected
    assert result.fate("stringData.noProxy") == ("none", "A2F-SEC-017")


def test_an_azure_identity(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(URL, useAzureWorkloadIdentity="true"), app(URL))
    assert result.spec("GitRepository")["provider"] == "azure"
    assert result.fate("stringData.useAzureWorkloadIdentity") == ("equivalent", "A2F-SEC-016")
    older = to_flux(
        tmp_path, repository(URL, useAzureWorkloadIdentity="true"), app(URL), flux="2.3"
    )
    assert "provider" not in older.spec("GitRepository")
    assert older.fate("stringData.useAzureWorkloadIdentity") == ("manual", "A2F-SEC-015")


APP = {"githubAppID": "1", "githubAppInstallationID": "2", "githubAppPrivateKey": "k"}
PAIR = {"tlsClientCertData": "c", "tlsClientCertKey": "k"}
PRINCIPAL = {
    "azureServicePrincipalClientId": "a",
    "azureServicePrincipalClientSecret": "b",
    "azureServicePrincipalTenantId": "c",
    "azureActiveDirectoryEndpoint": "d",
}


@pytest.mark.parametrize(
    ("values", "flux", "code"),
    [
        (APP, "2.4", "A2F-SEC-015"),
        ({**LOGIN, **PAIR}, "2.5", "A2F-SEC-015"),
        ({"gcpServiceAccountKey": "{}"}, "2.9", "A2F-SEC-015"),
        (PRINCIPAL, "2.9", "A2F-SEC-005"),
        ({"enableLfs": "true"}, "2.9", "A2F-SRC-010"),
    ],
)
def test_what_flux_has_no_counterpart_for(
    tmp_path: Path, values: dict[str, str], flux: str, code: str
) -> None:
    result = to_flux(tmp_path, repository(URL, **values), app(URL), flux=flux, include=True)
    for key in values.keys() - LOGIN.keys():
        assert result.fate(f"stringData.{key}") == ("manual", code)


def test_templates_spell_service_principals_otherwise(tmp_path: Path) -> None:
    values = {"azureServicePrincipalClientID": "a", "azureServicePrincipalTenantID": "c"}
    login = template(URL, azureServicePrincipalClientSecret="b", **values)
    result = to_flux(tmp_path, login, app(URL))
    for key in values:
        assert result.fate(f"stringData.{key}") == ("manual", "A2F-SEC-005")


def test_the_installation_of_an_app_before_flux_could_find_it(tmp_path: Path) -> None:
    login = repository(URL, githubAppID="1", githubAppPrivateKey="k")
    result = to_flux(tmp_path, login, app(URL), flux="2.6", include=True)
    assert result.held()["githubAppInstallationID"] == "TODO"


def test_credentials_in_the_address(tmp_path: Path) -> None:
    """They leave the address, and are only copied on request."""
    url = "https://bot:hidden-3@git.acme.io/team/shop"
    result = to_flux(tmp_path, app(url))
    assert result.spec("GitRepository")["url"] == URL
    assert result.held() == {"username": "TODO", "password": "TODO"}
    assert result.fate("spec.source.repoURL") == ("manual", "A2F-SEC-009")
    copied = to_flux(tmp_path, app(url), include=True)
    assert copied.held() == {"username": "bot", "password": "hidden-3"}


# --- the other Secrets


@pytest.mark.parametrize("kind", ["repository-write", "repo-write-creds"])
def test_credentials_of_the_hydrator(tmp_path: Path, kind: str) -> None:
    result = to_flux(tmp_path, secret(kind, url=URL, **LOGIN), app(URL))
    assert result.fate("stringData.password") == ("manual", "A2F-SEC-018")
    assert result.fate("stringData.url") == ("equivalent", None)


def test_tokens_of_generators_that_nobody_uses(tmp_path: Path) -> None:
    result = to_flux(tmp_path, secret("scm-creds", **{"a-token": "hidden-4"}), app(URL))
    assert result.outcome("s") == ("skipped", "no converted generator uses its token")


def test_keys_that_argo_cd_does_not_know(tmp_path: Path) -> None:
    result = to_flux(tmp_path, repository(URL, shallowClone="true", **LOGIN), app(URL))
    assert result.fate("stringData.shallowClone") == ("unknown", "A2F-FLD-001")


def test_maps_without_keys_say_nothing(tmp_path: Path) -> None:
    held: dict[str, Any] = repository(URL) | {"data": {}, "type": "Opaque", "immutable": True}
    result = to_flux(tmp_path, held, app(URL))
    assert result.fate("data") == ("equivalent", None)
    assert result.fate("type") == ("equivalent", None)
    assert result.fate("immutable") == ("equivalent", None)


def test_settings_without_effect_on_what_is_deployed(tmp_path: Path) -> None:
    keys = ("depth", "forceHttpBasicAuth", "webhookManifestCacheWarmDisabled", "enableOCI")
    login = repository(URL, **dict.fromkeys(keys, "1"), **LOGIN)
    result = to_flux(tmp_path, login, app(URL))
    assert {result.fate(f"stringData.{key}") for key in keys} == {("equivalent", None)}


# --- Secrets that other objects make


def test_an_external_secret_is_referred_to(tmp_path: Path) -> None:
    made = external("template", url=URL, **login("{{ .USER }}", "{{ .TOKEN }}"))
    result = to_flux(tmp_path, made, app(URL))
    assert result.spec("GitRepository")["secretRef"] == {"name": "shop-repo"}
    assert result.all("Secret") == []
    assert result.fate("spec.target.name") == ("manual", "A2F-SEC-013")
    text = result.text("A2F-SEC-013")
    assert "Secret flux-system/shop-repo" in text
    assert text.endswith("keys that differ: none")


def test_the_keys_that_an_external_secret_has_to_rename(tmp_path: Path) -> None:
    made = external("template", url=SSH, sshPrivateKey="{{ .KEY }}")
    result = to_flux(tmp_path, made, app(SSH))
    text = result.text("A2F-SEC-013")
    assert text.endswith("keys that differ: `known_hosts` added, `sshPrivateKey` named `identity`")


def test_an_external_secret_of_an_unknown_repository(tmp_path: Path) -> None:
    made = external("object")
    result = to_flux(tmp_path, made, app(URL))
    assert result.fate("spec.target.name") == ("manual", "A2F-SEC-014")
    assert "secretRef" not in result.spec("GitRepository")


def test_an_external_secret_that_fetches_every_key(tmp_path: Path) -> None:
    made = external("template", url=URL)
    made["spec"]["target"]["template"]["mergePolicy"] = "Merge"
    made["spec"] |= {"data": [], "dataFrom": [{"extract": {"key": "shop"}}]}
    result = to_flux(tmp_path, made, app(URL))
    assert result.spec("GitRepository")["secretRef"] == {"name": "shop-repo"}
    assert "those that it fetches" in result.text("A2F-SEC-013")


def test_an_external_secret_without_a_login(tmp_path: Path) -> None:
    result = to_flux(tmp_path, external("template", url=URL, name="{{ .NAME }}"), app(URL))
    assert "secretRef" not in result.spec("GitRepository")
    assert result.outcome("made")[0] == "converted"


def test_a_sealed_secret(tmp_path: Path) -> None:
    labels = {"argocd.argoproj.io/secret-type": "repo-creds"}
    made = {
        "apiVersion": "bitnami.com/v1alpha1",
        "kind": "SealedSecret",
        "metadata": {"name": "sealed", "namespace": "argocd"},
        "spec": {
            "encryptedData": {"password": "Ag==", "username": "Ag=="},
            "template": {"metadata": {"labels": labels}, "data": {"url": "https://git.acme.io"}},
        },
    }
    result = to_flux(tmp_path, made, app(URL), include=True)
    assert result.spec("GitRepository")["secretRef"] == {"name": "sealed"}
    assert result.fate("spec.encryptedData.password") == ("manual", "A2F-SEC-013")


def test_a_secret_encrypted_with_sops(tmp_path: Path) -> None:
    made = repository(URL, **login("ENC[AES256_GCM,data:x]", "ENC[AES256_GCM,data:y]"))
    made["sops"] = {"age": [{"recipient": "age1"}], "mac": "ENC[x]"}
    result = to_flux(tmp_path, made, app(URL), include=True)
    assert result.spec("GitRepository")["secretRef"] == {"name": "s"}
    assert result.all("Secret") == []
    assert result.fate("stringData.password") == ("manual", "A2F-SEC-013")
    assert result.fate("sops.mac") == ("equivalent", None)
    hidden = repository("ENC[AES256_GCM,data:z]", **LOGIN) | {"sops": {"mac": "ENC[x]"}}
    assert to_flux(tmp_path, hidden, app(URL)).fate("stringData.url") == ("manual", "A2F-SEC-014")


def test_other_external_secrets_are_not_ours(tmp_path: Path) -> None:
    other = external("template")
    other["spec"]["target"]["template"]["metadata"] = {"labels": {"a": "b"}}
    result = to_flux(tmp_path, other, app(URL))
    assert [o.resource.ref.kind for o in result.conversion.outcomes] == ["Application"]
