"""Many at once: what one thing must never be given twice, and the guards that see to it."""
