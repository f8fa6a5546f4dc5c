"""docs/rules/: a page per rule and an index."""

from __future__ import annotations

from argoflux.devtools.tables import code, table
from argoflux.lint.registry import FAMILIES, RulePage, rule_names, rule_page

_INTRODUCTION = """\
# Rules of lint

`argoflux lint` runs these rules; `argoflux rule CODE` prints the same pages. The column `fix` says what can be mended: `safe` by `--fix`,
`unsafe` by `--unsafe-fixes`. `# argoflux: ignore[CODE] reason` accepts a finding of its line.
"""
_TITLES = {
    "loading": "Loading",
    "schema": "Schema and API versions",
    "references": "References and ownership",
    "argocd": "Argo CD",
    "flux": "Flux",
    "security": "Security and tenancy",
    "portability": "Portability",
    "operations": "Operations",
    "engine": "The engine itself",
}


def rule_pages() -> dict[str, str]:
    """The text of every page by its path."""
    pages = [rule_page(name.code) for name in rule_names()]
    found = {f"docs/rules/{page.code}.md": _page(page) for page in pages}
    parts = [_INTRODUCTION]
    for family in FAMILIES.values():
        rows = [_row(page) for page in pages if page.tags[0] == family]
        if rows:
            parts.append(f"## {_TITLES[family]}\n")
            parts.append(table(("rule", "severity", "fix", "finds"), rows))
    found["docs/rules/README.md"] = "\n".join(parts)
    return found


def _row(page: RulePage) -> tuple[str, ...]:
    name = f"[{page.code}]({page.code}.md) {page.slug}"
    return (name, page.severity.value, page.fix if page.fix != "none" else "", page.title)


def _page(page: RulePage) -> str:
    facts = [f"*{page.severity.value}*", f"fix: {page.fix}"]
    if page.kinds:
        facts.append("about " + ", ".join(code(kind) for kind in page.kinds))
    if page.profiles:
        facts.append("only in the profiles " + ", ".join(code(name) for name in page.profiles))
    parts = [f"# {page.code} {page.slug}\n", f"{page.title}\n", f"{'; '.join(facts)}.\n"]
    parts.append(f"{page.text}\n")
    parts.append("## Examples\n")
    for example in (*page.bad, *page.good):
        word = "Bad" if example in page.bad else "Good"
        where = f" (at `{example.at}`)" if example.at else ""
        parts.append(f"{word}: {example.title}{where}\n")
        for name, text in example.texts().items():
            head = f"# {name}\n" if len(example.texts()) > 1 else ""
            parts.append(f"```yaml\n{head}{text}```\n")
        if example.fixed:
            parts.append(f"Fixed ({example.safety}):\n\n```yaml\n{example.fixed}```\n")
    if page.links:
        parts.append("## Read more\n")
        parts.append("\n".join(f"- <{link}>" for link in page.links) + "\n")
    return "\n".join(parts)
