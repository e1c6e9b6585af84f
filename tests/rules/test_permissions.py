"""The published permissions, and what each role holds."""

import pytest

from foyer.kernel.actor import Actor, ActorKind
from foyer.kernel.errors import Forbidden
from foyer.kernel.ids import uuid7
from foyer.kernel.permissions import ALL, PERMISSIONS, ROLES, effective, expand

VOCABULARY = [
    "organization:edit",
    "billing:manage",
    "domains:manage",
    "users:view",
    "users:manage",
    "events:view",
    "events:create",
    "events:edit",
    "events:publish",
    "events:delete",
    "orders:view",
    "orders:edit",
    "orders:refund",
    "customers:view",
    "customers:edit",
    "customers:erase",
    "tickets:view",
    "tickets:manage",
    "tickets:check-in",
    "discounts:manage",
    "payouts:view",
    "payouts:manage",
    "plugins:manage",
    "webhooks:manage",
    "analytics:view",
    "exports:create",
    "audit:view",
]
MANAGER = [
    "events:view",
    "events:create",
    "events:edit",
    "events:publish",
    "events:delete",
    "orders:view",
    "orders:edit",
    "orders:refund",
    "tickets:view",
    "tickets:manage",
    "tickets:check-in",
    "discounts:manage",
    "customers:view",
    "customers:edit",
    "analytics:view",
    "exports:create",
]


def test_vocabulary_is_the_published_one():
    assert list(PERMISSIONS) == VOCABULARY


@pytest.mark.parametrize(
    ("role", "holds"),
    [
        ("owner", VOCABULARY),
        ("admin", [name for name in VOCABULARY if name not in {"billing:manage", "payouts:manage"}]),
        ("manager", MANAGER),
        (
            "support",
            [
                "events:view",
                "orders:view",
                "orders:edit",
                "customers:view",
                "tickets:view",
                "tickets:check-in",
            ],
        ),
        ("analyst", ["events:view", "orders:view", "tickets:view", "analytics:view", "exports:create"]),
    ],
)
def test_presets(role, holds):
    assert ROLES[role] == frozenset(holds)


def test_there_are_five_roles():
    assert set(ROLES) == {"owner", "admin", "manager", "support", "analyst"}


@pytest.mark.parametrize(
    ("granted", "means"),
    [
        ([], set()),
        (["*"], ALL),
        (["events:view"], {"events:view"}),
        (["payouts:*"], {"payouts:view", "payouts:manage"}),
        (["event:*", "events", "*:view", "events:", ":*", "EVENTS:VIEW", ""], set()),
        (["nothing:known", "audit:view"], {"audit:view"}),
    ],
)
def test_stars_are_expanded_and_unknown_names_mean_nothing(granted, means):
    assert expand(granted) == frozenset(means)


def test_grants_come_beside_the_role():
    assert effective("analyst", ["events:edit"]) == ROLES["analyst"] | {"events:edit"}
    assert effective("support", ["*"]) == ALL


def test_missing_permission_is_named():
    actor = Actor(ActorKind.USER, uuid7(), permissions=frozenset({"events:view"}))

    actor.require("events:view")
    with pytest.raises(Forbidden, match="events:edit"):
        actor.require("events:edit")
