"""``replacements`` of kustomize: values of one object copied into others.

Facts: kubernetes-sigs/kustomize:api/filters/replacement/replacement.go, kyaml/yaml/match.go (PathMatcher),
kyaml/utils/pathsplitter.go. What kustomize refuses, and what it alone could tell, raises ReplacementError.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argoflux.workspace.selectors import SelectorError, parse_target, pattern_of
from argoflux.yamlio.scalars import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from argoflux.workspace.selectors import Identity, Target
    from argoflux.workspace.transform import Item

DEFAULT_PATH = "metadata.name"

_LIST_ENTRY = re.compile(r"\[([^=\]]*)=(.*)\]\Z", re.DOTALL)
_FIELDS = ("group", "version", "kind", "name", "namespace")


class ReplacementError(ValueError):
    """A replacement that cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class _Options:
    """How a part of a text is taken or set."""

    delimiter: str = ""
    index: int = 0
    create: bool = False


def apply_replacement(items: Sequence[Item], replacement: Any) -> list[Item]:
    """The items after one entry of ``replacements``; raises ReplacementError."""
    if not isinstance(replacement, dict):
        raise ReplacementError("it cannot be read")
    source, targets = replacement.get("source"), replacement.get("targets")
    literal = replacement.get("sourceValue")
    if not isinstance(targets, list) or isinstance(source, dict) == (literal is not None):
        raise ReplacementError("a replacement needs one source and at least one target")
    value = literal if literal is not None else _source_value(items, source)
    for target in targets:
        items = _into(items, target, value)
    return list(items)


def _source_value(items: Iterable[Item], source: Any) -> Any:
    found = [item for item in items if any(_is_named(each, source) for each in _ids(item))]
    if len(found) != 1:
        count = "no object" if not found else f"{len(found)} objects"
        raise ReplacementError(f"{count} of the build is its source")
    if not found[0].certain:
        raise ReplacementError("its source may be changed by an edit that is not followed")
    value: Any = found[0].body
    steps = split_path(str(source.get("fieldPath") or DEFAULT_PATH))
    for step in steps:
        value = _child(value, step)
    if value is None or value in ("", [], {}):
        raise ReplacementError(f"`{'.'.join(steps)}` of its source is empty")
    options = _options(source.get("options"))
    if not options.delimiter:
        return value
    parts = _scalar_text(value).split(options.delimiter)
    if not 0 <= options.index < len(parts):
        raise ReplacementError(f"its source has no part {options.index}")
    return parts[options.index]


def _ids(item: Item) -> tuple[Identity, ...]:
    return (item.identity, item.original, *item.earlier)


def _is_named(identity: Identity, source: Mapping[str, Any]) -> bool:
    for field in _FIELDS:
        wanted, given = str(source.get(field) or ""), getattr(identity, field)
        if field == "namespace":
            given = given or ("default" if wanted else "")
        if wanted and wanted != given:
            return False
    return True


def _into(items: Sequence[Item], target: Any, value: Any) -> list[Item]:
    """The items with the value set wherever one target says."""
    select = target.get("select") if isinstance(target, dict) else None
    if not isinstance(select, dict):
        raise ReplacementError("a target of a replacement selects nothing")
    try:
        wanted = parse_target(select)
        stated = [one for one in target.get("reject") or [] if isinstance(one, dict)]
        rejected = [(parse_target(one), one) for one in stated]
    except SelectorError as error:
        raise ReplacementError(str(error)) from error
    paths = [str(one) for one in target.get("fieldPaths") or [DEFAULT_PATH]]
    options = _options(target.get("options"))
    out = []
    for item in items:
        if _takes(wanted, select, item) and not any(
            _takes(one, said, item) for one, said in rejected
        ):
            body = item.body
            for path in paths:
                body, hits = _set(body, split_path(path), value, options)
                if not hits:
                    raise ReplacementError(
                        f"`{path}` is not in {item.identity.kind} {item.identity.name}"
                    )
            out.append(item.with_body(body))
        else:
            out.append(item)
    return out


def _takes(target: Target, stated: Mapping[str, Any], item: Item) -> bool:
    """Whether a target means an object for sure; releases of kustomize differ on patterns here."""
    if not _selects(target, item):
        return False
    if any(_is_named(one, stated) for one in _ids(item)):
        return True
    raise ReplacementError("releases of kustomize differ on patterns in `select`; name the object")


def _selects(target: Target, item: Item) -> bool:
    """Whether a target means an object, by an identity that it has or had."""
    return any(target.matches(one, one, item.labels, item.annotations) for one in _ids(item))


def may_change(item: Item, replacement: Any) -> bool:
    """Whether a replacement that could not be made might have changed an object."""
    targets = replacement.get("targets") if isinstance(replacement, dict) else None
    for target in targets if isinstance(targets, list) else ({},):
        select = target.get("select") if isinstance(target, dict) else None
        try:
            wanted = parse_target(select if isinstance(select, dict) else {})
        except SelectorError:
            return True
        if _selects(wanted, item):
            return True
    return False


