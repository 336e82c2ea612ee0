"""bin/bench: the portal and the limit program in turn, on the same data, in one run (docs/speed.md)."""

import argparse
import concurrent.futures
import contextlib
import gzip
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

NAMES = ["members-list", "memory", "members-list-growth", "members-search", "phone", "login", "startup", "mail-drain", "bulk-store", "bulk-whole", "weight"]
OWNER, PASSWORD = "ada.okafor@acme.test", "sample company passphrase"
LIST = "/settings/team/members"
BULK = "/settings/team/bulk-invites"
SMALL, LARGE = 10_000, 100_000
MAILS = 10_000
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---------------------------------------------------------------- processes


class Process:
    """A program that was started here and is ended here."""

    def __init__(self, argv, env=None, log=None):
        self.log = open(log, "ab") if log else subprocess.DEVNULL
        self.child = subprocess.Popen(argv, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.pid = self.child.pid

    def ticks(self):
        if self.child.poll() is not None:
            raise SystemExit(f"{' '.join(self.child.args[:2])} ended by itself or was killed from outside: {self.child.returncode}")
        fields = pathlib.Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    def pss(self):
        """Proportional memory in MB."""
        found = re.search(r"^Pss:\s+(\d+)", pathlib.Path(f"/proc/{self.pid}/smaps_rollup").read_text(), re.M)
        return int(found[1]) / 1024

    def stop(self, how=signal.SIGTERM):
        if self.child.poll() is None:
            self.child.send_signal(how)
            try:
                self.child.wait(30)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        if self.log is not subprocess.DEVNULL:
            self.log.close()


class Server(Process):
    def __init__(self, argv, port, env=None, log=None):
        self.port, started = port, time.perf_counter()
        super().__init__(argv, env, log)
        while not self.is_ready():
            if self.child.poll() is not None or time.perf_counter() - started > 60:
                raise SystemExit(f"{argv[0]} did not start; see {log}")
            time.sleep(0.0005)
        self.took = (time.perf_counter() - started) * 1000

    def is_ready(self):
        try:
            return ask(self.port, "/health/ready").status == 200
        except OSError:
            return False


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.getheaders(), response.read()


def ask(port, path, cookie=None, form=None, gzipped=False):
    """One request on a connection of its own."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Origin": f"http://127.0.0.1:{port}"}
    if cookie:
        headers["Cookie"] = cookie
    if gzipped:
        headers["Accept-Encoding"] = "gzip"
    body = None
    if form is not None:
        headers["Content-Type"], body = "application/x-www-form-urlencoded", urllib.parse.urlencode(form)
    with contextlib.closing(link):
        link.request("GET" if form is None else "POST", path, body, headers)
        return Answer(link.getresponse())


class Postgres:
    """A private server with durable settings, run by somebody who is not root."""

    def __init__(self, folder):
        self.folder, self.port = folder / "pg", free_port()
        here = [pathlib.Path(p).parent for p in [shutil.which("postgres")] if p]
        places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True) + here
        if not places:
            root = [] if os.getuid() == 0 else ["sudo"]
            subprocess.run([*root, "apt-get", "install", "-y", "-qq", "postgresql", "postgresql-contrib"], check=True)
            places = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        self.bin = places[0]
        self.folder.mkdir()
        self.prefix = []
        if os.getuid() == 0:
            known = {line.split(":")[0] for line in open("/etc/passwd")}
            user = "postgres" if "postgres" in known else "nobody"
            self.prefix = ["setpriv", f"--reuid={user}", f"--regid={subprocess.check_output(['id', '-g', user], text=True).strip()}", "--clear-groups", "--"]
            shutil.chown(self.folder, user)
        self.run("initdb", "-D", str(self.folder / "data"), "-U", "bench", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale", "C.UTF-8")
        words = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.folder), "fsync": "on", "synchronous_commit": "on"}
        argv = [*self.prefix, str(self.bin / "postgres"), "-D", str(self.folder / "data")]
        for name, value in words.items():
            argv += ["-c", f"{name}={value}"]
        self.process = Process(argv, log=folder / "postgres.log")
        deadline = time.time() + 30
        while subprocess.run([str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if time.time() > deadline:
                raise SystemExit(f"PostgreSQL did not start; see {folder / 'postgres.log'}")
            time.sleep(0.1)

    def run(self, program, *args):
        subprocess.run([*self.prefix, str(self.bin / program), *args], check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def sql(self, database, text):
        argv = [str(self.bin / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench", "-d", database, "-X", "-q", "-A", "-t", "-F", "\t", "-c", text]
        quiet = {**os.environ, "PGOPTIONS": "-c client_min_messages=warning"}
        return [tuple(line.split("\t")) for line in subprocess.check_output(argv, text=True, env=quiet).splitlines() if line]

    def ticks(self):
        """Processor time of every process of the server."""
        total = 0
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == self.process.pid:
                    total += int(fields[11]) + int(fields[12])
        return total

    def stop(self):
        self.process.stop(signal.SIGINT)


# ---------------------------------------------------------------- data


class Data:
    """A sample company in one database."""

    def __init__(self, bench, db, members):
        self.bench, self.db, self.members = bench, db, members
        self.name = f"{db}{members}"
        self.folder = bench.folder / self.name
        self.folder.mkdir()
        if db == "postgres":
            bench.postgres.sql("postgres", f"CREATE DATABASE {self.name}")
        self.url = self.url_of(self.name)
        self.pages = {}
        env = {"DATABASE_URL": self.url, "ROLLCALL_DATA": str(self.folder), "ROLLCALL_LOG": "warn"}
        argv = [bench.portal, "demo", "--members", str(members), "--no-serve"]
        subprocess.run(argv, env={**os.environ, **env}, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.add_phones()
        if db == "postgres":
            bench.postgres.sql(self.name, "VACUUM ANALYZE")

    def url_of(self, name):
        return f"sqlite://{self.folder}/{name}.db" if self.db == "sqlite" else f"postgres://bench@127.0.0.1:{self.bench.postgres.port}/{name}"

    def sql(self, text, name=None):
        if self.db == "postgres":
            return self.bench.postgres.sql(name or self.name, text)
        with contextlib.closing(sqlite3.connect(f"{self.folder}/{name or self.name}.db", timeout=10)) as conn:
            rows = conn.execute(text).fetchall()
            conn.commit()
            return rows

    def add_phones(self):
        """20 more groups, one of them with 1,000 people, everybody active in one of the others, and a number for every tenth."""
        account = self.sql("SELECT id FROM accounts")[0][0]
        count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
        ulid = "'01BNCH%s' || substr(CAST(100000000000000000 + i AS TEXT), 2)"
        digits = "CAST(2122000000 + i AS TEXT)"
        active = "(SELECT account_id, id, ROW_NUMBER() OVER (ORDER BY id) AS i FROM members WHERE status = 'active') AS n"
        groups = 20
        self.sql(
            count % groups + "INSERT INTO user_groups (id, account_id, name, name_key, folded, time_zone, created_at) "
            f"SELECT {ulid % 'GRP'}, '{account}', 'Group ' || i, 'group ' || i, 'group ' || i, 'UTC', 1 FROM n"
        )
        into = "INSERT INTO group_members (account_id, group_id, member_id, place, joined_at) "
        self.sql(into + f"SELECT account_id, '01BNCHGRP' || substr(CAST(100000000000000002 + i % {groups - 1} AS TEXT), 2), id, i, 1 FROM {active}")
        self.crowd = self.sql("SELECT id FROM user_groups WHERE name = 'Group 1'")[0][0]
        self.sql(into + f"SELECT account_id, '{self.crowd}', id, i, 1 FROM {active} WHERE i <= 1000")
        self.sql(
            "INSERT INTO numbers (id, account_id, number, international, region, folded, member_id, created_at) "
            f"SELECT {ulid % 'NMB'}, account_id, '+1' || {digits}, '+1 ' || {digits}, 'US', '+1' || {digits}, id, 1 FROM {active} WHERE i % 10 = 0"
        )
        of = "(SELECT count(*) FROM group_members WHERE group_members.account_id = user_groups.account_id AND group_members.group_id = user_groups.id)"
        self.sql(f"UPDATE user_groups SET members = {of}, joins = 1000000 WHERE id LIKE '01BNCH%'")

    def copy(self, source, to):
        """A database `to` with the content of `source`, which nobody uses."""
        if self.db == "postgres":
            self.bench.postgres.sql("postgres", f"DROP DATABASE IF EXISTS {to}")
            self.bench.postgres.sql("postgres", f"CREATE DATABASE {to} TEMPLATE {source}")
            return
        for old in self.folder.glob(f"{to}.db*"):
            old.unlink()
        with contextlib.closing(sqlite3.connect(f"{self.folder}/{source}.db")) as conn:
            conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(f"{self.folder}/{source}.db", f"{self.folder}/{to}.db")

    def start_portal(self, name=None, **env):
        port = free_port()
        said = {
            "DATABASE_URL": self.url_of(name or self.name),
            "ROLLCALL_DATA": str(self.folder),
            "ROLLCALL_LISTEN": f"127.0.0.1:{port}",
            "ROLLCALL_LOG": "warn",
            "ROLLCALL_LOGIN_PER_MINUTE": "1000000",
        }
        return self.bench.keep(Server([self.bench.portal, "serve"], port, {**said, **env}, self.folder / "portal.log"))

    def start_limit(self):
        port = free_port()
        return self.bench.keep(Server([self.bench.limit, "serve", str(port), self.url], port, log=self.folder / "limit.log"))

    def sign_in(self, portal):
        answer = ask(portal.port, "/login", form={"login": OWNER, "password": PASSWORD})
        cookies = [value.split(";")[0] for name, value in answer.headers if name.lower() == "set-cookie"]
        session = [cookie for cookie in cookies if cookie.startswith("rollcall=")]
        if answer.status != 303 or not session:
            raise SystemExit(f"the Owner could not sign in: {answer.status}")
        return session[0]

    def start(self):
        """Portal and limit, with the Owner signed in, checked to show the same page."""
        if not hasattr(self, "cookie"):
            self.portal, self.limit = self.start_portal(), self.start_limit()
            self.idle = {"portal": self.portal.pss(), "limit": self.limit.pss()}
            self.cookie = self.sign_in(self.portal)
            ours, theirs = ask(self.portal.port, LIST, self.cookie), ask(self.limit.port, "/list", self.cookie)
            rows = [answer.body.count(b'<th scope="row">') for answer in (ours, theirs)]
            if (ours.status, theirs.status, *rows) != (200, 200, 50, 50):
                raise SystemExit(f"the Members page is not there: {ours.status}, {theirs.status}, rows {rows}")
            self.page_bytes = (len(ours.body), len(theirs.body))
        return self


# ---------------------------------------------------------------- load

LUA = """
local paths, bodies, at = {}, {}, 0
%s
local headers = { %s }
request = function()
    at = at + 1
    if #bodies > 0 then return wrk.format("POST", paths[1], headers, bodies[at %% #bodies + 1]) end
    return wrk.format("GET", paths[at %% #paths + 1], headers)
end
done = function(summary, latency)
    local errors = summary.errors
    io.write(string.format('\\nRESULT {"n":%%d,"us":%%d,"bytes":%%d,"bad":%%d,"p50":%%f,"p99":%%f}\\n', summary.requests, summary.duration,
        summary.bytes, errors.status + errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def load(bench, server, paths, cookie=None, connections=16, seconds=None, bodies=()):
    """One run of wrk: requests a second, latencies in ms, processor time a request in µs (the program's, the database's)."""
    headers = [f'["Cookie"] = {quoted(cookie)}'] if cookie else []
    if bodies:
        headers += [f'["Origin"] = "http://127.0.0.1:{server.port}"', '["Content-Type"] = "application/x-www-form-urlencoded"']
    lists = [f"paths[#paths + 1] = {quoted(path)}" for path in paths] + [f"bodies[#bodies + 1] = {quoted(body)}" for body in bodies]
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", dir=bench.folder, delete=False)
    with script:
        script.write(LUA % ("\n".join(lists), ", ".join(headers)))
    argv = ["wrk", "-t1", f"-c{connections}", f"-d{seconds or bench.seconds}s", "--timeout", "10s", "-s", script.name, f"http://127.0.0.1:{server.port}/"]
    before = (server.ticks(), bench.postgres.ticks() if bench.postgres else 0)
    said = subprocess.check_output(argv, text=True)
    after = (server.ticks(), bench.postgres.ticks() if bench.postgres else 0)
    os.unlink(script.name)
    result = json.loads(said.rsplit("RESULT ", 1)[1])
    if result["bad"] or not result["n"]:
        bench.warn(f"{result['bad']} of {result['n']} requests failed at {paths[0]} ({server.child.args[0]})")
    a_request = 1_000_000 / TICKS / max(result["n"], 1)
    cpu, db = ((after[i] - before[i]) * a_request for i in (0, 1))
    return {"rps": result["n"] * 1e6 / result["us"], "p50": result["p50"], "p99": result["p99"], "cpu": cpu, "db": db, "bytes": result["bytes"] / max(result["n"], 1)}


def medians(runs):
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


# ---------------------------------------------------------------- the bench


class Bench:
    def __init__(self, args):
        self.seconds, self.rounds = args.seconds, args.rounds
        self.portal = str(pathlib.Path(args.target, "release", "rollcall").resolve())
        self.limit = str(pathlib.Path(args.target, "release", "rollcall-limit").resolve())
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="rollcall-bench-"))
        self.folder.chmod(0o755)
        self.started, self.datas, self.lines, self.warnings = [], {}, [], []
        self.postgres = None

    def keep(self, process):
        self.started.append(process)
        return process

    def end(self, process):
        process.stop()
        self.started.remove(process)

    def warn(self, text):
        self.warnings.append(text)
        print(f"  ! {text}", flush=True)

    def data(self, db, members):
        if db == "postgres" and not self.postgres:
            self.postgres = Postgres(self.folder)
        if (db, members) not in self.datas:
            self.datas[db, members] = Data(self, db, members)
        return self.datas[db, members]

    def line(self, name, db, portal, limit, ratio, goal, ok, unit="", note="", **more):
        """`name  portal  limit  ratio  goal  ok|short`."""
        shown = lambda value: "-" if value is None else f"{value:,.0f}{unit}" if abs(value) >= 100 else f"{value:.2f}{unit}"
        label = f"{name} {db}" if db else name
        verdict = "-" if ok is None else "ok" if ok else "short"
        times = "-" if ratio is None else f"{ratio:.2f}"
        print(f"{label:<36} {shown(portal):>11} {shown(limit):>11} {times:>6}  {goal:<18} {verdict:<6}{note}", flush=True)
        self.lines.append({"name": name, "db": db, "portal": portal, "limit": limit, "ratio": ratio, "goal": goal, "verdict": verdict, "unit": unit.strip(), **more})

    def in_turn(self, ours, theirs):
        """Rounds of both, and their medians."""
        ours(1), theirs(1)
        runs = [(ours(None), theirs(None)) for _ in range(self.rounds)]
        return medians([run[0] for run in runs]), medians([run[1] for run in runs])

    def against(self, name, db, ours, theirs, goal):
        ratio = ours["rps"] / theirs["rps"]
        database = f" + db {ours['db']:.0f} / {theirs['db']:.0f}" if db == "postgres" else ""
        by_cpu = (theirs["cpu"] + theirs["db"]) / max(ours["cpu"] + ours["db"], 1)
        note = f" cpu {ours['cpu']:.0f} / {theirs['cpu']:.0f} µs{database}: {by_cpu:.2f} by cpu"
        self.line(name, db, ours["rps"], theirs["rps"], ratio, f">= {goal:.2f}", ratio >= goal, "/s", note, by_cpu=by_cpu, portal_run=ours, limit_run=theirs)

    # -- metrics

    def lists(self, db, members):
        data = self.data(db, members).start()
        ours, theirs = self.in_turn(
            lambda s: load(self, data.portal, [LIST], data.cookie, seconds=s), lambda s: load(self, data.limit, ["/list"], data.cookie, seconds=s)
        )
        data.pages["first"] = ours
        return data, ours, theirs

    def members_list(self, db):
        for members in (SMALL, LARGE):
            data, ours, theirs = self.lists(db, members)
            label = f"members-list {members // 1000}k"
            self.against(label, db, ours, theirs, 0.70)
            self.line(f"{label} p99", db, ours["p99"], theirs["p99"], ours["p99"] / theirs["p99"], "<= 15 ms", ours["p99"] <= 15, " ms")
            alone, limit_alone = self.in_turn(
                lambda s: load(self, data.portal, [LIST], data.cookie, 1, s or 1), lambda s: load(self, data.limit, ["/list"], data.cookie, 1, s or 1)
            )
            ratio = alone["p50"] / limit_alone["p50"]
            self.line(f"{label} p50 alone", db, alone["p50"], limit_alone["p50"], ratio, "<= 0.35 ms", alone["p50"] <= 0.35, " ms")

    def members_list_growth(self, db):
        small, large = self.data(db, SMALL).start(), self.data(db, LARGE).start()
        rows = large.sql("SELECT sort_name, id FROM members WHERE status <> 'removed' ORDER BY sort_name DESC, id DESC LIMIT 51")
        key = "~".join(part.replace("!", "!!").replace("~", "!-") for part in rows[-1])
        last = f"{LIST}?{urllib.parse.urlencode({'after': f'{LARGE - 50}~{key}'})}"
        shown = ask(large.portal.port, last, large.cookie).body.count(b'<th scope="row">')
        if shown != 50:
            self.warn(f"the last page shows {shown} rows")
        runs = {"small": [], "first": [], "last": []}
        for i in range(self.rounds + 1):
            for name, data, path in (("small", small, LIST), ("first", large, LIST), ("last", large, last)):
                run = load(self, data.portal, [path], data.cookie, seconds=None if i else 1)
                runs[name] += [run] if i else []
        cpu = {name: statistics.median(run["cpu"] + run["db"] for run in some) for name, some in runs.items()}
        for name, a, b in ((f"members-list-growth {LARGE // 1000}k:{SMALL // 1000}k", "first", "small"), ("members-list-growth last:first", "last", "first")):
            ratio = cpu[a] / cpu[b]
            self.line(name, db, cpu[a], cpu[b], ratio, "<= 1.30", ratio <= 1.3, " µs", " cpu a page, both the portal's")

    def members_search(self, db):
        small, large = self.data(db, SMALL).start(), self.data(db, LARGE).start()
        words = [f"{n}@" for n in range(1234, 1254)]
        page = ask(large.portal.port, f"{LIST}?q={words[0]}", large.cookie).body.count(b'<th scope="row">')
        if page != 10:
            self.warn(f"the search shows {page} rows instead of 10")
        of = lambda base: [f"{base}?q={urllib.parse.quote(word)}" for word in words]
        ours, theirs = self.in_turn(
            lambda s: load(self, large.portal, of(LIST), large.cookie, seconds=s), lambda s: load(self, large.limit, of("/search"), large.cookie, seconds=s)
        )
        self.against("members-search 10 hits 100k", db, ours, theirs, 0.60)
        for name, q in (("prefix of 2, common", "ad"), ("prefix of 2, of nobody", "xq"), ("common word", "acme")):
            path = [f"{LIST}?q={q}"]
            at = {data.members: load(self, data.portal, path, data.cookie, 1, 1) for data in (small, large)}
            growth = (at[LARGE]["cpu"] + at[LARGE]["db"]) / max(at[SMALL]["cpu"] + at[SMALL]["db"], 1)
            self.line(f"members-search {name}", db, at[LARGE]["p50"], at[SMALL]["p50"], growth, "<= 5 ms, x <= 1.3", at[LARGE]["p50"] <= 5 and growth <= 1.3, " ms", " p50 alone at 100k, at 10k, cpu growth")

    def phone(self, db):
        """Lists of 1,000 groups and 10,000 numbers, and the page of a group of 1,000, against the limit's list of as many rows."""
        data = self.data(db, LARGE).start()
        of = lambda path: lambda s: load(self, data.portal, [path], data.cookie, seconds=s)
        limit_of = lambda path: lambda s: load(self, data.limit, [path], data.cookie, seconds=s)
        crowd = f"/settings/user-groups/{data.crowd}"
        self.phone_page(db, data, "numbers-list 8k", "/settings/numbers", *self.in_turn(of("/settings/numbers"), limit_of("/list")))
        self.phone_page(db, data, "group-page 1k members", crowd, *self.in_turn(of(crowd), limit_of(f"/group/{data.crowd}")))
        # The limit's list offers every group, so it is measured before there are a thousand.
        theirs = medians([limit_of("/list")(None) for _ in range(self.rounds)])
        data.sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
            "INSERT INTO user_groups (id, account_id, name, name_key, folded, time_zone, created_at) "
            "SELECT '01BNCHTEAM' || substr(CAST(10000000000000000 + i AS TEXT), 2), (SELECT id FROM accounts), 'Team ' || i, 'team ' || i, 'team ' || i, 'UTC', 1 FROM n"
        )
        groups = of("/settings/user-groups")
        groups(1)
        self.phone_page(db, data, "groups-list 1k", "/settings/user-groups", medians([groups(None) for _ in range(self.rounds)]), theirs)
        data.sql("DELETE FROM user_groups WHERE id LIKE '01BNCHTEAM%'")

    def phone_page(self, db, data, name, path, ours, theirs):
        shown = ask(data.portal.port, path, data.cookie).body.count(b'<th scope="row"')
        if shown != 50:
            self.warn(f"{path} shows {shown} rows instead of 50")
        self.against(name, db, ours, theirs, 0.70)
        self.line(f"{name} p99", db, ours["p99"], theirs["p99"], ours["p99"] / theirs["p99"], "<= 15 ms", ours["p99"] <= 15, " ms")

    def bodies(self, data):
        """Sign-ins of different members: no two of them meet in the throttle."""
        if not hasattr(data, "people"):
            data.people = [row[0] for row in data.sql("SELECT email FROM members WHERE status = 'active' ORDER BY id LIMIT 20000")]
            data.next = 0
        some = [data.people[(data.next + i) % len(data.people)] for i in range(3000)]
        data.next += 3000
        return [urllib.parse.urlencode({"login": email, "password": PASSWORD}) for email in some]

    def login(self, db):
        data = self.data(db, LARGE).start()
        ours, theirs = self.in_turn(
            lambda s: load(self, data.portal, ["/login"], seconds=s, bodies=self.bodies(data)), lambda s: load(self, data.limit, ["/hash"], seconds=s, bodies=["x"])
        )
        self.against("login", db, ours, theirs, 0.85)

        def during(server, path, at, bodies):
            with concurrent.futures.ThreadPoolExecutor() as pool:
                storm = pool.submit(load, self, server, [at], None, 16, 4, bodies)
                time.sleep(0.5)
                shown = load(self, server, [path], data.cookie, 4, 3)
                storm.result()
                return shown

        storms = [(during(data.portal, LIST, "/login", self.bodies(data)), during(data.limit, "/list", "/hash", ["x"])) for _ in range(self.rounds)]
        ours, theirs = medians([run[0] for run in storms]), medians([run[1] for run in storms])
        self.line("login, the list's p99 meanwhile", db, ours["p99"], theirs["p99"], ours["p99"] / theirs["p99"], "<= 60 ms", ours["p99"] <= 60, " ms", f" list {ours['rps']:.0f} / {theirs['rps']:.0f} a second, 4 connections")
        ours, theirs = data.portal.pss(), data.limit.pss()
        self.line("memory after the sign-ins", db, ours, theirs, ours / theirs, "-", None, " MB")

    def startup(self, db):
        data = self.data(db, LARGE)
        took = {"portal": [], "limit": []}
        for i in range(8):
            for name, start in (("portal", data.start_portal), ("limit", data.start_limit)):
                server = start()
                self.end(server)
                took[name] += [server.took] if i else []
        ours, theirs = statistics.median(took["portal"]), statistics.median(took["limit"])
        self.line("startup", db, ours, theirs, ours / theirs, "<= 40 ms or x3", ours <= max(40, 3 * theirs), " ms")

    def memory(self, db):
        data = self.data(db, LARGE).start()
        if "first" not in data.pages:
            self.lists(db, LARGE)
        idle, idle_limit = data.idle["portal"], data.idle["limit"]
        self.line("memory after start", db, idle, idle_limit, idle / idle_limit, "-", None, " MB")
        ours, theirs = data.portal.pss(), data.limit.pss()
        self.line("memory after the list load", db, ours, theirs, ours / theirs, "<= 50 MB", ours <= 50, " MB")

    def start_sink(self):
        """A mail server that only counts: its process, its port, and how to ask it for its counts (`r` sets them to zero)."""
        port, control = free_port(), free_port()
        sink = self.keep(Process([self.limit, "sink", str(port), str(control)], log=self.folder / "sink.log"))

        def counts(word=b"?"):
            with socket.create_connection(("127.0.0.1", control)) as link:
                link.sendall(word)
                return json.loads(link.makefile().read())

        deadline = time.time() + 10
        while True:
            try:
                counts()
                return sink, port, counts
            except OSError:
                if time.time() > deadline:
                    raise
                time.sleep(0.01)

    def mail_drain(self, db):
        data = self.data(db, SMALL)
        # The queue: invitations while the mail server is away, then due at once.
        queue = f"{data.name}queue"
        source = data.name
        if hasattr(data, "cookie"):
            self.end(data.portal), self.end(data.limit)
            del data.cookie
        data.copy(source, queue)
        away = data.start_portal(queue, ROLLCALL_SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
        cookie = data.sign_in(away)
        began = time.perf_counter()
        for n in range(MAILS // 100):
            emails = "\n".join(f"person{n}.{i}@drain.test" for i in range(100))
            answer = ask(away.port, LIST, cookie, {"emails": emails, "role": "agent"})
            if answer.status != 303:
                raise SystemExit(f"inviting 100 people was answered {answer.status}")
        took = time.perf_counter() - began
        self.end(away)
        data.sql("UPDATE mails SET attempts = 0, next_at = 0, leased_until = 0, lease = NULL, reason = NULL WHERE state = 'queued'", queue)
        waiting = int(data.sql("SELECT count(*) FROM mails WHERE state = 'queued'", queue)[0][0])
        if waiting != MAILS:
            self.warn(f"{waiting} mails wait instead of {MAILS}")
        self.line("mail-drain, queueing 100 x 100", db, MAILS / took, None, None, "-", None, "/s", " invitations made and queued")

        sink, port, counts = self.start_sink()
        runs, pool, size = [], [], 0
        for _ in range(self.rounds):
            data.copy(queue, f"{queue}run")
            counts(b"r")
            portal = data.start_portal(f"{queue}run", ROLLCALL_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=none")
            idle = peak = portal.pss()
            deadline = time.time() + 90
            while (seen := counts())["mails"] < waiting and time.time() < deadline:
                time.sleep(0.1)
                peak = max(peak, portal.pss())
            if seen["mails"] < waiting:
                self.warn(f"after 90 s only {seen['mails']} mails had come")
            marked = lambda: int(data.sql("SELECT count(*) FROM mails WHERE state = 'sent'", f"{queue}run")[0][0])
            while marked() < waiting and time.time() < deadline:
                time.sleep(0.02)
            left = time.time() - seen["last"]
            run = {"rps": seen["mails"] / (seen["last"] - seen["first"]), "cpu": portal.ticks() * 1e6 / TICKS / waiting, "idle": idle, "peak": peak, "marks": left}
            self.end(portal)
            seen = counts()
            if seen["mails"] != waiting:
                self.warn(f"the sink has {seen['mails']} mails of {waiting}")
            size = seen["bytes"] // max(seen["mails"], 1)
            runs.append(run)
            counts(b"r")
            subprocess.run([self.limit, "drain", str(port), "4", str(MAILS), str(size)], check=True)
            seen = counts()
            pool.append({"rps": seen["mails"] / (seen["last"] - seen["first"])})
        self.end(sink)
        ours, theirs = medians(runs), medians(pool)
        ratio = ours["rps"] / theirs["rps"]
        note = f" cpu {ours['cpu']:.0f} µs, {size} bytes a mail; all marked {ours['marks'] * 1000:.0f} ms after the last"
        self.line("mail-drain 10k", db, ours["rps"], theirs["rps"], ratio, ">= 0.35", ratio >= 0.35, "/s", note, portal_run=ours)
        grown = ours["peak"] - ours["idle"]
        self.line("mail-drain, memory above start", db, grown, None, None, "<= 10 MB", grown <= 10, " MB", f" peak {ours['peak']:.0f} MB")

    def file_of_people(self, tag, rows):
        """A CSV file of people whom nobody knows."""
        path = self.folder / f"{tag}.csv"
        path.write_text("email,role\n" + "".join(f"person{n}@{tag}.test,agent\n" for n in range(rows)))
        return path

    def upload(self, portal, cookie, path):
        """Uploads a file for a bulk invite; the path of its preview."""
        mark = "a-mark-that-no-file-has"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"\r\nContent-Type: text/csv\r\n\r\n'
        body = head.encode() + path.read_bytes() + f"\r\n--{mark}--\r\n".encode()
        link = http.client.HTTPConnection("127.0.0.1", portal.port, timeout=60)
        said = {"Origin": f"http://127.0.0.1:{portal.port}", "Cookie": cookie, "Content-Type": f"multipart/form-data; boundary={mark}"}
        with contextlib.closing(link):
            link.request("POST", BULK, body, said)
            answer = Answer(link.getresponse())
        if answer.status != 303:
            raise SystemExit(f"an upload was answered {answer.status}")
        return dict((name.lower(), value) for name, value in answer.headers)["location"]

    def limit_store(self, data, path, name=None):
        """Seconds that the limit program takes to check and store a file."""
        account = data.sql("SELECT id FROM accounts")[0][0]
        for table, column in (("bulk_invite_rows", "bulk_invite_id"), ("bulk_invites", "id")):
            data.sql(f"DELETE FROM {table} WHERE {column} = '01BNCHSTRE0000000000000000'", name)
        return float(subprocess.check_output([self.limit, "store", data.url_of(name or data.name), account, str(path)], text=True))

    def bulk_store(self, db):
        """From the upload of a file to the redirect to its preview, the rows compared with who is known and stored."""
        for members in (SMALL, LARGE):
            data = self.data(db, members).start()
            self.upload(data.portal, data.cookie, self.file_of_people("warm", 100))
            self.limit_store(data, self.file_of_people("warm", 100))
            ours, theirs, grown = [], [], 0
            for n in range(self.rounds):
                path = self.file_of_people(f"store{n}", SMALL)
                idle, began = data.portal.pss(), time.perf_counter()
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    uploading = pool.submit(self.upload, data.portal, data.cookie, path)
                    peak = idle
                    while not uploading.done():
                        peak = max(peak, data.portal.pss())
                        time.sleep(0.01)
                    preview = uploading.result()
                ours.append((time.perf_counter() - began) * 1000)
                grown = max(grown, peak - idle)
                began = time.perf_counter()
                if ask(data.portal.port, preview, data.cookie).status != 200:
                    raise SystemExit("there is no preview")
                seen = (time.perf_counter() - began) * 1000
                theirs.append(self.limit_store(data, path) * 1000)
            ours, theirs = statistics.median(ours), statistics.median(theirs)
            label = f"{members // 1000}k"
            self.line(f"bulk-store 10k into {label}", db, ours, theirs, ours / theirs, "<= 3.30", ours <= 3.3 * theirs, " ms", f" and its preview {seen:.0f} ms")
            self.line(f"bulk-store, memory into {label}", db, grown, None, None, "<= 64 MB", grown <= 64, " MB", " above what it had before the upload")

    def bulk_whole(self, db):
        """From the upload of 10,000 rows to the last of their mails at the server."""
        data = self.data(db, SMALL)
        if hasattr(data, "cookie"):
            self.end(data.portal), self.end(data.limit)
            del data.cookie
        run, path = f"{data.name}whole", self.file_of_people("whole", MAILS)
        sink, port, counts = self.start_sink()
        ours, theirs, stored, size = [], [], [], 2000
        for _ in range(self.rounds):
            data.copy(data.name, run)
            counts(b"r")
            portal = data.start_portal(run, ROLLCALL_SMTP_URL=f"smtp://127.0.0.1:{port}?tls=none")
            cookie = data.sign_in(portal)
            began = time.time()
            preview = self.upload(portal, cookie, path)
            if ask(portal.port, f"{preview}/sending", cookie, {}).status != 303:
                raise SystemExit("the file was not sent")
            settled = lambda: int(data.sql("SELECT invited FROM bulk_invites", run)[0][0])
            while settled() < MAILS and time.time() < began + 90:
                time.sleep(0.02)
            stored.append(time.time() - began)
            while (seen := counts())["mails"] < MAILS and time.time() < began + 120:
                time.sleep(0.02)
            if seen["mails"] < MAILS:
                self.warn(f"after {time.time() - began:.0f} s only {seen['mails']} mails had come")
            ours.append(seen["last"] - began)
            size = seen["bytes"] // max(seen["mails"], 1)
            self.end(portal)
            data.copy(data.name, run)
            took = self.limit_store(data, path, run)
            counts(b"r")
            subprocess.run([self.limit, "drain", str(port), "4", str(MAILS), str(size)], check=True)
            seen = counts()
            theirs.append(took + seen["last"] - seen["first"])
        self.end(sink)
        ours, theirs = statistics.median(ours), statistics.median(theirs)
        note = f" all invited after {statistics.median(stored):.2f} s"
        self.line("bulk-whole 10k", db, ours, theirs, ours / theirs, "<= 3.30", ours <= 3.3 * theirs, " s", note)

    def weight(self, db):
        data = self.data(db, LARGE).start()
        page = ask(data.portal.port, LIST, data.cookie, gzipped=True)
        html = gzip.decompress(page.body).decode()
        sizes = {"page": (len(page.body), len(html), 25)}
        for kind, goal in (("css", 8), ("js", 4)):
            path = re.search(rf'"(/static/[^"]+\.{kind})"', html)[1]
            answer = ask(data.portal.port, path, gzipped=True)
            sizes[kind] = (len(answer.body), len(gzip.decompress(answer.body)), goal)
            lasting = dict((name.lower(), value) for name, value in answer.headers).get("cache-control", "")
            if "immutable" not in lasting:
                self.warn(f"{path} is not cached for good: {lasting}")
        for name, (packed, plain, goal) in sizes.items():
            self.line(f"weight {name}", "", packed / 1000, None, None, f"<= {goal} kB", packed <= goal * 1000, " kB", f" gzip, {plain / 1000:.1f} kB plain")
        ours, theirs = data.page_bytes
        self.line("weight page, the limit's beside", "", ours / 1000, theirs / 1000, ours / theirs, "0.9 to 1.1", 0.9 <= ours / theirs <= 1.1, " kB", " plain")

    def close(self):
        for process in reversed(self.started):
            if process.child.poll() is not None:
                print(f"  ! {' '.join(process.child.args[:2])} had ended before: {process.child.returncode}", flush=True)
            process.stop()
        if self.postgres:
            self.postgres.stop()
        if sys.exc_info()[0] in (None, KeyboardInterrupt):
            shutil.rmtree(self.folder, ignore_errors=True)
        else:
            print(f"  ! logs and data are kept in {self.folder}", flush=True)


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"model name\s*: (.*)", text)
    return {"cpu": model[1] if model else "unknown", "cores": os.cpu_count(), "load": os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser(prog="bin/bench", description="The portal against the limit program, in one run (docs/speed.md).")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"what to measure, of {', '.join(NAMES)}; all when left out")
    parser.add_argument("--db", choices=["sqlite", "postgres"], help="only this database")
    parser.add_argument("--no-build", action="store_true", help="take the programs as they are")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="length of one run")
    parser.add_argument("--target", default="target", help=argparse.SUPPRESS)
    args = parser.parse_args()
    unknown = [name for name in args.names if name not in NAMES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: not among {', '.join(NAMES)}")
    names = [name for name in NAMES if name in args.names or not args.names]
    where = machine()
    if where["load"] > 1:
        print(f"  ! the load is {where['load']:.1f}: others are using this machine, so only ratios and processor time mean something", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    began, bench = time.time(), Bench(args)
    print(f"{'name':<36} {'portal':>11} {'limit':>11} {'ratio':>6}  {'goal':<18} {'':<6}")
    try:
        for db in [args.db] if args.db else ["sqlite", "postgres"]:
            for name in names:
                # What does not depend on the database is measured once.
                if name != "weight" or db == (args.db or "sqlite"):
                    getattr(bench, name.replace("-", "_"))(db)
            for data in [data for (kind, _), data in bench.datas.items() if kind == db and hasattr(data, "cookie")]:
                bench.end(data.portal), bench.end(data.limit)
    finally:
        bench.close()
    results = pathlib.Path("bench-results")
    results.mkdir(exist_ok=True)
    stamp = time.strftime("%Y-%m-%dT%H%M%S", time.gmtime(began))
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    whole = {"at": stamp, "commit": commit, "machine": where, "seconds": round(time.time() - began), "warnings": bench.warnings, "lines": bench.lines}
    path = results / f"{stamp}.json"
    path.write_text(json.dumps(whole, indent=1) + "\n")
    short = sum(line["verdict"] == "short" for line in bench.lines)
    print(f"{short} short of {len(bench.lines)}; {whole['seconds']} s; {path}")


if __name__ == "__main__":
    main()
