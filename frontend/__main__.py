"""`python -m frontend` builds the scripts of the pages; `check` and `watch` are for whoever works on them."""

import sys
from typing import Final

from frontend.bundles import check, ensure, watch
from frontend.node import NodeError

COMMANDS: Final = {"build": ensure, "check": check, "watch": watch}


def main(arguments: list[str]) -> int:
    command = COMMANDS.get(arguments[0] if arguments else "build")
    if command is None or len(arguments) > 1:
        print(f"usage: python -m frontend [{' | '.join(COMMANDS)}]", file=sys.stderr)
        return 2
    try:
        command()
    except NodeError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
