"""`make words`: brings every catalogue in step with what is marked, and says what still has to be translated."""

from itertools import product

from tests.tidy.rule import ROOT
from tests.words.catalogue import OTHERS, SPEAKERS


def main() -> None:
    for speaker, language in product(SPEAKERS, OTHERS):
        for message in speaker.update(language):
            print(f"{speaker.path(language).relative_to(ROOT)}: {message}")


if __name__ == "__main__":
    main()
