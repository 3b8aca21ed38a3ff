#!/usr/bin/env python3
"""Proves that every acknowledged event is stored once: the server is killed (SIGKILL) again and again, or its disk is filled, while six senders send
batches of usage and repeat each until it is acknowledged. Then every stored count and set is compared with what was acknowledged.

usage: test/crash/usage.py [--postgres] [--kills 50] [--full] [--port 5410] [--database-port 5411] [--server PATH]
  --postgres   PostgreSQL, a private instance that keeps its promises (fsync); without: SQLite
  --kills N    so many deaths
  --full       no deaths: the disk is full for a while instead (the data lie on a small tmpfs that is filled up and freed again; needs root)
Build src/Sunsetter.Server first."""
import argparse, datetime, glob, http.client, json, os, random, shutil, signal, sqlite3, struct, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

here = os.path.dirname(os.path.abspath(__file__))
options = argparse.ArgumentParser()
options.add_argument('--postgres', action='store_true')
options.add_argument('--kills', type=int, default=50)
options.add_argument('--full', action='store_true')
options.add_argument('--port', type=int, default=5410)
options.add_argument('--database-port', type=int, default=5411)
options.add_argument('--server', default=os.path.join(here, '../../src/Sunsetter.Server/bin/Debug/net10.0/Sunsetter.Server'))
options = options.parse_args()
address = f'http://127.0.0.1:{options.port}'
data = tempfile.mkdtemp(prefix='sunsetter-crash-')
environment = dict(os.environ, SUNSETTER_ADMIN_TOKEN='crash-token', **{'Logging__LogLevel__Default': 'Critical'})
environment.pop('SUNSETTER_DATABASE', None)
small = os.path.join(data, 'small')
os.mkdir(small)
if options.full:
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=160m,mode=777', 'tmpfs', small], check=True)


class Postgres:
    def __init__(self):
        self.bin = sorted(glob.glob('/usr/lib/postgresql/*/bin'))[-1]
        self.home = os.path.join(small if options.full else data, 'pg')
        os.makedirs(self.home)
        os.chmod(data, 0o755)
        shutil.chown(self.home, 'postgres')
        self.port = options.database_port
        self.run(f'{self.bin}/initdb -D {self.home}/d -A trust --wal-segsize=1')
        with open(f'{self.home}/d/postgresql.conf', 'a') as settings:
            settings.write(f"port={self.port}\nunix_socket_directories='{self.home}'\nlisten_addresses='127.0.0.1'\nmin_wal_size=2MB\nmax_wal_size=24MB\nrestart_after_crash=on\n")
        self.start()
        self.run(f'{self.bin}/createdb -h {self.home} -p {self.port} -U postgres crash')

    def run(self, command, check=True):
        return subprocess.run(['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', 'sh', '-c', command], check=check, capture_output=True, text=True).stdout

    def start(self):
        self.run(f'{self.bin}/pg_ctl -D {self.home}/d -l {self.home}/log -w start >/dev/null 2>&1', check=False)

    def alive(self):
        return 'accepting' in self.run(f'{self.bin}/pg_isready -h {self.home} -p {self.port}', check=False)

    def rows(self, query):
        return [line.split('|') for line in self.run(f'{self.bin}/psql -h {self.home} -p {self.port} -U postgres -At crash -c "{query}"').splitlines()]

    def stop(self):
        self.run(f'{self.bin}/pg_ctl -D {self.home}/d -m immediate stop >/dev/null 2>&1', check=False)


postgres = Postgres() if options.postgres else None
if postgres:
    environment['SUNSETTER_DATABASE'] = f'Host=127.0.0.1;Port={postgres.port};Database=crash;Username=postgres;Timeout=5'
folder = data if postgres or not options.full else small


