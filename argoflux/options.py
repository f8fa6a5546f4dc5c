"""Every option of the command line, declared once.

Flags, ``ARGOFLUX_…`` variables, the keys of the config file, its JSON Schema and the documentation
derive from this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal

from argoflux.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Value = str | bool | tuple[str, ...] | None
OptionType = Literal["text", "choice", "switch", "path", "list"]

NOBODY = "default"
"""The origin of a value that nobody stated."""

_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One flag of one or more commands.

    ``commands`` is empty for a flag of every command. ``key`` is where the config file states it:
    dots go down, ``*`` stands for the name of the command, empty means that it cannot.
    A ``list`` is repeatable. ``default`` is the value when nobody says anything.
    """

    name: str
    type: OptionType
    help: str
    commands: tuple[str, ...] = ()
    short: str = ""
    metavar: str = ""
    default: Value = None
    choices: tuple[str, ...] = ()
    key: str = ""
    required: bool = False

    @property
    def flag(self) -> str:
        """The long flag, ``--output-dir``."""
        return f"--{self.name}"

    @property
    def env(self) -> str:
        """The variable of the environment, ``ARGOFLUX_OUTPUT_DIR``."""
        return "ARGOFLUX_" + self.name.replace("-", "_").upper()

    @property
    def parameter(self) -> str:
        """The name as a Python identifier, ``output_dir``."""
        return self.name.replace("-", "_")

    def config_path(self, command: str) -> tuple[str, ...]:
        """The keys that lead to this option in the config file, for one command."""
        if not self.key:
            return ()
        return tuple(command if step == "*" else step for step in self.key.split("."))

    def applies_to(self, command: str) -> bool:
        """Whether a command has this flag; a sub-command is written ``schema import``."""
        return not self.commands or command in self.commands

    def parse(self, text: str, origin: str) -> Value:
        """Read the text of a variable.

        Lists are separated by commas or line breaks. Raises UsageError that names ``origin``.
        """
        if self.type == "switch":
            return _switch(text, origin)
        if self.type == "list":
            parts = text.replace("\n", ",").split(",")
            return tuple(part.strip() for part in parts if part.strip())
        if self.type == "choice":
            self.check_choice(text, origin)
        return text

    def check_choice(self, value: str, origin: str) -> None:
        """Raise UsageError when a value is not among the choices."""
        if self.choices and value not in self.choices:
            close = get_close_matches(value, self.choices, 1)
            hint = f"did you mean `{close[0]}`?" if close else f"say {_alternatives(self.choices)}"
            shown = value if value.isprintable() else ascii(value)
            raise UsageError(f"{origin}: `{shown}` is not {_alternatives(self.choices)}", hint=hint)


PROFILES = (
    "recommended",
    "strict",
    "production",
    "multi-tenant",
    "migration-to-flux",
    "migration-to-argocd",
)
"""The profiles of lint; rules name those that they belong to."""

_IN = ("convert", "lint")
_VERSIONED = ("convert", "lint")
_OUT = ("field", "message", "rule", "version")

