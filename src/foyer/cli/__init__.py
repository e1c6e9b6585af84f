"""The command `foyer`."""

import argparse
import sys
from collections.abc import Sequence

from foyer import __version__, settings
from foyer.cli.rehearse import add_rehearse


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; what an operator got wrong ends it with one sentence and status 2."""
    parser = argparse.ArgumentParser(prog="foyer", description="Sells tickets and lets people in.")
    parser.add_argument("--version", action="version", version=f"foyer {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="command")
    run = commands.add_parser("run", help="run everything: database, web workers, background worker")
    run.add_argument("--demo", action="store_true", help="load three demo organizations first")
    run.add_argument(
        "--reload", action="store_true", help="start the workers again when a source file changes"
    )
    serve = commands.add_parser("serve", help="run one web worker")
    serve.add_argument("--fd", type=int, help="serve on this inherited, listening socket")
    commands.add_parser("worker", help="run the background worker")
    commands.add_parser("standby", help="get ready, then be what a line of standard input says")
    commands.add_parser("migrate", help="bring the database's schema up to date")
    commands.add_parser("doctor", help="look for what is wrong with this installation")
    audit = commands.add_parser("audit", help="check that the books agree with themselves")
    audit.add_argument("--organization", metavar="SLUG", help="check only this organization")
    audit.add_argument("--json", action="store_true", help="print one JSON object a line")
    _add_jobs(commands.add_parser("jobs", help="show what waits and what failed; try it again or drop it"))
    add_rehearse(
        commands.add_parser(
            "rehearse", help="rehearse an on-sale: a copy of the event, and buyers by the hundred"
        )
    )
    owner = commands.add_parser("owner", help="let somebody in again whose mail does not arrive")
    reset = owner.add_subparsers(dest="what", required=True, metavar="what").add_parser(
        "reset", help="print links that set a new password"
    )
    reset.add_argument("email", metavar="EMAIL")
    chosen = parser.parse_args(arguments)
    try:
        sys.exit(_dispatch(chosen))
    except settings.SettingsError as wrong:
        print(f"foyer: {wrong}", file=sys.stderr)
        sys.exit(2)
    except OSError as wrong:
        if wrong.filename is None:
            raise
        print(f"foyer: {wrong.filename} cannot be used: {wrong.strerror}.", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)


def _add_jobs(jobs: argparse.ArgumentParser) -> None:
    what = jobs.add_subparsers(dest="what", metavar="what")
    retry = what.add_parser("retry", help="try jobs again now")
    retry.add_argument("ids", metavar="ID", type=int, nargs="*")
    retry.add_argument("--all", action="store_true", help="all that are held")
    drop = what.add_parser("drop", help="let jobs go undone")
    drop.add_argument("ids", metavar="ID", type=int, nargs="+")


def _dispatch(chosen: argparse.Namespace) -> int:
    """Commands are imported when they are called: a start has to be quick."""
    configured = settings.read()
    match chosen.command:
        case "run":
            from foyer.cli.run import run

            return run(configured, with_demo=chosen.demo, reload=chosen.reload)
        case "serve":
            from foyer.cli.serve import serve

            return serve(configured, fd=chosen.fd)
        case "worker" | "standby" as process:
            from foyer.cli.serve import stand_by, work_in_background

            return stand_by(configured) if process == "standby" else work_in_background(configured)
        case "migrate":
            from foyer.cli.migrate import migrate

            return migrate(configured)
        case "audit":
            from foyer.cli.audit import audit_books

            return audit_books(configured, slug=chosen.organization, as_json=chosen.json)
        case "rehearse":
            from foyer.cli.rehearse.command import rehearse

            return rehearse(configured, chosen)
        case "owner":
            from foyer.cli.owner import reset_owner

            return reset_owner(configured, chosen.email)
        case "jobs":
            from foyer.cli.jobs import drop_jobs, retry_jobs, show_jobs

            match chosen.what:
                case "retry":
                    return retry_jobs(configured, chosen.ids, every=chosen.all)
                case "drop":
                    return drop_jobs(configured, chosen.ids)
                case _:
                    return show_jobs(configured)
        case _:
            from foyer.cli.doctor import doctor

            return doctor(configured)
