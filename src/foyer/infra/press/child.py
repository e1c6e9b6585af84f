"""Sets one document: JSON comes in, the document goes out. Run by its path, in a process that can do nothing else.

It knows nothing of the installation: no settings, no database, an empty environment. What it may use up is limited before the
library is loaded, and it cannot write a file.
"""

import json
import resource
import struct
import sys
from pathlib import Path

MEGABYTE = 1024 * 1024


def limit(*, seconds: int, memory_mb: int) -> None:
    """Give up rather than grow: processor time, memory, files."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_DATA, (memory_mb * MEGABYTE, memory_mb * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    order = json.load(sys.stdin.buffer)
    limit(seconds=order["seconds"], memory_mb=order["memoryMb"])
    import typst

    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(order["fonts"])
    )
    # The root and the folders of packages hold fonts and nothing else, should a template ever ask for a file.
    root = Path(order["fonts"][0])
    compiler = typst.Compiler(
        order["template"].encode(),
        root=root,
        font_paths=fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(order["data"])},
        package_path=root,
        package_cache_path=root,
    )
    if order["format"] == "pdf":
        made = compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=order["timestamp"])
    else:
        made = compiler.compile(format="png", ppi=order["ppi"])
    pages = made if isinstance(made, list) else [made or b""]
    for page in pages:
        sys.stdout.buffer.write(struct.pack(">Q", len(page)) + page)


if __name__ == "__main__":
    main()
