"""People who buy in the demo: made-up names, and addresses that no mail ever reaches."""

import unicodedata
from typing import Final, NamedTuple

from foyer.kernel.dice import Dice

NAMES: Final = {
    "north": (
        ("Hanne", "Bjarne", "Petra", "Lasse", "Merle", "Jonte", "Fenja", "Ove", "Silke", "Torben", "Wiebke", "Arne", "Karla", "Malte",
         "Ida", "Sönke", "Gesa", "Henrik", "Levke", "Momme", "Noor", "Yusuf", "Ewa", "Anıl", "Tomasz", "Lucía"),
        ("Sørby", "Ott", "Wilms", "Carstens", "Petersen", "Brandt", "Lorenzen", "Feddersen", "Krüger", "Behnke", "Thomsen", "Voss",
         "Jepsen", "Matthiesen", "Özdemir", "Nowak", "El Amrani", "Groth", "Hinrichs", "Paulsen", "Rickmers", "Storm"),
    ),
    "east": (
        ("Haruto", "Sakura", "Ren", "Yui", "Kenji", "Aiko", "Takumi", "Emi", "Sora", "Naoko", "Daichi", "Mio", "健太", "美咲", "Chloé",
         "Mateo", "Ji-woo", "Priya", "Olu", "Hana"),
        ("Abe", "Tanaka", "Ishikawa", "Mori", "Hayashi", "Okada", "Shimizu", "Fujita", "Nakamura", "Ueda", "佐藤", "鈴木", "Laurent",
         "García", "Kim", "Raman", "Adeyemi", "Novák"),
    ),
    "west": (
        ("Rosa", "Marcus", "Delia", "Theo", "Imani", "Walt", "June", "Otis", "Carmen", "Louis", "Bea", "Amir", "Grace", "Sol", "Ray",
         "Nina", "Miles", "Etta", "Dizzy", "Layla"),
        ("Alvarez", "Johnson", "Okafor", "Rivera", "Cohen", "Baptiste", "Nguyen", "Washington", "Kowalski", "Haddad", "Brooks", "Diaz",
         "Ellison", "Moreau", "Park", "Stone", "Tate", "Young"),
    ),
}  # fmt: skip


class Person(NamedTuple):
    first_name: str
    last_name: str
    email: str


def somebody(dice: Dice, tongue: str) -> Person:
    """A person of this tongue; the same name always has the same address."""
    first, last = (dice.choice(names) for names in NAMES[tongue])
    plain = unicodedata.normalize("NFKD", f"{first}.{last}").encode("ascii", "ignore").decode()
    name = "".join(letter for letter in plain.lower() if letter.isalnum() or letter == ".").strip(".")
    return Person(first, last, f"{name or f'{dice.getrandbits(24):06x}'}@mail.example")
