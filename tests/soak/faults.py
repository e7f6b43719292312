"""The faults: each does its harm to one transfer and says whether it was done.

A fault returns the sentence with which the transfer ended (empty: it was over before),
or None when the machine does not allow it.
"""

import os
import resource
import signal
import subprocess
import time

from tests.soak.proxy import FreezingProxy
from tests.soak.world import LIMITS, PATIENCE, SOURCE, World

PHASES = {
    "postgresql": (
        "source_locked", "target_locked", "queued", "dimension_commit",
        "dimension_committed", "fetched", "copying", "copied", "target_commit",
        "target_committed", "queue_delete", "source_commit", "source_committed",
        "refresh_commit", "refresh_committed",
    ),
    "duckdb": (
        "source_locked", "target_locked", "queued", "dimension_commit",
        "dimension_committed", "fetched", "loaded", "target_commit",
        "loader_committed", "target_committed", "queue_delete", "source_commit",
        "source_committed", "refresh_commit", "refresh_committed", "checkpointed",
        "copied_file", "published",
    ),
}  # fmt: skip
COMMANDS = (
    "open", "register", "newest", "strangers", "dimension", "events", "refresh",
    "publish",
)  # fmt: skip
BAD_VALUES = (
    {"reference_lines": "null"},
    {"expected_revenue": "90000000000000", "group_rate": "4.3"},
    {"expected_revenue": "99999999999999.99999"},
    {"expected_revenue": "NaN"},
    {"contribution_margin": "1e30"},
    {"probability": "1e9"},
    {"changed_at": "infinity"},
    {"changed_at": "-infinity"},
    {"date_deadline": "infinity"},
)


def _end(process):
    try:
        return World.sentence(process, process.communicate(timeout=PATIENCE)[0])
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return f"no end after {PATIENCE} seconds"


def kill_at_random(world, engine):
    process = world.begin(engine)
    time.sleep(world.dice.uniform(0.2, 1.5))
    process.kill()
    return _end(process)


def kill_at_phase(world, engine):
    phase = world.dice.choice(PHASES[engine])
    arrival = world.dice.randrange(1, 6) if phase.startswith("dimension") else 1
    return world.transfer(engine, fault=f"{phase}:{arrival}")


def _terminate(world, engine, server, database):
    process = world.begin(engine)
    time.sleep(world.dice.uniform(0.2, 1.0))
    for _attempt in range(200):
        with server.cursor() as cr:
            cr.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [database],
            )
            if cr.rowcount or process.poll() is not None:
                break
    return _end(process)


def terminate_source(world, engine):
    return _terminate(world, engine, world.primary, SOURCE)


def terminate_target(world, engine):
    if engine != "postgresql":
        return None
    return _terminate(world, engine, world.target, "olap")


def kill_target_server(world, engine):
    if engine != "postgresql":
        return None
    process = world.begin(engine)
    time.sleep(world.dice.uniform(0.2, 1.0))
    world.target.stop("immediate")
    sentence = _end(process)
    world.target.start()
    return sentence


def _freeze(world, engine, server, place):
    """Freeze at the next messages in turn, so that each of them gets its turn."""
    key = (engine, place)
    if key not in world.messages:
        # As many rows as each time below.
        world.recover(engine)
        world.work(30)
        with FreezingProxy(server.socket) as proxy:
            failed = world.transfer(engine, **_through(proxy, place))
            world.messages[key] = len(proxy.messages)
        if failed:
            return failed
    if not world.freezes:
        return _freeze_at_each(world, engine, server, place)
    for _freeze_number in range(world.freezes):
        step = world.step or world.dice.randrange(1, 30)
        world.turns[key] = world.turns.get(key, 0) % world.messages[key] + step
        sentence = _freeze_once(world, engine, server, place, world.turns[key])[0]
        world.repeated += 1
    world.repeated -= 1
    return sentence


def _freeze_at_each(world, engine, server, place):
    """Freeze at every message, until a transfer is over before its turn comes."""
    number, last = 1, ""
    while True:
        sentence, frozen = _freeze_once(world, engine, server, place, number)
        if not frozen and not sentence:
            return last
        # A machine under load is slow at another message: the turn comes again.
        if frozen:
            number, last = number + 1, sentence
            world.repeated += 1


def _freeze_once(world, engine, server, place, number):
    """Return the sentence of the transfer, and whether its turn came."""
    world.work(30)
    reads = bool(world.dice.randrange(2))
    with FreezingProxy(server.socket, freeze_at=number, reads=reads) as proxy:
        through = _through(proxy, place)
        sentence = world.transfer(engine, limits=LIMITS, **through)
        frozen = proxy.frozen.is_set()
        if place == "target":
            world.check_open()
            # The frozen sessions are still there when the next transfer comes.
            world.recover(engine)
    world.check_open()
    if place == "source":
        world.recover(engine)
    return sentence, frozen


