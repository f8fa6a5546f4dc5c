"""Go templates as the ApplicationSet controller runs them; the only importer of gotpl.

Facts: argo-cd:applicationset/utils/utils.go (functions, options), utils/template_functions.go,
gosimple/slug:slug.go. Parameters come from files of other people: attributes of Python objects are
out of reach, and time and size are bounded.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from argoflux.argocd.appset.dns_names import normalize
from argoflux.argocd.appset.govalues import Texts, read_numbers
from argoflux.argocd.appset.problems import AbsentError, ChangingError, TemplateError
from argoflux.argocd.appset.template_limits import LONGEST_LIST, LONGEST_TEXT, bounded
from argoflux.text import SourceFile
from argoflux.yamlio.dump import dump
from argoflux.yamlio.load import load_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gotpl import Environment, Template

_REMOVED = ("env", "expandenv", "getHostByName")
_CHANGING = frozenset(
    {
        "ago",
        "bcrypt",
        "buildCustomCert",
        "encryptAES",
        "genCA",
        "genCAWithKey",
        "genPrivateKey",
        "genSelfSignedCert",
        "genSelfSignedCertWithKey",
        "genSignedCert",
        "genSignedCertWithKey",
        "htpasswd",
        "now",
        "randAlpha",
        "randAlphaNum",
        "randAscii",
        "randBytes",
        "randInt",
        "randNumeric",
        "shuffle",
        "uuidv4",
    }
)
"""Functions of Sprig with another result every time."""

_JSON = (
    "mustToJson",
    "mustToPrettyJson",
    "mustToRawJson",
    "toJson",
    "toPrettyJson",
    "toRawJson",
    "empty",
    "default",
    "coalesce",
)
"""Functions that take any value; maps of texts are plain maps to them."""

_MAPS = (
    "dig",
    "get",
    "hasKey",
    "keys",
    "merge",
    "mergeOverwrite",
    "mustMerge",
    "mustMergeOverwrite",
    "omit",
    "pick",
    "pluck",
    "set",
    "unset",
    "values",
)
"""Functions that Go lets take maps of anything only: labels and ``values`` are maps of texts."""

_VERSION_PARTS = ("Major", "Minor", "Patch", "Prerelease", "Metadata")
"""The one Python object whose attributes templates may read: what ``semver`` answers with."""

_ABSENT = re.compile(r"missing key or attribute '([^']*)'|attribute '([^']*)' is not allowed")
_PLACE = re.compile(r"^template:(?: template)?:?\d+:\d+: |executing \"[^\"]*\": ")

_MISSING = {"default": "default", "invalid": "default", "zero": "zero", "error": "error"}
_SLUG_LIMIT = 50
_INT64 = 2.0**63
_DEPTH, _CALLS = 50, 20_000

_FAILURES = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What functions of the template library raise beside its own errors."""


def execute(text: str, params: Mapping[str, Any], options: Sequence[str]) -> str:
    """The text of a Go template; raises TemplateError, and ChangingError for ``now`` and its like."""
    from gotpl import TemplateError as EngineError

    try:
        return _compile(text, _missing_key(options)).render(_for_go(params))
    except (EngineError, *_FAILURES) as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, TemplateError):
                raise cause from None
            cause = cause.__cause__ or cause.__context__
        raise _problem(error) from None


def _problem(error: BaseException) -> TemplateError:
    """The engine's error in words, without the place it gives, which is one inside the text."""
    text = str(error) or type(error).__name__
    absent = _ABSENT.search(text)
    if absent is not None:
        return AbsentError(f"there is no `{absent[1] or absent[2]}` among its parameters")
    return TemplateError(_PLACE.sub("", text).strip().rstrip("."))


def _missing_key(options: Sequence[str]) -> str:
    """What an absent key is; the last option counts (Go's text/template/option.go)."""
    found = "default"
    for option in options:
        name, _, value = str(option).partition("=")
        if name != "missingkey" or value not in _MISSING:
            raise TemplateError(f"`{option}` is no option of Go templates")
        found = _MISSING[value]
    return found


@lru_cache(maxsize=2048)
def _compile(text: str, missing: str) -> Template:
    return _environment(missing).from_string(text)


@cache
def _environment(missing: str) -> Environment:
    from gotpl import Environment, ExecutionBudget, SandboxPolicy

    functions = _functions()
    budget = ExecutionBudget(
        max_output_chars=LONGEST_TEXT,
        max_iterations=LONGEST_LIST,
        max_template_depth=_DEPTH,
        max_function_calls=_CALLS,
    )
    sandbox = SandboxPolicy.strict(
        allow_functions=functions,
        allow_attributes=_VERSION_PARTS,
        allow_methods=_VERSION_PARTS,
        default_budget=budget,
    )
    mode: Any = missing
    return Environment(functions=functions, missing_key=mode, sandbox=sandbox, budget=budget)


