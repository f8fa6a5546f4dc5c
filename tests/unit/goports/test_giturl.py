"""Repository URLs against vectors of Go's net/url and argo-cd:util/git/git_test.go."""

import pytest

from argoflux.goports.giturl import (
    GitUrl,
    GitUrlError,
    basename,
    flux_accepts,
    has_credentials,
    normalize_git_url,
    parse,
    repository_key,
    same_repository,
    strip_credentials,
    to_ssh_url,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://GitHub.com/Org/Repo.git", "https://github.com/org/repo"),
        ("https://github.com/org/repo/", "https://github.com/org/repo/"),
        ("https://github.com/org/repo.git/", "https://github.com/org/repo.git/"),
        (" https://github.com/org/repo \n", "https://github.com/org/repo"),
        ("git@github.com:org/repo.git", "git@github.com/org/repo"),
        ("ssh://git@github.com/org/repo.git", "git@github.com/org/repo"),
        ("ssh://git@host:2222/org/repo.git", "git@host:2222/org/repo"),
        pytest.param("git@host:2222/org/repo", "git@host/2222/org/repo", id="scp-has-no-port"),
        ("user@corp.example@host:org/repo", "user%40corp.example@host/org/repo"),
        ("https://github.com:443/org/repo", "https://github.com:443/org/repo"),
        ("https://u:p@host/org/repo", "https://u:p@host/org/repo"),
        ("https://host/a b", "https://host/a%20b"),
        ("https://host/a%20b", "https://host/a%20b"),
        ("https://host/a%2Fb", "https://host/a%2fb"),
        ("https://host/r?x=1#f", "https://host/r?x=1#f"),
        ("https://[::1]:8/r", "https://[::1]:8/r"),
        ("oci://Registry.example/x", "oci://registry.example/x"),
        ("file:///srv/x.git", "file:///srv/x"),
        ("file:/srv/x", "file:/srv/x"),
        ("/srv/x.git", "/srv/x"),
        ("mailto:x", "mailto:x"),
        ("https://host/x?", "https://host/x?"),
        ("*", "*"),
        ("", ""),
        pytest.param("ssh://git@github.com:org/repo", "", id="ssh-with-a-colon-path-is-invalid"),
        pytest.param("https://host:port/x", "", id="port-is-not-a-number"),
        pytest.param("https://host/%zz", "", id="bad-escape"),
        pytest.param("https://a b/x", "", id="space-in-the-host"),
        pytest.param("https://h%41/x", "", id="needless-escape-in-the-host"),
        pytest.param("https://[::1/x", "", id="open-bracket"),
        pytest.param("https://[1.2.3.4]/x", "", id="bracketed-ipv4"),
        pytest.param("https://[::1]x/x", "", id="junk-after-the-bracket"),
        pytest.param("https://u^@host/x", "", id="bad-user-character"),
        pytest.param("host:org/repo", "host:org/repo", id="scp-without-user-is-opaque"),
        pytest.param("1host:org/repo", "", id="colon-in-a-relative-path"),
        pytest.param(":x", "", id="empty-scheme"),
        pytest.param("https://host/a\x01b", "", id="control-character"),
    ],
)
def test_normalize_git_url(url: str, expected: str) -> None:
    assert normalize_git_url(url) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("git@GITHUB.com:org/test", "git@github.com:org/test.git"),
        ("ssh://git@GITHUB.com/org/test", "git@github.com:org/test.git"),
        ("ssh://git@github.com/test", "git@github.com:test.git"),
        ("https://GITHUB.com/org/test", "https://github.com/org/test.git"),
        ("https://github.com:4443/TEST", "https://github.com:4443/test.git"),
        ("\thttps://github.com/org/test\n", "https://github.com/org/test.git"),
        ("https://dev.azure.com/1/p/_git/r", "https://dev.azure.com/1/p/_git/r"),
        ("ssh://git@host:org/x", "ssh://git@host:org/x"),
    ],
)
def test_same_repository(left: str, right: str) -> None:
    assert same_repository(left, right)
    assert repository_key(left) == repository_key(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("https://github.com/org/test", "git@github.com:org/test"),
        ("https://github.com/org/test", "https://github.com/org/test/"),
        ("https://github.com/org/test", "http://github.com/org/test"),
        ("ssh://git@host/x", "ssh://git@host:22/x"),
        ("ssh://git@host:org/x", "ssh://git@host:ORG/x"),
        ("", ""),
    ],
)
def test_other_repositories(left: str, right: str) -> None:
    """Schemes, default ports and trailing slashes make different repositories in Argo CD."""
    assert not same_repository(left, right)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "https://u:p%40w@Host:8443/Org/x.git",
            GitUrl("https", "u", "p%40w", "Host", 8443, "/Org/x.git"),
        ),
        ("https://host/x", GitUrl("https", host="host", path="/x")),
        ("ssh://git@host:2222/x", GitUrl("ssh", "git", "", "host", 2222, "/x")),
        ("ssh://[::1]:22/x", GitUrl("ssh", host="[::1]", port=22, path="/x")),
        ("ssh://[::1]/x", GitUrl("ssh", host="[::1]", path="/x")),
        ("https://host:/x", GitUrl("https", host="host", path="/x")),
        ("HTTPS://host", GitUrl("https", host="host")),
        ("git@host:org/x.git", GitUrl("ssh", "git", "", "host", None, "org/x.git", is_scp=True)),
        ("git@host:2222/x", GitUrl("ssh", "git", "", "host", None, "2222/x", is_scp=True)),
        ("host:org/x", GitUrl("ssh", "", "", "host", None, "org/x", is_scp=True)),
        ("../charts", GitUrl(path="../charts")),
        ("file:///srv/x", GitUrl("file", path="/srv/x")),
    ],
)
def test_parse(url: str, expected: GitUrl) -> None:
    assert parse(url) == expected


