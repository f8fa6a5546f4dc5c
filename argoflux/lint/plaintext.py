"""Whether a text is a secret in the open: judged by its key, its shape, and what it is not.

No function here returns a part of a value. Marks of what is filled in or decrypted later:
getsops/sops (``ENC[``), argoproj-labs/argocd-vault-plugin:docs (``<path:…>``), helmfile/vals
(``ref+``), bank-vaults (``vault:``), 1Password (``op://``).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

from argoflux.workspace.classify import has_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator

Judgement = Literal["", "default", "secret"]
"""Nothing, a value that everybody knows, or a secret."""

_WORDS = re.compile(
    r"(?:\A|_)(?:(?P<password>password|passwd|passphrase|pgpassword)|(?P<other>(?:(?:access|auth|bot|api|bearer|refresh)_)?token"
    r"|api_?key|private_?key|secret_?(?:access_?)?key|client_?secret|app_?secret|webhook_?secret|shared_?secret"
    r"|cookie_?secret|jwt_?secret|hmac_?secret|session_?secret|auth_?secret|connection_?string|encryption_?key|signing_?key"
    r"|dockerconfigjson|secret|credentials?))\Z"
)
_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_LATER = re.compile(
    r"\AENC\[|\A<|>\Z|\A(?:ref\+|vault:|op://|secret://|arn:aws:|projects/|env:|file:)|\$\(|\A[$%@*?#]|\bsops\b"
    r"|\A\(\(|\A\[\[|__\w+__|\.\.\.",
)
_INVENTED = re.compile(
    r"(?i)example|dummy|fake|placeholder|sample|redacted|todo|fixme|xxx|insert|replace|your|\*\*\*|omitted|unused"
    r"|\Anone\Z|\Anull\Z|\An/?a\Z|\Atrue\Z|\Afalse\Z|\Adisabled\Z|not[-_ ]?a[-_ ]?(?:real|secret)|lorem|foobar|\Afoo|\Abar\Z|\Atest"
    r"|mysecret|my-secret|supersecret|sometoken|mytoken|deadbeef|0123456789|\A(.)\1{5,}"
)
_DEFAULTS = re.compile(
    r"(?i)\A(?:change[-_ ]?(?:me|it|this)\w*[!]*|admin\d*|password\d*|passw0rd|root|secret|postgres|mysql|redis|rabbitmq|grafana|guest"
    r"|minio(?:123|admin)?|prom-operator|123456\d*|qwerty|letmein|user|default|keycloak|mongo(?:db)?|elastic|hunter2)\Z"
)
_PEM = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s+(?:[\w-]+: .*\s+)*([A-Za-z0-9+/=\s]{100,})"
)
_SHAPES = re.compile(
    r"(?<![\w/-])(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{40,}|glpat-[\w-]{20,}|xox[abpr]-\d[\w-]{20,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{35}|[rs]k_live_\w{20,}|AGE-SECRET-KEY-1[A-Z0-9]{50,}|hvs\.[\w-]{20,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,})(?![\w/-])"
)
_LINE = re.compile(
    r"^[ \t]*(?:export[ \t]+|-[ \t]+)?[\"']?([A-Za-z][\w.-]*)[\"']?[ \t]*(?:=|:(?=[ \t]))[ \t]*(?P<quote>[\"']?)([^\s\"'#,;]+)(?P=quote)"
    r"[ \t]*[,;]?[ \t\r]*$",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"\A(?:[a-z][a-z0-9+.-]*://|/|\./|~/)", re.IGNORECASE)
_LOGIN = re.compile(
    r"(?i)(?:://[^/\s:@]*:[^/\s@]{4,}@|\bpassword=[^;\s]{4,}|AccountKey=[\w+/]{20,})"
)
_SHORTEST, _LONG, _RANDOM, _TEXT = 4, 16, 3.2, 4096
_FEW = 6
"""Characters: shorter texts are no tokens; ones this varied, in bits per character, are random."""


def judge(key: str, value: str, *, sure: bool = False) -> Judgement:
    """What a value under a key is; ``sure`` where its place says that it is confidential."""
    text = value.strip()
    if not text or has_placeholder(text) or _LATER.search(text[:_TEXT]):
        return ""
    if has_shape(text):
        return "secret"
    found = _WORDS.search("_".join(_BOUNDARY.split(key)).lower().strip("_"))
    if found is None or any(char.isspace() for char in text):
        return ""
    if _DEFAULTS.match(text):
        return "default" if found["password"] or sure else ""
    if _INVENTED.search(text) or (text.isdigit() and len(text) < _FEW):
        return ""
    if _ADDRESS.match(text):
        return "secret" if _LOGIN.search(text) else ""
    if found["password"]:
        return "secret" if len(text) >= _SHORTEST and not _is_reference(text) else ""
    if found["other"].startswith(("connection", "credential", "dockerconfig")):
        return "secret" if _LOGIN.search(text) or _is_random(text) else ""
    return "secret" if _is_random(text) or (sure and len(text) >= _FEW) else ""


def judge_lines(text: str) -> Judgement:
    """The gravest judgement of the settings (``key: value``, ``key=value``) in a text."""
    if has_shape(text):
        return "secret"
    found = {judge(match[1], match[3]) for match in _LINE.finditer(text)}
    return "secret" if "secret" in found else "default" if "default" in found else ""


def has_shape(text: str) -> bool:
    """Whether a text holds a private key or a token that its form gives away."""
    key = _PEM.search(text)
    if key is not None and len(set(key[1])) > _LONG:
        return True
    return any(not _INVENTED.search(found[0]) for found in _SHAPES.finditer(text))


def _is_reference(text: str) -> bool:
    """Whether a password looks like the name of a Secret or of a key in one."""
    return (
        re.fullmatch(r"[a-z0-9.-]*(?:secret|password|credentials?|creds|key)s?", text) is not None
    )


def _is_random(text: str) -> bool:
    if len(text) < _LONG or not re.fullmatch(r"[\w+/=.~!@%^&*-]+", text):
        return False
    if not (re.search(r"\d", text) and re.search(r"[A-Za-z]", text)):
        return False
    counted = Counter(text).values()
    entropy = -sum(n / len(text) * math.log2(n / len(text)) for n in counted)
    return entropy > _RANDOM and not re.fullmatch(r"[a-z]+(?:[-.][a-z0-9]+)+", text)


def settings(
    node: object, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """Every text below a value with its path and key; ``{name: x, value: y}`` has the key ``x``."""
    if isinstance(node, dict):
        name = node.get("name")
        named = isinstance(name, str) and isinstance(node.get("value"), str)
        for key, value in node.items():
            if isinstance(value, str):
                shown = str(name) if named and key == "value" else str(key)
                yield (*path, key), shown, value
            else:
                yield from settings(value, (*path, key))
    elif isinstance(node, list):
        for number, item in enumerate(node):
            yield from settings(item, (*path, number))
