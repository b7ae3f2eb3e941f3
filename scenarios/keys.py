"""64-bit keys of random streams, made from names so that nothing else in a scenario can shift them."""

from __future__ import annotations

import hashlib


def name_key(*names: str) -> int:
    """Return the 64-bit key of a sequence of names, the same on every machine and in every version."""
    text = "\x1f".join(names).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