OPTIONS: tuple[Option, ...] = (
    # every command
    Option(
        name="config",
        type="path",
        metavar="FILE",
        help="Read this config file instead of the .argoflux.yaml found from the target upward",
    ),
    Option(name="no-config", type="switch", default=False, help="Read no config file"),
    Option(
        name="color",
        type="choice",
        choices=("auto", "always", "never"),
        default="auto",
        key="color",
        help="Colours: auto means on a terminal; NO_COLOR and FORCE_COLOR are honoured",
    ),
    Option(
        name="quiet",
        short="q",
        type="switch",
        default=False,
        key="quiet",
        help="Say nothing on stderr but errors",
    ),
    Option(
        name="verbose",
        short="v",
        type="switch",
        default=False,
        key="verbose",
        help="Say what is read and why, on stderr",
    ),
    Option(name="debug", type="switch", default=False, help="Show the trace of an error"),
    # input
    Option(
        name="filename",
        short="f",
        type="list",
        metavar="PATH",
        default=(),
        commands=_IN,
        help="A file or folder to read, like a positional PATH; - is standard input",
    ),
    Option(
        name="stdin-filename",
        type="text",
        metavar="NAME",
        default="<stdin>",
        commands=_IN,
        help="The name that reports give to standard input, e.g. apps/web.yaml",
    ),
    Option(
        name="argocd-version",
        type="text",
        metavar="VERSION",
        commands=_VERSIONED,
        key="targets.argocd",
        help="The Argo CD release that the input or output speaks, e.g. 3.5 (detected, else 3.5)",
    ),
    Option(
        name="flux-version",
        type="text",
        metavar="VERSION",
        commands=_VERSIONED,
        key="targets.flux",
        help="The Flux release that the input or output speaks, e.g. 2.9 (detected, else 2.9)",
    ),
    Option(
        name="source",
        type="list",
        metavar="REPOURL=PATH",
        default=(),
        commands=("convert",),
        key="sources",
        help="Where a local copy of a repository is: REPOURL=PATH or Kind/namespace/name=PATH",
    ),
    # convert
    Option(
        name="to",
        type="choice",
        choices=("flux", "argocd"),
        commands=("convert",),
        key="*.to",
        required=True,
        help="The system to convert to, e.g. --to flux",
    ),
    Option(
        name="output-dir",
        short="d",
        type="path",
        metavar="DIR",
        commands=("convert",),
        key="*.output-dir",
        help="Write an output tree, e.g. -d out/ (default: a YAML stream on stdout)",
    ),
    Option(
        name="report",
        type="list",
        metavar="FILE",
        default=(),
        commands=("convert",),
        key="*.report",
        help="Write a report; .json, .md or .txt chooses the format, e.g. --report report.md",
    ),
    Option(
        name="force",
        type="switch",
        default=False,
        commands=("convert",),
        key="*.force",
        help="Replace files in the output folder that argoflux did not write",
    ),
    Option(
        name="fail-on",
        type="choice",
        choices=("approximate", "none", "manual", "never"),
        default="manual",
        commands=("convert",),
        key="*.fail-on",
        help="Exit 1 when a field loses this much or more, e.g. --fail-on approximate",
    ),
    Option(
        name="control-namespace",
        type="text",
        metavar="NAMESPACE",
        commands=("convert",),
        key="*.control-namespace",
        help="Where the new Flux objects or Applications live (default: flux-system or argocd)",
    ),
    Option(
        name="deploy-path",
        type="text",
        metavar="PATH",
        commands=("convert",),
        key="*.deploy-path",
        help="Where the output folder will stand in its repository, e.g. clusters/prod (default: its path in the checkout)",
    ),
    Option(
        name="default-branch",
        type="text",
        metavar="BRANCH",
        default="main",
        commands=("convert",),
        key="*.default-branch",
        help="What HEAD means when converting to Flux, e.g. --default-branch master",
    ),
    Option(
        name="layout",
        type="choice",
        choices=("flat", "tenant"),
        default="flat",
        commands=("convert",),
        key="*.layout",
        help="One namespace for all Flux objects, or one per project",
    ),
    Option(
        name="manual-sync",
        type="choice",
        choices=("suspend", "activate"),
        default="suspend",
        commands=("convert",),
        key="*.manual-sync",
        help="Applications without automation become suspended or active",
    ),
    Option(
        name="appset",
        type="choice",
        choices=("auto", "static", "resourceset"),
        default="auto",
        commands=("convert",),
        key="*.appset",
        help="ApplicationSets become objects one by one or a ResourceSet (auto: with flux-operator)",
    ),
    Option(
        name="substitution",
        type="choice",
        choices=("static", "replacements"),
        default="static",
        commands=("convert",),
        key="*.substitution",
        help="Variables of postBuild are rendered into files, or copied by kustomize where they can be",
    ),
    Option(
        name="include-secrets",
        type="switch",
        default=False,
        commands=("convert",),
        key="*.include-secrets",
        help="Copy the values of Secrets into the new Secrets (default: stubs with TODO values)",
    ),
    # lint
    Option(
        name="select",
        type="list",
        metavar="RULE",
        default=(),
        commands=("lint",),
        key="*.select",
        help="Rules to run: codes, prefixes of codes or names, e.g. --select AF1,mutable-revision",
    ),
    Option(
        name="ignore",
        type="list",
        metavar="RULE",
        default=(),
        commands=("lint",),
        key="*.ignore",
        help="Rules not to run, e.g. --ignore AF5",
    ),
    Option(
        name="profile",
        type="choice",
        choices=PROFILES,
        default="recommended",
        commands=("lint",),
        key="*.profile",
        help="Which rules run, and how much their findings weigh",
    ),
    Option(
        name="fail-on",
        type="choice",
        choices=("error", "warning", "info", "never"),
        default="error",
        commands=("lint",),
        key="*.fail-on",
        help="Exit 1 when a finding weighs this much or more, e.g. --fail-on warning",
    ),
    Option(
        name="min-severity",
        type="choice",
        choices=("error", "warning", "info"),
        default="info",
        commands=("lint",),
        key="*.min-severity",
        help="Show findings of this weight or more",
    ),
    Option(
        name="fix",
        type="switch",
        default=False,
        commands=("lint",),
        help="Write the fixes that keep the meaning into the files; of stdin, print the fixed text",
    ),
    Option(
        name="unsafe-fixes",
        type="switch",
        default=False,
        commands=("lint",),
        help="With --fix or --diff, also make the fixes that change what happens",
    ),
    Option(
        name="diff",
        type="switch",
        default=False,
        commands=("lint",),
        help="Print what --fix would change, and write nothing",
    ),
    Option(
        name="baseline",
        type="path",
        metavar="FILE",
        commands=("lint",),
        key="*.baseline",
        help="Findings in this file are known: they are counted, not shown",
    ),
    Option(
        name="write-baseline",
        type="switch",
        default=False,
        commands=("lint",),
        help="Write the findings of this run to the file of --baseline",
    ),
    Option(
        name="base",
        type="text",
        metavar="REV",
        commands=("lint",),
        key="*.base",
        help="Show only findings that this Git revision does not have, e.g. --base origin/main",
    ),
    # reference and housekeeping
    Option(
        name="coverage",
        type="switch",
        default=False,
        commands=("field",),
        help="List every field of every kind with the row that maps it",
    ),
    Option(
        name="list",
        type="switch",
        default=False,
        commands=("message",),
        help="List every message",
    ),
    Option(
        name="list",
        type="switch",
        default=False,
        commands=("rule",),
        help="List every rule",
    ),
    Option(
        name="output",
        short="o",
        type="list",
        metavar="FORMAT[=FILE]",
        choices=("text", "json"),
        default=("text",),
        commands=_OUT,
        help="Format, and file when not stdout; repeatable, e.g. -o json=out.json",
    ),
    Option(
        name="output",
        short="o",
        type="list",
        metavar="FORMAT[=FILE]",
        choices=("text", "concise", "json", "sarif", "github", "gitlab", "junit", "markdown"),
        default=("text",),
        commands=("lint",),
        key="*.output",
        help="Format, and file when not stdout; repeatable, e.g. -o text -o concise=lint.txt",
    ),
    Option(
        name="output-dir",
        short="d",
        type="path",
        metavar="DIR",
        default="schemas",
        commands=("schema import",),
        key="schema.output-dir",
        help="Where the compact schemas are written",
    ),
)

COMMANDS = (
    "convert",
    "lint",
    "field",
    "message",
    "rule",
    "schema import",
    "config init",
    "config show",
    "completion",
    "version",
)


def options_of(command: str) -> tuple[Option, ...]:
    """The options of a command with those of every command, in the order of the table."""
    return tuple(option for option in OPTIONS if option.applies_to(command))


def option(command: str, name: str) -> Option:
    """One option of a command by its long name without dashes; raises KeyError."""
    for each in OPTIONS:
        if each.name == name and each.applies_to(command):
            return each
    raise KeyError(f"{command} has no option {name}")


def from_environment(command: str, env: Mapping[str, str]) -> dict[str, Value]:
    """The values that the environment states for a command; raises UsageError for a bad one."""
    return {
        each.name: each.parse(env[each.env], each.env)
        for each in options_of(command)
        if env.get(each.env, "") != ""
    }


def _switch(text: str, origin: str) -> bool:
    lowered = text.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise UsageError(f"{origin}: `{text}` is not true or false", hint="say 1 or 0")


def _alternatives(choices: tuple[str, ...]) -> str:
    if len(choices) == 1:
        return choices[0]
    return ", ".join(choices[:-1]) + " or " + choices[-1]
