"""``make soak``: repeat every fault on both engines and count what becomes of it.

Ends with an error unless nothing was lost, doubled, invented or stopped.
"""

import argparse
import dataclasses
import signal
import sys
import time

from tests.soak.faults import FAULTS
from tests.soak.world import TARGETS, World


@dataclasses.dataclass
class Count:
    """What became of the faults of one kind."""

    tried: int = 0
    failed: int = 0
    events: int = 0
    lost: int = 0
    doubled: int = 0
    invented: int = 0
    stopped: int = 0

    @property
    def is_good(self):
        return not (self.lost or self.doubled or self.invented or self.stopped)


class Soak(World):
    """The faults in turn, each followed by a transfer that must set all right.

    :param freezes: how often one turn freezes, at messages that follow one another
        with gaps; 0: at every single message
    :param step: how far the next message is that freezes; 0: by chance
    """

    def __init__(self, programs, seed, engines=tuple(TARGETS), freezes=2, step=0):
        super().__init__(programs, seed)
        self.engines = engines
        self.freezes, self.step = freezes, step
        self.repeated = 0
        self.counts = {}
        self.messages, self.turns = {}, {}
        self.unnoticed = self.left_open = self.refused = 0
        self.sentences = []
        self.listener = None
        self.started = time.monotonic()

    def check_open(self):
        """Count transactions and locks that stay open behind a silent target."""
        for _attempt in range(40):
            if not self.find_open():
                return
            time.sleep(0.1)
        self.left_open += 1

    def recover(self, engine):
        """Transfer without any fault: it has to succeed."""
        if sentence := self.transfer(engine):
            self.refused += 1
            self.sentences.append(sentence.strip()[-300:])

    def try_fault(self, name, engine):
        count = self.counts.setdefault((name, engine), Count())
        self.unnoticed = self.left_open = self.refused = self.repeated = 0
        self.work()
        sentence = FAULTS[name](self, engine)
        if sentence is None:
            return
        self.recover(engine)
        verdict = self.judge(engine)
        count.tried += 1 + self.repeated
        count.failed += bool(sentence)
        count.events = verdict.events
        count.lost += verdict.lost
        count.doubled += verdict.doubled
        count.invented += verdict.invented + verdict.wrong
        count.stopped += self.refused + self.unnoticed + self.left_open
        count.stopped += sentence.startswith("no end")
        self.tell(name, engine, sentence)

    def tell(self, name, engine, sentence):
        """Say what has just become of a fault, if anybody listens."""
        if self.listener:
            seconds = time.monotonic() - self.started
            state = dataclasses.asdict(self.counts[name, engine])
            self.listener.write(f"{seconds:7.1f}  {name}, {engine}: {state}\n")
            self.listener.write(f"         {sentence.strip()[-200:]}\n")
            self.listener.flush()

    def run(self, rounds=None, seconds=None, kinds=tuple(FAULTS)):
        end = time.monotonic() + seconds if seconds else float("inf")
        number = 0
        while (not rounds or number < rounds) and time.monotonic() < end:
            number += 1
            for name in self.dice.sample(kinds, len(kinds)):
                for engine in self.engines:
                    if time.monotonic() < end:
                        self.try_fault(name, engine)
        return all(count.is_good for count in self.counts.values())

    def table(self):
        """Return the counts as text."""
        head = ("fault", "engine", *(f.name for f in dataclasses.fields(Count)))
        rows = [head] + [
            (name, engine, *map(str, dataclasses.astuple(count)))
            for (name, engine), count in sorted(self.counts.items())
            if count.tried
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                text.ljust(width) if place < 2 else text.rjust(width)
                for place, (text, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        return "\n".join(lines + [f"stopped by: {s}" for s in self.sentences[:10]])


def main():
    options = argparse.ArgumentParser(prog="soak")
    options.add_argument("--programs", required=True)
    options.add_argument("--rounds", type=int)
    options.add_argument("--seconds", type=float)
    options.add_argument("--seed", type=int, default=int(time.time()))
    options.add_argument("--engine", choices=TARGETS, action="append")
    options.add_argument("--kind", choices=FAULTS, action="append")
    options.add_argument("--freezes", type=int, default=2)
    options.add_argument("--step", type=int, default=0)
    options.add_argument("--quiet", action="store_true")
    given = options.parse_args()
    # Servers are stopped whoever ends us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    rounds = given.rounds or (None if given.seconds else 3)
    engines = tuple(given.engine or TARGETS)
    steps = given.freezes, given.step
    with Soak(given.programs, given.seed, engines, *steps) as soak:
        soak.listener = None if given.quiet else sys.stderr
        good = soak.run(rounds, given.seconds, tuple(given.kind or FAULTS))
        sys.stdout.write(f"seed {given.seed}\n{soak.table()}\n")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
