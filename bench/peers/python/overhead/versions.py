"""Which versions a measurement stands on."""

from __future__ import annotations

import platform
from importlib.metadata import version


def versions_of(*distributions: str) -> dict[str, str]:
    """The installed versions of these packages, and Python's."""
    return {name: version(name) for name in distributions} | {"python": platform.python_version()}