@cache
def _functions() -> dict[str, Callable[..., Any]]:
    from gotpl.funcs.sprig import generic_func_map
    from gotpl.runtime.gofmt import sprintf

    found: dict[str, Callable[..., Any]] = bounded({**generic_func_map(), "printf": sprintf})
    for name in _REMOVED:
        found.pop(name, None)
    for name in _CHANGING & found.keys():
        found[name] = _changing(name)
    for name in _JSON:
        found[name] = _plain_arguments(found[name])
    for name in _MAPS:
        found[name] = _without_texts(name, found[name])
    found |= {
        "eq": equal,
        "ne": lambda first, other: not equal(first, other),
        "toString": _to_string(found["toString"]),
        "normalize": normalize,
        "slugify": slugify,
        "toYaml": to_yaml,
        "fromYaml": from_yaml,
        "fromYamlArray": from_yaml_array,
    }
    return found


def _changing(name: str) -> Callable[..., Any]:
    def refuse(*_values: Any) -> Any:
        raise ChangingError(f"`{name}` gives another result every time")

    return refuse


def _without_texts(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    from gotpl import TypedMap

    def call(*values: Any) -> Any:
        if any(isinstance(value, TypedMap) for value in values):
            raise TemplateError(f"`{name}` takes no map of texts, such as labels or `values`")
        return function(*values)

    return call


def _plain_arguments(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*values: Any) -> Any:
        return function(*map(_from_go, values))

    return call


def _to_string(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(value: Any) -> Any:
        return "<nil>" if _is_nothing(value) else function(value)

    return call


def equal(first: Any, *others: Any) -> bool:
    """Go's ``eq``: nothing equals nothing only, and other values those of their own type."""
    if not others:
        raise TemplateError("`eq` and `ne` compare at least two values")
    return any(_equal_pair(first, other) for other in others)


def _equal_pair(first: Any, other: Any) -> bool:
    if _is_nothing(first) or _is_nothing(other):
        return _is_nothing(first) and _is_nothing(other)
    if type(first) is not type(other):
        raise TemplateError("incompatible types for comparison")
    if not isinstance(first, bool | int | float | str):
        raise TemplateError("values that cannot be compared")
    return bool(first == other)


def _is_nothing(value: Any) -> bool:
    from gotpl.runtime.values import INVALID, UNTYPED_NIL

    return value is None or value is INVALID or value is UNTYPED_NIL


def _for_go(value: Any) -> Any:
    """The value as the engine wants it: maps of texts know their zero value."""
    if isinstance(value, Texts):
        from gotpl import TypedMap

        return TypedMap(dict(value), "", "string", "string")
    if isinstance(value, dict):
        return {key: _for_go(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_for_go(item) for item in value]
    return value


def _from_go(value: Any) -> Any:
    from gotpl import TypedMap

    return dict(value.data) if isinstance(value, TypedMap) else value


def slugify(*values: Any) -> str:
    """A short word for URLs: ``slugify [length [whole words]] name``, by default 50 and true."""
    if not values:
        return ""
    *settings, name = values
    limit: Any = _SLUG_LIMIT
    whole: Any = True
    if settings:
        limit = settings[0]
    if len(settings) > 1:
        whole = settings[1]
    wrong = not isinstance(name, str) or not isinstance(whole, bool)
    if wrong or not isinstance(limit, int) or isinstance(limit, bool):
        raise TemplateError("`slugify` takes a whole number, true or false, and a text")
    word = normalize(name)
    if not whole and len(word) >= limit:
        word = word[:limit]
    word = re.sub(r"[.-]+", "-", word).strip("-")
    return _truncated(word, limit) if whole and limit > 0 else word


def _truncated(word: str, limit: int) -> str:
    """As many whole words as fit; the first one is cut when it does not fit alone."""
    if len(word) <= limit:
        return word
    cut = word.rfind("-", 0, limit + 1)
    return word[:limit] if cut < 0 else word[:cut]


def to_yaml(value: Any) -> str:
    """YAML without the last line break, keys sorted, as sigs.k8s.io/yaml writes it."""
    return dump(_sorted(_from_go(value))).removesuffix("\n")


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(_from_go(item)) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_sorted(_from_go(item)) for item in value]
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _INT64
    return int(value) if whole else value


def from_yaml(text: str) -> dict[str, Any]:
    """The map that a YAML text holds; an empty text is an empty map."""
    value = read_yaml(text)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TemplateError("`fromYaml` needs a map")
    return dict(value)


def from_yaml_array(text: str) -> list[Any]:
    """The list that a YAML text holds; an empty text is an empty list."""
    value = read_yaml(text)
    if value is None:
        return []
    if not isinstance(value, list):
        raise TemplateError("`fromYamlArray` needs a list")
    return list(value)


def read_yaml(text: str) -> Any:
    """The first document of a text with every number as a float; raises TemplateError."""
    loaded = load_text(SourceFile("text", text))
    broken = [finding for finding in loaded.findings if finding.code != "AF002"]
    if broken:
        raise TemplateError(f"the text is no YAML: {broken[0].message}")
    return read_numbers(loaded.documents[0].body) if loaded.documents else None