def start():
    process = subprocess.Popen([options.server, '--port', str(options.port), '--data', folder], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(1200):
        try:
            urllib.request.urlopen(address + '/health/live', timeout=2)
            return process
        except (OSError, http.client.HTTPException):
            if process.poll() is not None:
                return start()
            time.sleep(0.05)
    raise SystemExit('the server does not start')


expected, lock, number, acknowledged, repeated, refusals, stop = {}, threading.Lock(), [0], [0], [0], {}, threading.Event()


def batch(n):
    chance = random.Random(n)
    return {'batch': f'b{n}', 'events': [{'time': f'2026-11-2{chance.randint(0, 1)}T1{chance.randint(0, 9)}:00:00Z', 'module': f'm{chance.randint(0, 2)}', 'customer': f'c{chance.randint(0, 4)}',
            'user': f'u{chance.randint(0, 999)}-{n % 97 if options.full else 0}', 'count': chance.randint(1, 3)} for _ in range(1000 if options.full else 50)]}


def send():
    while not stop.is_set():
        with lock:
            number[0] += 1
            n = number[0]
        sent = batch(n)
        body = json.dumps(sent).encode()
        while True:
            try:
                request = urllib.request.Request(address + '/edge/v1/usage', data=body, headers={'Authorization': 'Bearer crash-token', 'Content-Type': 'application/json'})
                answer = json.load(urllib.request.urlopen(request, timeout=20))
            except urllib.error.HTTPError as refused:
                with lock:
                    refusals[refused.code] = refusals.get(refused.code, 0) + 1
                time.sleep(0.2)
                continue
            except (OSError, http.client.HTTPException):
                # No answer, or half of one.
                time.sleep(0.05)
                continue
            assert answer['accepted'] == len(sent['events']) and answer['rejected'] == 0, answer
            with lock:
                acknowledged[0] += 1
                repeated[0] += answer['duplicate']
                for event in sent['events']:
                    day = expected.setdefault((event['module'], event['customer'], event['time'][:10]), [0, set()])
                    day[0] += event['count']
                    day[1].add(event['user'])
            break


def varint(bytes, at):
    value = shift = 0
    while True:
        value |= (bytes[at] & 127) << shift
        at += 1
        if bytes[at - 1] < 128:
            return value, at
        shift += 7


def calls_of(figures):
    calls, at, module = {}, 0, 0
    while at < len(figures):
        step, minutes = figures[at] & 15, figures[at] >> 4
        at += 1
        if step == 15:
            more, at = varint(figures, at)
            step += more
        module += step
        _, at = varint(figures, at)
        calls[module], at = varint(figures, at)
        at += minutes if minutes < 5 else 0
    return calls


def users_of(roaring, width):
    """The Roaring format as its specification says, read without our code: a value is the module × 2^width + the user."""
    cookie, = struct.unpack_from('<I', roaring)
    runs = cookie & 0xffff == 12347
    count = (cookie >> 16) + 1 if runs else struct.unpack_from('<I', roaring, 4)[0]
    at = 4 if runs else 8
    flags = roaring[at:at + (count + 7) // 8] if runs else b''
    at += len(flags)
    heads = [struct.unpack_from('<HH', roaring, at + 4 * i) for i in range(count)]
    at += 4 * count + (4 * count if not runs or count >= 4 else 0)
    users = {}
    for i, (key, size) in enumerate(heads):
        size += 1
        if runs and flags[i // 8] >> i % 8 & 1:
            pairs, = struct.unpack_from('<H', roaring, at)
            values = [v for p in range(pairs) for s, l in [struct.unpack_from('<HH', roaring, at + 2 + 4 * p)] for v in range(s, s + l + 1)]
            at += 2 + 4 * pairs
        elif size <= 4096:
            values = list(struct.unpack_from(f'<{size}H', roaring, at))
            at += 2 * size
        else:
            values = [v for v in range(65536) if roaring[at + v // 8] >> v % 8 & 1]
            at += 8192
        for value in values:
            module, user = divmod(key << 16 | value, 1 << int(width))
            users.setdefault(module, []).append(user)
    return users


def stored():
    queries = 'select id, key from usage_module', 'select id, key from usage_customer', 'select customer_id, start, names from usage_user', 'select day, customer_id, block, width, figures, users from usage_day'
    if postgres:
        modules, customers, names, days = [postgres.rows(query.replace('figures, users', "encode(figures,'hex'), encode(users,'hex')").replace('names from', "encode(names,'hex') from")) for query in queries]
    else:
        database = sqlite3.connect(folder + '/sunsetter.db')
        modules, customers, names, days = [database.execute(query).fetchall() for query in queries]
    raw = bytes.fromhex if postgres else bytes
    modules, customers = {int(i): k for i, k in modules}, {int(i): k for i, k in customers}
    name = {}
    for customer, first, block in names:
        block, at, user = raw(block), 0, int(first)
        while at < len(block):
            length, at = varint(block, at)
            name[int(customer), user] = block[at:at + length].decode()
            at, user = at + length, user + 1
    got = {}
    for day, customer, block, width, figures, users in days:
        calls, sets = calls_of(raw(figures)), users_of(raw(users), width)
        date = (datetime.date(1, 1, 1) + datetime.timedelta(days=int(day))).isoformat()
        for module, values in sets.items():
            got[modules[module], customers[int(customer)], date] = [calls[module], {name[int(customer), (int(block) << 16) + value] for value in values}]
    return got


chance, deaths, fulls = random.Random(7), 0, 0
server = start()
senders = [threading.Thread(target=send, daemon=True) for _ in range(6)]
for sender in senders:
    sender.start()
try:
    if options.full:
        filler = os.path.join(small, 'filler')
        for fulls in range(1, 4):
            time.sleep(4)
            with open(filler, 'wb') as file:
                try:
                    while True:
                        file.write(bytes(1 << 20))
                        file.flush()
                except OSError:
                    pass
            time.sleep(6)
            os.remove(filler)
            # PostgreSQL may stop itself where it cannot write its log; a supervisor starts it again.
            if postgres and not postgres.alive():
                postgres.stop()
                postgres.start()
        time.sleep(4)
    while not options.full and deaths < options.kills:
        time.sleep(chance.uniform(0.2, 1.2))
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        deaths += 1
        server = start()
    stop.set()
    for sender in senders:
        sender.join(120)
        assert not sender.is_alive(), 'a batch was never acknowledged'
    assert acknowledged[0] == number[0], 'a sender ended before its batch was acknowledged'
    os.kill(server.pid, signal.SIGTERM)
    server.wait()
    got = stored()
    same = got == expected
    print(f"{'PostgreSQL' if postgres else 'SQLite'}: {f'{fulls} times full' if options.full else f'{deaths} deaths'}, {acknowledged[0]} batches with {sum(c for c, _ in expected.values())} calls acknowledged, "
          f"{repeated[0]} of them stored before a death that swallowed the answer, refusals {refusals}, {len(got)} counts and sets of users {'all equal' if same else 'NOT EQUAL'}")
    sys.exit(not same)
finally:
    if server.poll() is None:
        server.kill()
    if postgres:
        postgres.stop()
    if options.full:
        subprocess.run(['umount', '-l', small])
    shutil.rmtree(data, ignore_errors=True)
