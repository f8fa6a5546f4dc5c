"""The commands with their arguments, flags and help; every body hands over to ``argoflux.commands``."""

from __future__ import annotations

from typing import Any

import typer

from argoflux.cli.run import run
from argoflux.cli.signature import argument, takes

SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
EPILOG = (
    "Every flag has an environment variable: --fail-on is ARGOFLUX_FAIL_ON."
    " A flag wins over the variable, the variable over the config file."
)

PATHS = argument(
    "paths",
    "[PATH]...",
    "Files and folders to read; - is standard input [default: .]",
    many=True,
)


def _typer(explanation: str) -> typer.Typer:
    return typer.Typer(
        help=explanation,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        no_args_is_help=True,
        context_settings=SETTINGS,
    )


app = _typer(
    "Convert manifests between Argo CD and Flux v2, say what became of every field, and find mistakes."
)
schema_app = _typer("Schemas of the kinds that argoflux reads.")
config_app = _typer("Settings: the config file, and where each value comes from.")
app.add_typer(schema_app, name="schema")
app.add_typer(config_app, name="config")


@app.callback(epilog=EPILOG)
@takes("")
def argoflux(ctx: typer.Context, **given: Any) -> None:
    """Convert manifests between Argo CD and Flux v2, and say what became of every field.

    \b
    Example:
      argoflux convert apps/ --to flux
    """
    ctx.obj = given


@app.command(epilog=EPILOG, short_help="Convert Argo CD manifests to Flux, or Flux to Argo CD")
@takes("convert", PATHS)
def convert(ctx: typer.Context, **given: Any) -> int:
    """Convert Argo CD manifests to Flux, or Flux manifests to Argo CD.

    The new manifests go to stdout, or as a folder with -d; the report of every loss goes to stderr,
    and with --report to files. Exit code 1 means that something is lost (see --fail-on), 2 that
    nothing could be converted.

    \b
    Examples:
      argoflux convert apps/ --to flux > flux.yaml
      argoflux convert apps/ --to flux -d out/ --control-namespace flux-system
      argoflux convert clusters/prod --to argocd --report report.json --fail-on approximate
      cat app.yaml | argoflux convert - --to flux --stdin-filename app.yaml
    """
    return run("convert", ctx, given, ("paths",))


@app.command(epilog=EPILOG, short_help="Find mistakes in manifests of Argo CD and Flux")
@takes("lint", PATHS)
def lint(ctx: typer.Context, **given: Any) -> int:
    """Find mistakes in manifests of Argo CD and Flux, each with its place and its reason.

    Findings go to stdout. Exit code 1 means that some weigh as much as --fail-on, 2 that the input
    could not be read. `# argoflux: ignore[CODE] reason` accepts a finding of its line.

    \b
    Examples:
      argoflux lint
      argoflux lint clusters/ --select AF1,AF2 --fail-on warning
      argoflux lint apps/ --profile multi-tenant -o concise
    """
    return run("lint", ctx, given, ("paths",))


@app.command(epilog=EPILOG, short_help="Explain a field of either system")
@takes("field", argument("path", "[PATH]", "A field, with or without its kind"))
def field(ctx: typer.Context, **given: Any) -> int:
    """Explain a field: what it means, its type and default, and what it becomes in the other system.

    \b
    Examples:
      argoflux field spec.syncPolicy.automated.prune
      argoflux field Kustomization.spec.prune
      argoflux field HelmRelease:spec.values -o json
      argoflux field --coverage -o json
    """
    return run("field", ctx, given, ("path",))


@app.command(epilog=EPILOG, short_help="Explain a message of a conversion report")
@takes("message", argument("code", "[CODE]", "A code of a conversion report"))
def message(ctx: typer.Context, **given: Any) -> int:
    """Explain a message of a conversion report.

    \b
    Examples:
      argoflux message A2F-DEL-001
      argoflux message --list -o json
    """
    return run("message", ctx, given, ("code",))


@app.command(epilog=EPILOG, short_help="Explain a rule of lint")
@takes("rule", argument("rule", "[RULE]", "A code or a name of a rule"))
def rule(ctx: typer.Context, **given: Any) -> int:
    """Explain a rule of lint: what it finds, why that is bad, and examples.

    \b
    Examples:
      argoflux rule AF501
      argoflux rule mutable-revision
      argoflux rule --list -o json
    """
    return run("rule", ctx, given, ("rule",))


@schema_app.command("import", epilog=EPILOG, short_help="Turn CRDs into compact schemas")
@takes("schema import", PATHS)
def schema_import(ctx: typer.Context, **given: Any) -> int:
    """Turn CustomResourceDefinitions into the compact schemas that argoflux reads.

    \b
    Examples:
      argoflux schema import crds/ -d schemas
      kubectl get crd -o yaml | argoflux schema import -
    """
    return run("schema import", ctx, given, ("paths",))


@config_app.command("init", epilog=EPILOG, short_help="Print a config file to start from")
@takes("config init")
def config_init(ctx: typer.Context, **given: Any) -> int:
    """Print a config file with every key explained.

    \b
    Example:
      argoflux config init > .argoflux.yaml
    """
    return run("config init", ctx, given)


@config_app.command("show", epilog=EPILOG, short_help="Print the settings and their origin")
@takes("config show")
def config_show(ctx: typer.Context, **given: Any) -> int:
    """Print every setting with its value and where the value comes from.

    \b
    Examples:
      argoflux config show
      argoflux --config ci/argoflux.yaml config show
    """
    return run("config show", ctx, given)


@app.command(epilog=EPILOG, short_help="Print the completion script of a shell")
@takes("completion", argument("shell", "SHELL", "bash, zsh, fish or powershell"))
def completion(ctx: typer.Context, **given: Any) -> int:
    """Print the completion script of a shell.

    \b
    Examples:
      argoflux completion bash > ~/.local/share/bash-completion/completions/argoflux
      argoflux completion fish > ~/.config/fish/completions/argoflux.fish
    """
    return run("completion", ctx, given, ("shell",))


@app.command(epilog=EPILOG, short_help="Print the version and the releases that argoflux knows")
@takes("version")
def version(ctx: typer.Context, **given: Any) -> int:
    """Print the version, and with it the releases of Argo CD and Flux that argoflux knows.

    \b
    Examples:
      argoflux version
      argoflux version -o json
    """
    return run("version", ctx, given)