def _through(proxy, place):
    if place == "target":
        return {"dsn": f"{proxy.address} user=odoo dbname=olap"}
    return {"source": f"{proxy.address} user=odoo dbname={SOURCE}"}


def freeze_target(world, engine):
    if engine == "postgresql":
        return _freeze(world, engine, world.target, "target")
    limits = {**LIMITS, "answer": 3, "work": 3}
    for command in world.dice.sample(COMMANDS, world.freezes or len(COMMANDS)):
        world.work(30)
        sentence = world.transfer(engine, limits=limits, stop_at=[command, 1])
        world.recover(engine)
        world.repeated += 1
    world.repeated -= 1
    return sentence


def freeze_source(world, engine):
    return _freeze(world, engine, world.primary, "source")


def fill_disk(world, engine):
    world.work(4000)
    if engine == "duckdb":
        size = world.path.with_name("olap.duckdb.work").stat().st_size

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + 4096, size + 4096))

        return world.transfer(engine, preexec_fn=limit, chunk_size=2000)
    if os.geteuid():
        return None
    # What is there already goes through a temporary table when it comes again.
    world.recover(engine)
    place = world.target.folder / "small"
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, stderr=subprocess.DEVNULL).returncode:  # noqa: S603
        return None
    try:
        return _transfer_into(world, engine, place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)  # noqa: S603, S607


def _transfer_into(world, engine, place):
    """Transfer while a file system takes what the target only needs for a moment."""
    world.target.own(place)
    space = place / "space"
    space.mkdir()
    world.target.own(space)
    with world.target.cursor("olap") as cr:
        cr.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
        cr.execute("ALTER DATABASE olap SET temp_tablespaces = 'small'")
        sentence = world.transfer(engine, chunk_size=5000, mode="full")
        cr.execute("ALTER DATABASE olap RESET temp_tablespaces")
        cr.execute("DROP TABLESPACE small")
    return sentence


def bad_values(world, engine):
    for number, values in enumerate(BAD_VALUES):
        row = {
            "opportunity_id": world.dice.randrange(1, 12),
            "transaction_id": world.dice.randrange(10**9),
            "changed_at": f"2030-01-01 00:00:{number:02d}",
            "event": "change",
            "status": "open",
            **values,
        }
        columns = ", ".join(row)
        places = ", ".join(["%s"] * len(row))
        world.primary.execute(
            SOURCE,
            "INSERT INTO relationship_opportunity_history"
            f" ({columns}) VALUES ({places})",
            list(row.values()),
        )
    return world.transfer(engine)


def fail_over(world, engine):
    """Lose what the standby had not got yet; then it takes over."""
    standby = world.new_server().copy_of(world.primary)
    standby.stop()
    world.work(world.dice.choice((5, 20, 60)))
    world.transfer(engine)
    world.primary.stop("immediate")
    world.primary.remove()
    standby.start()
    standby.promote()
    world.primary = standby
    if world.dice.randrange(2):
        world.work()
    return _repaired(world, engine, "not, or not like that, in Odoo", "does not know")


def restore_backup(world, engine):
    """Restore a dump from before the last transfer into another database."""
    world.primary.execute("postgres", f"CREATE DATABASE backup TEMPLATE {SOURCE}")
    world.work()
    world.transfer(engine)
    world.primary.execute("postgres", f"DROP DATABASE {SOURCE} WITH (FORCE)")
    world.primary.execute("postgres", f"ALTER DATABASE backup RENAME TO {SOURCE}")
    world.work()
    return _repaired(world, engine, "is a copy of the one that feeds")


def clone(world, engine):
    """Let a copy transfer beside its original: it is refused."""
    world.transfer(engine)
    world.primary.execute("postgres", f"CREATE DATABASE clone TEMPLATE {SOURCE}")
    sentence = world.transfer(engine, database="clone")
    world.primary.execute("postgres", "DROP DATABASE clone WITH (FORCE)")
    if "is a copy of the one that feeds" not in sentence:
        world.unnoticed += 1
    return sentence


def _repaired(world, engine, *expected):
    """Check that the next transfer notices, then take back what never was.

    The other target has to be told as well.
    """
    sentence = world.transfer(engine)
    if not any(words in sentence for words in expected):
        world.unnoticed += 1
    for other in world.engines:
        world.transfer(other, mode="repair")
    return sentence


FAULTS = {
    "killed at random": kill_at_random,
    "killed at a phase": kill_at_phase,
    "source sessions ended": terminate_source,
    "target sessions ended": terminate_target,
    "target server killed": kill_target_server,
    "target silent": freeze_target,
    "source silent": freeze_source,
    "disk full": fill_disk,
    "bad values": bad_values,
    "failed over": fail_over,
    "backup restored": restore_backup,
    "cloned": clone,
}
