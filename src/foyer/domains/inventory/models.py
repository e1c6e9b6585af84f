"""Tables: pools of places. The row that everybody wants, so it is narrow."""

from typing import Any

from sqlalchemy import CheckConstraint, Integer, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.domains.inventory.types import UNLIMITED
from foyer.infra.db.base import Base, Tenant, belongs_to_organization, table_args


class PoolRow(Base, Tenant):
    """So many places, of which so many are held and so many sold; or the uses of a code."""

    __tablename__ = "pools"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        CheckConstraint(f"capacity BETWEEN 0 AND {UNLIMITED}", name="capacity"),
        CheckConstraint("held >= 0", name="held"),
        CheckConstraint("sold >= 0", name="sold"),
        CheckConstraint("held::bigint + sold <= capacity", name="never_oversold"),
        postgresql_with={"fillfactor": 50},
    )

    capacity: Mapped[int] = mapped_column(Integer)
    held: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    sold: Mapped[int] = mapped_column(Integer, server_default=text("0"))
