"""The clerk: requests queue in memory while a batch is written; then the whole queue is the next batch.

A hot row is locked and flushed once for a batch instead of once for a buyer. Nothing is trusted to memory: the batch locks the
rows it decides about, and the constraints stand behind it. There is no timer before a batch, so a lone request waits for nobody.
"""

from foyer.infra.batching.clerk import LANES_MAX, Clerk
from foyer.infra.batching.desk import ChangedMeanwhileError, Counter, Desk, WideDesk

__all__ = ["LANES_MAX", "ChangedMeanwhileError", "Clerk", "Counter", "Desk", "WideDesk"]
