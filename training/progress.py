"""A progress bar with the time left, on standard error; plain lines every tenth where that is not a terminal.

for item in Progress(items, total, "clips"): ...
"""

import sys
import time
from collections.abc import Iterable, Iterator


class Progress:
    def __init__(self, items: Iterable, total: int | None, unit: str):
        self.items, self.total, self.unit = items, total, unit

    def __iter__(self) -> Iterator:
        started = shown = time.time()
        for done, item in enumerate(self.items, 1):
            yield item
            now = time.time()
            if now - shown > (0.2 if sys.stderr.isatty() else 30) or done == self.total:
                self.show(done, now - started)
                shown = now

    def show(self, done: int, spent: float) -> None:
        if self.total:
            bar = "#" * round(20 * done / self.total)
            text = f"[{bar:20}] {done}/{self.total} {self.unit}, {spent / done * (self.total - done):.0f} s left"
        else:
            text = f"{done} {self.unit}, {spent:.0f} s"
        sys.stderr.write(f"\r{text} " if sys.stderr.isatty() and done != self.total else f"{text}\n")
        sys.stderr.flush()
