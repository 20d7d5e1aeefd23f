"""Real nodes for the benchmarks: processes of build/comity with keys, stores and TLS of their own,
their API over the Unix socket, invented records, a counting relay, and the load generator.

Used by the drivers beside it (exchange.py, kills.py, law.py, look.py, whole.py), which print the
lines."""
import http.client
import json
import os
import random
import select
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time

SOURCE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get('BENCH_BUILD', os.path.join(SOURCE, 'build'))
COMITY = os.path.join(BUILD, 'comity')
LOAD = os.path.join(BUILD, 'bench', 'bench-load')
DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
PURPOSE = {'purpose': 'criminal-investigation', 'reference': {'case': 'BENCH-1'}}
LOOK = 'purpose=criminal-investigation&case=BENCH-1'
IDLE_S = 20 # the server closes what is silent for 30 s
PASSWORD = 'an invented password'
AGREEMENT = '''agreement bench version 1
title en "Two nodes of a benchmark (no such treaty exists)"
parties NGA NER
in force from 2026-01-01 when all parties have signed
classification up to restricted
silence 90 days

article 1 en "Persons and things sought"
  share person where category in (wanted.arrest, wanted.locate)
    among parties for criminal-investigation, border-check by copy
    withhold field contact, financial
    on condition contact-owner, no-evidence, no-onward
    retain 3 years, review every 1 year
    answer urgent within 8 hours, otherwise within 3 days
  share vehicle, document, object where category is object.*
    among parties for criminal-investigation, border-check by copy
    on condition contact-owner, no-onward
    retain 5 years, review every 2 years
    answer urgent within 12 hours, otherwise within 7 days

annex
'''


def size(tiny, tenth, full):
    """How much to do: SCALE=full as the goals say, SCALE=tiny so little that only a test learns
    from it (tests/bench: the driver still works), otherwise a tenth of the goals."""
    return {'full': full, 'tiny': tiny}.get(os.environ.get('SCALE'), tenth)


def say(name, value, unit):
    text = '%.3f' % value if isinstance(value, float) else str(value)
    print(name, text, unit, flush=True)


def quantile(values, part):
    ordered = sorted(values)
    return ordered[int(part * (len(ordered) - 1))]


class LocalConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path):
        super().__init__('localhost', timeout=120)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Refused(Exception):
    """An answer of the node's that is no success."""


