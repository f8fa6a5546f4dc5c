"""Public keys in text form: the ids and texts that GnuPG gives for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from argoflux.goports.openpgp import OpenPgpError, read_keys

DATA = Path(__file__).parents[2] / "data" / "pgp"
RELEASE, ANN, BOTH = ((DATA / f"{name}.asc").read_text() for name in ("release", "ann", "both"))
RELEASE_ID, RELEASE_SIGNER, ANN_ID = "253EFAA804211F6F", "231AE58E1C07E251", "0CA44AD204152CFA"


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (RELEASE, [(RELEASE_ID, (RELEASE_SIGNER,))]),  # a key that certifies, a subkey that signs
        (ANN, [(ANN_ID, ())]),  # a key that signs, a subkey that encrypts
        (BOTH, [(RELEASE_ID, (RELEASE_SIGNER,)), (ANN_ID, ())]),
        (ANN + RELEASE, [(ANN_ID, ()), (RELEASE_ID, (RELEASE_SIGNER,))]),
        (ANN.replace("\n", "\r\n"), [(ANN_ID, ())]),
        (ANN.replace("BLOCK-----\n\n", "BLOCK-----\nComment: a person\n\n", 1), [(ANN_ID, ())]),
        (f"Ann:\n{ANN}", [(ANN_ID, ())]),
    ],
)
def test_ids(text: str, keys: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(key.id, key.signers) for key in read_keys(text)] == keys


def test_one_key_keeps_its_text_and_several_get_one_each() -> None:
    """GnuPG writes the same text for each of them."""
    assert [key.text for key in read_keys(RELEASE)] == [RELEASE]
    assert [key.text for key in read_keys(BOTH)] == [RELEASE, ANN]


def _cut(text: str, lines: int) -> str:
    kept = text.splitlines()
    return "\n".join([*kept[:lines], kept[-1]])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no OpenPGP public key"),
        ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA", "no OpenPGP public key"),
        (ANN.replace("PUBLIC", "PRIVATE"), "a private key"),
        (f"{ANN}-----BEGIN PGP PRIVATE KEY BLOCK-----", "a private key"),
        (_cut(ANN, 4), "cut off"),
        (ANN.replace("mI0E", "!!!!"), "damaged"),
        (ANN.replace("mI0E", "AI0E"), "damaged"),
        (ANN.replace("mI0E", "mI0F"), "not of version 4"),
        (_cut(ANN, 2), "no OpenPGP public key"),
    ],
)
def test_what_is_no_public_key_is_refused(text: str, why: str) -> None:
    with pytest.raises(OpenPgpError, match=why):
        read_keys(text)
