"""The accounts of documents: what became of each of their leaves, held in little memory.

Thousands of documents have the same paths and the same verdicts: such lists are held once. Entries
are made of them when somebody looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

from argoflux.convert.result import Entry, Target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from argoflux.convert.result import Origin
    from argoflux.mapping.verdict import Verdict
    from argoflux.resource import Resource
    from argoflux.text import Path

T = TypeVar("T")


class Fate(NamedTuple):
    """What became of a leaf; the names are those of an Entry."""

    verdict: Verdict
    code: str | None = None
    origin: Origin = ""
    slot: str = ""


class Leaf(NamedTuple):
    """A leaf with its fate, and where its value stands in the output."""

    path: Path
    fate: Fate
    targets: tuple[Target, ...] = ()


@dataclass(slots=True, eq=False)
class Account:
    """The leaves of one document of the input, or the invented ones of one of the output.

    ``cause`` and ``resource`` are those of its entries. ``targets`` holds for each leaf the numbers
    of documents in ``outputs`` with the paths in them; it is empty where no leaf has any.
    """

    cause: Resource | None
    resource: str
    paths: tuple[Path, ...] = ()
    fates: tuple[Fate, ...] = ()
    outputs: tuple[str, ...] = ()
    targets: tuple[tuple[tuple[int, str], ...], ...] = ()

    def entries(self) -> Iterator[Entry]:
        """One entry per leaf, in order."""
        nowhere = ((),) * len(self.paths)
        for path, fate, targets in zip(
            self.paths, self.fates, self.targets or nowhere, strict=True
        ):
            yield Entry(
                cause=self.cause,
                resource=self.resource,
                path=path,
                targets=tuple(Target(self.outputs[at], there) for at, there in targets),
                verdict=fate.verdict,
                code=fate.code,
                origin=fate.origin,
                slot=fate.slot,
            )


class Entries(Sequence[Entry]):
    """The entries of all accounts, made while one goes through them."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._accounts = tuple(accounts)

    def __iter__(self) -> Iterator[Entry]:
        """Every entry in order."""
        for account in self._accounts:
            yield from account.entries()

    def __len__(self) -> int:
        """How many entries there are."""
        return sum(len(account.paths) for account in self._accounts)

    @overload
    def __getitem__(self, at: int) -> Entry: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Entry, ...]: ...

    def __getitem__(self, at: int | slice) -> Entry | tuple[Entry, ...]:
        """The entries at a position, from the first on."""
        return tuple(self)[at]


class Accounts:
    """The accounts of one conversion, in order; equal lists and fates are held once."""

    def __init__(self) -> None:
        self._opened: list[Account] = []
        self._known: dict[object, object] = {}

    def open(self, cause: Resource | None, resource: str) -> Account:
        """A new account, the last one so far; its leaves come when it is closed."""
        account = Account(cause, resource)
        self._opened.append(account)
        return account

    def close(self, account: Account, leaves: Sequence[Leaf]) -> None:
        """Fill an account with its leaves."""
        account.paths = self._shared(tuple(leaf.path for leaf in leaves))
        account.fates = self._shared(tuple(self._shared(leaf.fate) for leaf in leaves))
        outputs: dict[str, int] = {}
        targets = tuple(
            tuple((outputs.setdefault(name, len(outputs)), there) for name, there in leaf.targets)
            for leaf in leaves
        )
        if outputs:
            account.outputs, account.targets = tuple(outputs), self._shared(targets)

    def replace(self, account: Account, at: int, fate: Fate) -> None:
        """Give one leaf of a closed account another fate."""
        fates = (*account.fates[:at], fate, *account.fates[at + 1 :])
        account.fates = self._shared(fates)

    def entries(self) -> Entries:
        """The entries of all accounts."""
        return Entries(self._opened)

    def _shared(self, value: T) -> T:
        known: T = self._known.setdefault(value, value)  # type: ignore[assignment]  # an equal one
        return known