def _options(stated: Any) -> _Options:
    if not isinstance(stated, dict):
        return _Options()
    index = stated.get("index")
    return _Options(
        delimiter=str(stated.get("delimiter") or ""),
        index=index if isinstance(index, int) else 0,
        create=stated.get("create") is True,
    )


def split_path(text: str) -> list[str]:
    """Split ``spec.containers.[name=a.b].image`` at dots outside of brackets.

    A dot behind a backslash is part of a key.
    A key in brackets without ``=`` (``[example.com/x]``) is a plain key.
    """
    steps: list[str] = []
    current, depth, at = "", 0, 0
    while at < len(text):
        char = text[at]
        if char == "\\" and text[at + 1 : at + 2] == ".":
            current, at = current + ".", at + 2
            continue
        depth += (char == "[") - (char == "]")
        if char == "." and depth == 0:
            steps.append(current)
            current = ""
        else:
            current += char
        at += 1
    steps.append(current)
    return [_plain_key(step.strip()) for step in steps if step.strip()]


def _plain_key(step: str) -> str:
    bracketed = step.startswith("[") and step.endswith("]") and "=" not in step
    return step[1:-1] if bracketed else step


def _child(value: Any, step: str) -> Any:
    """The value below one step of a source's path, None where there is none."""
    if isinstance(value, dict):
        return value.get(step)
    if not isinstance(value, list):
        return None
    if step.isdigit():
        return value[int(step)] if int(step) < len(value) else None
    entry = _LIST_ENTRY.match(step)
    found = [one for one in value if entry is not None and _is_entry(one, entry)]
    return found[0] if found else None


def _is_entry(value: Any, entry: re.Match[str]) -> bool:
    """Whether a list item has the value; compared as a regular expression, not anchored."""
    field, pattern = entry.groups()
    given = value.get(field) if field and isinstance(value, dict) else value if not field else None
    if given is None:
        return False
    if isinstance(given, dict | list):
        raise ReplacementError("an item of a list is picked by a value that is no text")
    try:
        return pattern_of(pattern).search(_scalar_text(given)) is not None
    except SelectorError as error:
        raise ReplacementError(str(error)) from error


def _set(node: Any, steps: Sequence[str], value: Any, options: _Options) -> tuple[Any, int]:
    """A copy of ``node`` with the value at every place that the steps lead to, and their number."""
    if not steps:
        return _replaced(node, value, options), 1
    step, rest = steps[0], steps[1:]
    if isinstance(node, list):
        return _set_in_list(node, step, rest, value, options)
    if not isinstance(node, dict):
        raise ReplacementError(f"`{step}` stands below a value that is neither map nor list")
    if step == "*":
        raise ReplacementError("`*` stands for the items of a list, and there is a map")
    if step not in node and not options.create:
        return node, 0
    below = node[step] if step in node else _made(rest, value)
    new, hits = _set(below, rest, value, options)
    return {**node, step: new}, hits


def _made(rest: Sequence[str], value: Any) -> Any:
    """What is created for a step that is missing."""
    if not rest:
        return value
    return [] if rest[0].isdigit() or _LIST_ENTRY.match(rest[0]) or rest[0] == "*" else {}


def _set_in_list(
    node: list[Any], step: str, rest: Sequence[str], value: Any, options: _Options
) -> tuple[Any, int]:
    entry = _LIST_ENTRY.match(step)
    items = list(node)
    if step == "*":
        chosen = list(range(len(items)))
    elif step.isdigit():
        if int(step) == len(items) and options.create:
            items.append(_made(rest, value))
        if int(step) >= len(items):
            raise ReplacementError(f"there is no item {step} in the list")
        chosen = [int(step)]
    elif entry is not None:
        chosen = [n for n, one in enumerate(items) if _is_entry(one, entry)]
        if not chosen and options.create:
            items.append({entry[1]: entry[2]} if entry[1] else entry[2])
            chosen = [len(items) - 1]
    else:
        raise ReplacementError(f"`{step}` is no item of a list")
    total = 0
    for number in chosen:
        items[number], hits = _set(items[number], rest, value, options)
        total += hits
    return items, total


def _replaced(old: Any, value: Any, options: _Options) -> Any:
    """The value as it stands in the place of another one.

    A scalar keeps the type of the place: a text stays a text, a number takes numbers only.
    """
    if options.delimiter:
        if isinstance(old, dict | list) or isinstance(value, dict | list):
            raise ReplacementError("a delimiter splits texts only")
        parts = _scalar_text(old).split(options.delimiter)
        text = _scalar_text(value)
        if options.index < 0:
            parts.insert(0, text)
        elif options.index >= len(parts):
            parts.append(text)
        else:
            parts[options.index] = text
        return options.delimiter.join(parts)
    if isinstance(old, dict | list) or isinstance(value, dict | list) or old is None:
        return value
    text = _scalar_text(value)
    if isinstance(old, str):
        return text
    new = resolve(text, "kustomize")
    if type(new) is not type(old):
        raise ReplacementError("a number or boolean takes no value of another type")
    return new


def _scalar_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