def test_parse_refuses_a_port_that_is_no_number() -> None:
    with pytest.raises(GitUrlError, match="'org'"):
        parse("ssh://git@host:org/repo")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git@host:org/repo.git", "ssh://git@host/org/repo.git"),
        ("git@host:2222/org/repo", "ssh://git@host/2222/org/repo"),
        ("git@host:/srv/repo", "ssh://git@host/srv/repo"),
        ("host:org/repo", "ssh://host/org/repo"),
        (" git@host:org/repo ", "ssh://git@host/org/repo"),
        ("ssh://git@host/org/repo", "ssh://git@host/org/repo"),
        ("https://host/org/repo", "https://host/org/repo"),
        ("./local", "./local"),
    ],
)
def test_to_ssh_url(url: str, expected: str) -> None:
    assert to_ssh_url(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://u:p@host/x", "https://host/x"),
        ("https://token@host/x", "https://host/x"),
        ("https://u:p@ss@host/x", "https://host/x"),
        pytest.param(
            "https://u:p/w@host/x", "https://host/x", id="unescaped-slash-in-the-password"
        ),
        ("ssh://git:p@host:22/x", "ssh://git@host:22/x"),
        ("oci://u:p@host/x", "oci://u@host/x"),
    ],
)
def test_credentials_are_found_and_stripped(url: str, expected: str) -> None:
    assert has_credentials(url)
    assert strip_credentials(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "https://host/x",
        "https://host:8443/x@v1",
        "https://host/a@b/c",
        "https://[::1]:8/x@1",
        "ssh://git@host/x",
        "git@host:org/x",
        "./a@b",
        "",
    ],
)
def test_urls_without_credentials_stay(url: str) -> None:
    assert not has_credentials(url)
    assert strip_credentials(url) == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://github.com/Org/Repo.git", "Repo"),
        ("https://github.com/org/repo/", "repo"),
        ("git@host:org/repo.git", "repo"),
        ("git@host:repo", "repo"),
        ("ssh://git@host:22/repo.git", "repo"),
        ("https://dev.azure.com/o/p/_git/My%20Repo", "My%20Repo"),
        ("https://host/x.git?ref=main", "x"),
        ("https://host", ""),
        ("./charts/app", "app"),
    ],
)
def test_basename(url: str, expected: str) -> None:
    assert basename(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host/x", True),
        ("http://host/x", True),
        ("ssh://git@host/x", True),
        ("git@host:org/x", False),
        ("git://host/x", False),
        ("file:///x", False),
        ("HTTPS://host/x", False),
        ("oci://host/x", False),
    ],
)
def test_flux_accepts(url: str, *, expected: bool) -> None:
    assert flux_accepts(url) is expected
