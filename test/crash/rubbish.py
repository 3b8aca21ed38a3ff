#!/usr/bin/env python3
"""Sends the worst that can be sent, at full size, to a server of its own and prints what it answered and how much memory it took at the most: a body of 1 GB,
a million distinct unknown modules, a gzip bomb of 10 GB, JSON nested a million deep. Afterwards an honest batch must be counted.

usage: test/crash/rubbish.py [--port 5420] [--server PATH]      Build src/Sunsetter.Server first."""
import argparse, gzip, http.client, io, json, os, shutil, subprocess, tempfile, time, urllib.request, zlib

here = os.path.dirname(os.path.abspath(__file__))
options = argparse.ArgumentParser()
options.add_argument('--port', type=int, default=5420)
options.add_argument('--server', default=os.path.join(here, '../../src/Sunsetter.Server/bin/Debug/net10.0/Sunsetter.Server'))
options = options.parse_args()
data = tempfile.mkdtemp(prefix='sunsetter-rubbish-')
environment = dict(os.environ, SUNSETTER_ADMIN_TOKEN='rubbish-token', **{'Logging__LogLevel__Default': 'Critical'})
environment.pop('SUNSETTER_DATABASE', None)
server = subprocess.Popen([options.server, '--port', str(options.port), '--data', data], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
for _ in range(600):
    try:
        urllib.request.urlopen(f'http://127.0.0.1:{options.port}/health/live', timeout=2)
        break
    except OSError:
        time.sleep(0.1)


def memory(name):
    return int(next(line for line in open(f'/proc/{server.pid}/status') if line.startswith(name)).split()[1]) / 1024


def send(body, encoding=None, length=None):
    """Sends pieces as they are made; says what came back, also where the server hung up before the end."""
    connection = http.client.HTTPConnection('127.0.0.1', options.port, timeout=120)
    headers = {'Authorization': 'Bearer rubbish-token', 'Content-Type': 'application/json'}
    if encoding:
        headers['Content-Encoding'] = encoding
    sent = 0
    connection.putrequest('POST', '/edge/v1/usage')
    for header in headers.items():
        connection.putheader(*header)
    connection.putheader(*(('Content-Length', str(length)) if length else ('Transfer-Encoding', 'chunked')))
    connection.endheaders()
    try:
        for piece in body:
            connection.send(piece if length else b'%x\r\n%s\r\n' % (len(piece), piece))
            sent += len(piece)
        if not length:
            connection.send(b'0\r\n\r\n')
    except OSError:
        pass
    try:
        answer = connection.getresponse()
        return answer.status, answer.read(), sent
    except (OSError, http.client.HTTPException) as lost:
        return type(lost).__name__, b'', sent


def report(what, answer):
    status, text, sent = answer
    print(f'| {what} | {sent / 1e6:,.0f} MB | {status} {json.loads(text).get("code", "") if text else ""} | {memory("VmHWM"):.0f} MB |', flush=True)


def batch(name, events):
    return json.dumps({'batch': name, 'events': events}).encode()


now = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() - 3600))
event = lambda module, user='u': {'time': now, 'module': module, 'customer': 'c', 'user': user}
assert send([batch('first', [event('m')])])[0] == 202
print('| what | sent until the answer | answer | most memory so far |\n|---|---:|---|---:|')
print(f'| (an honest batch) | | 202 | {memory("VmHWM"):.0f} MB |')
line = json.dumps(event('m')).encode() + b','
piece = line * (1_000_000 // len(line))
report('a body of 1 GB that says so', send((piece for _ in range(1_000)), length=1_000 * len(piece)))
report('a body of 1 GB in chunks', send([b'{"batch":"g","events":['] + [piece] * 1_000))
packer, bomb = zlib.compressobj(9, wbits=31), io.BytesIO()
for _ in range(10_000):
    bomb.write(packer.compress(b' ' * 1_000_000))
bomb.write(packer.flush())
report('10 GB of blanks, gzip', send([bomb.getvalue()], 'gzip'))
report('a million open brackets', send([b'{"batch":"d","events":' + b'[' * 1_000_000]))
accepted = rejected = 0
for part in range(20):
    status, text, sent = send([batch(f'many-{part}', [event(f'unknown-{part * 50_000 + n}') for n in range(50_000)])])
    assert status == 202, (status, text)
    accepted, rejected = accepted + json.loads(text)['accepted'], rejected + json.loads(text)['rejected']
print(f'| a million unknown modules, 20 batches | | 202: {accepted:,} counted, {rejected:,} rejected and named (the first 1,000 of a batch) | {memory("VmHWM"):.0f} MB |')
assert accepted + rejected == 1_000_000
assert send([batch('last', [event('m', 'v')])])[0] == 202
print(f'| an honest batch afterwards | | 202 | {memory("VmHWM"):.0f} MB |')
server.terminate()
server.wait()
shutil.rmtree(data, ignore_errors=True)