class Node:
    """One member's process; `where` is the folder of the benchmark."""

    def __init__(self, where, code, config=''):
        self.code = code
        self.dir = os.path.join(where, code)
        self.secret = os.path.join(where, 'secret')
        self.port = free_port()
        self.users_port = free_port()
        self.metrics_port = free_port()
        self.process = None
        self.connection = None
        self.used = 0.0
        self.prefix = []
        if not os.path.exists(self.secret):
            with open(os.open(self.secret, os.O_WRONLY | os.O_CREAT, 0o600), 'w') as f:
                f.write('an invented passphrase of a benchmark\n')
        self.command('init', '--member', code, '--realm', 'demo', '--alone', '--user', 'chief',
                     '--secret', self.secret)
        with open(os.path.join(self.dir, 'node.json'), encoding='utf-8') as f:
            self.root = json.load(f)['root']
        with open(os.path.join(self.dir, 'comity.conf'), 'w', encoding='utf-8') as f:
            f.write('[users]\nlisten = 127.0.0.1:%d\nsearches = 1000000\n%s\n'
                    '[partners]\nlisten = 127.0.0.1:%d\n\n[metrics]\nlisten = 127.0.0.1:%d\n'
                    % (self.users_port, config, self.port, self.metrics_port))

    def command(self, *words):
        done = subprocess.run([COMITY, '--dir', self.dir, *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise Refused(' '.join(words[:2]) + ': ' + done.stdout + done.stderr)
        return done.stdout

    def start(self):
        begun = time.monotonic()
        self.hang_up()
        with open(os.path.join(self.dir, 'log'), 'ab') as log:
            self.process = subprocess.Popen(
                self.prefix + [COMITY, '--dir', self.dir, 'serve', '--secret', self.secret],
                stdout=log, stderr=log, start_new_session=True)
        while time.monotonic() < begun + 120:
            if self.process.poll() is not None:
                raise Refused(self.code + ' does not start: ' + self.dir + '/log')
            try:
                self.get('/v1/status')
                return time.monotonic() - begun
            except (OSError, http.client.HTTPException):
                self.hang_up()
                time.sleep(0.002)
        raise Refused(self.code + ' does not answer')

    def end(self, how=signal.SIGTERM):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
        self.process = None
        self.hang_up()

    def hang_up(self):
        if self.connection is not None:
            self.connection.close()
        self.connection = None

    @property
    def socket(self):
        return os.path.join(self.dir, 'comity.sock')

    def call(self, method, path, body=None, headers=None):
        if time.monotonic() - self.used > IDLE_S:
            self.hang_up()
        self.used = time.monotonic()
        if self.connection is None:
            self.connection = LocalConnection(self.socket)
        data = None if body is None else json.dumps(body)
        self.connection.request(method, path, data,
                                {'Content-Type': 'application/json', **(headers or {})})
        reply = self.connection.getresponse()
        text = reply.read()
        answer = json.loads(text) if text else {}
        if reply.status >= 300:
            raise Refused('%s %s: %d %s' % (method, path, reply.status, answer))
        return answer

    def get(self, path):
        return self.call('GET', path)

    def post(self, path, body):
        return self.call('POST', path, body)

    def searchable(self):
        return self.get('/v1/status')['searchable']

    def partner(self, code):
        return self.get('/v1/partners/' + code)

    def settle(self, code, frames=0, seconds=120, pause=0.002):
        """Until nothing is unacknowledged, `frames` at least are; the partner's card."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            card = self.partner(code)
            if card['idle'] and card['numbered'] == card.get('acked', 0) >= frames:
                return card
            time.sleep(pause)
        raise Refused('%s does not settle: %s' % (self.code, card))

    def token(self, user):
        """A new officer of headquarters, logged in over the socket."""
        person = {'id': user, 'name': user, 'unit': 'headquarters', 'roles': ['officer'],
                  'languages': [], 'clearance': 'restricted'}
        self.call('PUT', '/v1/users/' + user, {'user': person, 'password': PASSWORD})
        return self.post('/v1/session', {'user': user, 'password': PASSWORD})['token']

    def root_pem(self):
        """The last certificate of the node's own chain, in a file."""
        with open(os.path.join(self.dir, 'tls', 'tls.pem'), encoding='utf-8') as f:
            chain = f.read()
        last = chain[chain.rindex('-----BEGIN CERTIFICATE'):]
        path = os.path.join(self.dir, 'root.pem')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(last[:last.index('-----END CERTIFICATE-----') + 26])
        return path

    def load(self, path, lines, connections=32, rate=0, seconds=0, **also):
        """Posts the bodies with the load generator; what it prints."""
        name = os.path.join(self.dir, 'bodies')
        if lines is not None:
            write_lines(name, lines)
        target, token = self.socket, '-'
        if 'token' in also:
            target = '127.0.0.1:%d=%s' % (self.users_port, self.root_pem())
            token = also['token']
        words = [LOAD, target, token, path, name, connections, also.get('count') or len(lines),
                 seconds, rate] + ([also['times']] if 'times' in also else [])
        out = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, check=True)
        answer = json.loads(out.stdout)
        if answer['failed']:
            raise Refused('load: ' + answer['first_failure'])
        return answer

    def threads_cpu_ms(self):
        """CPU time of every thread so far, the keeper's process included."""
        total = 0
        for pid in [self.process.pid] + children(self.process.pid):
            for task in os.listdir('/proc/%d/task' % pid):
                with open('/proc/%d/task/%s/schedstat' % (pid, task), encoding='ascii') as f:
                    total += int(f.read().split()[0])
        return total / 1e6

    def memory_mb(self, field):
        total = 0
        for pid in [self.process.pid] + children(self.process.pid):
            with open('/proc/%d/status' % pid, encoding='ascii') as f:
                line = [one for one in f if one.startswith(field + ':')]
            total += int(line[0].split()[1]) if line else 0
        return total / 1024

    def requests(self):
        """Requests that the node has answered, from /metrics; asking is one of them."""
        line = http.client.HTTPConnection('127.0.0.1', self.metrics_port)
        line.request('GET', '/metrics')
        text = line.getresponse().read().decode()
        line.close()
        return int(text.split('comity_requests_total ')[1].split()[0])


def children(pid):
    with open('/proc/%d/task/%d/children' % (pid, pid), encoding='ascii') as f:
        return [int(child) for child in f.read().split()]


def write_lines(path, lines):
    with open(path, 'w', encoding='utf-8') as f:
        for line in lines:
            f.write(line if isinstance(line, str) else json.dumps(line, separators=(',', ':')))
            f.write('\n')


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def folder(name):
    """A new folder on the disk that is measured; goes with the process."""
    where = os.environ.get('BENCH_DIR', os.path.join(BUILD, 'bench'))
    os.makedirs(where, exist_ok=True)
    return tempfile.mkdtemp(prefix='bench-%s-' % name, dir=where)


class Bench:
    """The folder and the nodes of one driver: ended and removed whatever happens."""

    def __init__(self, name):
        self.where = folder(name)
        self.nodes = []
        self.annex = ''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.end(signal.SIGKILL)
        if not os.environ.get('BENCH_KEEP'):
            shutil.rmtree(self.where, ignore_errors=True)

    def node(self, code, config=''):
        self.nodes.append(Node(self.where, code, config))
        return self.nodes[-1]

    def pair(self, addresses=None):
        """NGA and NER under an agreement, at what `addresses` says or where they listen."""
        a, b = self.node('NGA'), self.node('NER')
        at = addresses(a, b) if addresses else ['127.0.0.1:%d' % n.port for n in (a, b)]
        self.annex = ''.join('  party %s key %s at "%s"\n' % (n.code, n.root, address)
                             for n, address in zip((a, b), at))
        for node in (a, b):
            node.start()
        enter(a, b, propose(a, b, AGREEMENT + self.annex))
        for node, other in ((a, b), (b, a)):
            node.settle(other.code)
        return a, b


def propose(a, b, text):
    """An agreement that the first has signed and both hold; its path."""
    path = '/v1/agreements/' + a.post('/v1/agreements', {'text': text})['hash']
    a.post(path + '/sign', {})
    b.post('/v1/agreements', a.get(path + '/set'))
    return path


def enter(a, b, path):
    """The second signs, and it is in force on both sides: the last signature travels."""
    b.post(path + '/sign', {})
    for node in (a, b):
        wait(lambda n=node: n.get(path)['entered'])


def wait(true, seconds=60, pause=0.002):
    until = time.monotonic() + seconds
    while not true():
        if time.monotonic() > until:
            raise Refused('it does not come')
        time.sleep(pause)


class Relay:
    """Carries bytes between one listener and one port, and counts them. Closed: refuses."""

    def __init__(self, port):
        self.to = port
        self.lock = threading.Lock()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(('127.0.0.1', 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.open = True
        self.reset()
        threading.Thread(target=self.accept, daemon=True).start()

    def reset(self):
        self.bytes = [0, 0] # there, back
        self.turns = 0      # how often the direction changed
        self.connections = 0
        self.last = None

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            if not self.open:
                near.close()
                continue
            try:
                far = socket.create_connection(('127.0.0.1', self.to))
            except OSError: # as a closed port: the other side tries again
                near.close()
                continue
            self.connections += 1
            for s in (near, far):
                s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()

    def carry(self, near, far):
        while True:
            ready, _, _ = select.select([near, far], [], [])
            for s in ready:
                back = s is far
                try:
                    data = s.recv(65536)
                    (near if back else far).sendall(data)
                except OSError:
                    data = b''
                if not data:
                    near.close()
                    far.close()
                    return
                self.bytes[back] += len(data)
                self.turns += self.last is not None and self.last != back
                self.last = back


# -- invented records ----------------------------------------------------------------------------

FAMILY = ['MUSA', 'OUEDRAOGO', 'IBRAHIM', 'ADAMU', 'BELLO', 'DIALLO', 'SANI', 'TRAORE', 'KONE',
          'ABUBAKAR', 'MAHAMAT', 'OUMAR', 'YUSUF', 'HASSAN', 'GARBA', 'TCHANDA', 'NGARO', 'DANJUMA',
          'LAWAN', 'MODU', 'ISSOUFOU', 'SEYNI', 'HAROUNA', 'MAIGA', 'ZAKARI', 'ABDOU', 'FATOUMA']
GIVEN = ['Amina', 'Bukar', 'Chaibou', 'Dauda', 'Esther', 'Falmata', 'Grace', 'Habiba', 'Idrissa',
         'Jibrin', 'Kaltouma', 'Ladi', 'Moussa', 'Nafisa', 'Oumarou', 'Paul', 'Rakiya', 'Salif',
         'Tidjani', 'Umar', 'Yagana', 'Zara']
SYLLABLES = ['ba', 'da', 'fu', 'ga', 'ha', 'ji', 'ka', 'lo', 'mu', 'na', 'ri', 'so', 'ta', 'wa',
             'yu',
             'za', 'bou', 'dan', 'gar', 'man', 'sou', 'tou']


def record_id(owner, dice):
    return owner + '-' + DIGITS[dice.randrange(8)] + ''.join(dice.choices(DIGITS, k=25))


def statement(number, attribute, value):
    return {'attribute': attribute, 'basis': 'fact', 'id': 's%d' % number, 'value': value,
            'source': {'reference': 'bench file', 'unit': 'headquarters'}}


def alert(category, action, reason):
    return {'action': action, 'category': category, 'id': 'a1', 'reason': reason,
            'decision': {'authority': 'Invented Court', 'date': '2026-05-11', 'kind': 'report',
                         'number': 'BENCH-1/2026'},
            'offences': [{'mapped': {'code': 'PTY', 'list': 'offence', 'version': '6.00'},
                          'penalty_death': False, 'penalty_max_months': 120}],
            'recipients': {'never': []}, 'review': '2027-05-11', 'subject': ['suspect'],
            'unit': 'headquarters', 'valid': {'from': '2026-05-11', 'until': '2030-05-10'}}


def person(owner, dice):
    family = dice.choice(FAMILY) if dice.random() < 0.3 else ''.join(
        dice.choices(SYLLABLES, k=dice.randrange(2, 5))).upper()
    given = dice.choice(GIVEN)
    birth = '%04d-%02d-%02d' % (dice.randrange(1950, 2006), dice.randrange(1, 13),
                                dice.randrange(1, 29))
    one = alert('wanted.arrest', 'arrest', 'An invented reason of a benchmark')
    return {'alerts': [one], 'id': record_id(owner, dice), 'kind': 'person', 'owner': owner,
            'schema': 1, 'unit': 'headquarters', 'demo:invented': True,
            'statements': [
                statement(1, 'name', {'full': family + ' ' + given, 'parts': [
                    {'text': family, 'type': 'surname'}, {'text': given, 'type': 'given'}]}),
                statement(2, 'birth-date', {
                    'from': birth, 'quality': 'exact', 'to': birth, 'written': birth}),
                statement(3, 'nationality', {'country': 'NGA'})]}


def document(owner, dice, number):
    one = alert('object.invalid', 'seize', 'Declared stolen; invented for a benchmark')
    one['subject'] = ['none-known']
    return {'alerts': [one], 'id': record_id(owner, dice), 'kind': 'document', 'owner': owner,
            'schema': 1, 'unit': 'headquarters', 'demo:invented': True,
            'statements': [
                statement(1, 'document', {'country': 'NGA', 'number': number, 'status': 'stolen',
                                          'type': 'passport'}),
                statement(2, 'status', {'code': 'stolen'})]}


def number_of(i):
    return 'B%08d' % (i * 7919 % 100000000)


def puts(count, seed, owner='NGA', share_of_persons=0.2):
    """`count` bodies for POST /v1/records of about one kilobyte."""
    dice = random.Random(seed)
    for i in range(count):
        one = person(owner, dice) if dice.random() < share_of_persons else document(
            owner, dice, number_of(seed * 1000003 + i))
        yield json.dumps({'record': one}, separators=(',', ':'))


def pages(records, size=200):
    """Bodies of POST /v1/records, so many records each."""
    page = []
    for record in records:
        page.append(record)
        if len(page) == size:
            yield json.dumps({'entries': page}, separators=(',', ':'))
            page = []
    if page:
        yield json.dumps({'entries': page}, separators=(',', ':'))


def fsync_ms(where, rounds=200):
    """Median fdatasync of 4 kB behind a file's end."""
    times = []
    fd = os.open(where, os.O_TMPFILE | os.O_RDWR, 0o600)
    for i in range(rounds):
        begun = time.perf_counter()
        os.pwrite(fd, b'\1' * 4096, i * 4096)
        os.fdatasync(fd)
        times.append((time.perf_counter() - begun) * 1e3)
    os.close(fd)
    return statistics.median(times)
