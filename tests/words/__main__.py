"""`make words`: brings every catalogue in step with what is marked, and says what still has to be translated."""

from tests.words.catalogue import OTHERS, SHOP


def main() -> None:
    for language in OTHERS:
        for message in SHOP.update(language):
            print(f"{SHOP.path(language).name}: {message}")


if __name__ == "__main__":
    main()
