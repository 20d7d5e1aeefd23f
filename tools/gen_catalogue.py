#!/usr/bin/python3
"""Make the C tables of the editions of the catalogue, or say what is wrong with one.

usage: gen_catalogue.py [--check] ROOT [OUTPUT.inc]

Reads ROOT/catalogue/editions/*.txt and ROOT/catalogue/identity.txt, whose format stands in
catalogue/README.md. A mistake is said as FILE:LINE: rule: what is wrong; what to do. Every mistake
is said at once; nothing is written when there is one.
"""
import pathlib
import re
import sys

KINDS = ['person', 'document', 'vehicle', 'firearm', 'vessel', 'aircraft', 'container', 'object',
         'account', 'organisation', 'place', 'event', 'indicator', 'sample']
UNITS = ['hours', 'days', 'working-days', 'months', 'years']
ENTRIES = {'refuse': 'ENTRY_REFUSED', 'queue': 'ENTRY_WAITS', 'consult': 'ENTRY_CONSULTS',
           'enter': 'ENTRY_FREE'}
PARTS = ['name', 'birth-date', 'sex', 'document', 'vin', 'plate', 'make', 'type', 'serial', 'hull',
         'aircraft-registration', 'container-number', 'banknote', 'iban']
SAID = {'en': 1, 'fr': 1}
# block: {property: how often at most}; "!" those that must stand
BLOCKS = {
    'edition': ({'status', 'en', 'fr', 'source', 'check-order', 'one-each'},
                {'status', 'en', 'fr', 'check-order'}),
    'period': ({'en', 'fr', 'basis', 'unverified'}, {'en', 'fr'}),
    'rule': ({'en', 'fr', 'basis', 'unverified'}, {'en', 'fr'}),
    'table': ({'for', 'basis', 'lower', 'higher', 'at-once', 'unverified'},
              {'for', 'lower', 'higher'}),
    'class': ({'alerts', 'with', 'unverified'}, {'alerts', 'with'}),
    'list': ({'attributes', 'misused', 'last-resort', 'basis', 'unverified'}, {'attributes'}),
    'category': ({'for', 'basis', 'asked-en', 'asked-fr', 'does-en', 'does-fr', 'action', 'check',
                  'require', 'decision', 'closed', 'values', 'penalty', 'review', 'review-long',
                  'flag', 'unverified'}, {'for', 'require'}),
    'same': ({'basis', 'twin', 'unverified'}, set()),
}
MANY = {'source', 'values'}
PAIRS = (('en', 'fr'), ('asked-en', 'asked-fr'), ('does-en', 'does-fr'))
REQUIRED_PERIODS = ('deletion-warning',)


class Faults:
    def __init__(self):
        self.lines = []

    def add(self, path, line, rule, what):
        self.lines.append(f'{path}:{line}: {rule}: {what}')


class Block:
    """One block: its head and its properties, each with its line."""

    def __init__(self, word, head, line):
        self.word, self.head, self.line, self.rows = word, head, line, []

    def get(self, name, default=''):
        return next((text for key, text, _ in self.rows if key == name), default)

    def at(self, name):
        return next((line for key, _, line in self.rows if key == name), self.line)

    def has(self, name):
        return any(key == name for key, _, _ in self.rows)


class Codes:
    """Rows of catalogue/codes, and the names that C knows."""

    def __init__(self, root):
        self.lists = {}
        for name in ('category', 'action', 'check', 'decision'):
            rows, head = [], 0
            path = root / 'catalogue' / 'codes' / f'{name}.txt'
            for line in path.read_text(encoding='utf-8').splitlines():
                if line and not line.startswith('#'):
                    head += 1
                    if head > 3:
                        rows.append(line.split('\t')[0])
            self.lists[name] = rows
        text = (root / 'catalogue' / 'schema' / 'attributes.txt').read_text(encoding='utf-8')
        self.attributes = {line.split()[0] for line in text.splitlines()
                           if line.split() and not line.startswith('#')}
        text = (root / 'src' / 'catalogue' / 'field.def').read_text(encoding='utf-8')
        self.fields = re.findall(r'^FIELD\(\w+, "([a-z-]+)"', text, re.M)


def read(path, shown, faults):
    blocks = []
    for number, line in enumerate(path.read_text(encoding='utf-8').splitlines(), 1):
        if not line.strip() or line.startswith('#'):
            continue
        if line != line.rstrip() or '\t' in line:
            faults.add(shown, number, 'layout', 'tabs or spaces at the end; use spaces, none at '
                       'the end')
        word, _, rest = line.strip().partition(' ')
        if not line.startswith(' '):
            if word not in BLOCKS:
                faults.add(shown, number, 'unknown-block', f'"{word}"; write one of '
                           + ', '.join(BLOCKS))
                blocks.append(Block('?', rest, number))
                continue
            blocks.append(Block(word, rest.strip(), number))
            continue
        if not blocks:
            faults.add(shown, number, 'no-block', 'a property before any block; begin with '
                       '"edition NAME"')
            continue
        blocks[-1].rows.append((word, rest.strip(), number))
    return [block for block in blocks if block.word != '?']


class Checker:
    """One file, checked block by block."""

    def __init__(self, shown, codes, faults):
        self.shown, self.codes, self.faults = shown, codes, faults

    def fail(self, line, rule, what):
        self.faults.add(self.shown, line, rule, what)

    def properties(self, block):
        known, wanted = BLOCKS[block.word]
        seen = set()
        for name, text, line in block.rows:
            if name not in known:
                self.fail(line, 'unknown-property', f'"{name}" of a {block.word}; it has '
                          + ', '.join(sorted(known)))
            if name in seen and name not in MANY:
                self.fail(line, 'twice', f'"{name}" stands twice; keep one')
            if not text and name != 'unverified':
                self.fail(line, 'empty', f'"{name}" says nothing; fill it or take it out')
            seen.add(name)
        for name in sorted(wanted - seen):
            self.fail(block.line, 'missing', f'a {block.word} needs "{name}"; add the line')
        for a, b in PAIRS:
            if (a in seen) != (b in seen):
                self.fail(block.line, 'one-language', f'"{a}" and "{b}" stand together; add the '
                          'other')
        for word in block.get('unverified').split():
            if not any(key.startswith(word) for key in seen):
                self.fail(block.at('unverified'), 'unverified-nothing',
                          f'"{word}" is no property of this block; name one that is')

    def words(self, block, name, known, what):
        out = block.get(name).split()
        for word in out:
            if word not in known:
                self.fail(block.at(name), 'unknown-' + what, f'"{word}"; choose from '
                          + ', '.join(known))
        if len(set(out)) != len(out):
            self.fail(block.at(name), 'twice', f'a word of "{name}" stands twice; keep one')
        return [word for word in out if word in known]

    def number(self, block, name, text):
        if not re.fullmatch(r'[1-9][0-9]{0,3}', text):
            self.fail(block.at(name), 'bad-number', f'"{text}"; write a whole number from 1 to '
                      '9999')
            return 0
        return int(text)

    def months(self, block, name):
        words = block.get(name).split()
        if len(words) < 2 or words[1] != 'months':
            self.fail(block.at(name), 'bad-period', f'"{block.get(name)}"; write it as "36 months"')
            return 0
        return self.number(block, name, words[0])

    def kinds(self, block):
        return sum(1 << KINDS.index(kind) for kind in self.words(block, 'for', KINDS, 'kind'))

    def mask(self, block, name):
        known = self.codes.lists[name]
        return sum(1 << known.index(word) for word in self.words(block, name, known, name))

    def alert(self, block, text):
        category, _, check = text.partition(':')
        if category not in self.codes.lists['category']:
            self.fail(block.at('alerts'), 'unknown-category', f'"{category}"; choose one of '
                      'catalogue/codes/category.txt')
        if check and check not in self.codes.lists['check']:
            self.fail(block.at('alerts'), 'unknown-check', f'"{check}"; choose one of '
                      'catalogue/codes/check.txt')

    def table(self, table, classes):
        names = [one.head for one in classes]
        seen = {}
        if len(names) > 32:
            self.fail(table.line, 'too-many', 'a table has at most 32 classes; join some')
        for one in classes:
            if names.count(one.head) > 1:
                self.fail(one.line, 'twice', f'class "{one.head}" stands twice; rename one')
            for text in one.get('alerts').split():
                self.alert(one, text)
                if text in seen:
                    self.fail(one.at('alerts'), 'in-two-classes', f'"{text}" is in "{seen[text]}" '
                              'as well; keep one')
                seen[text] = one.head
            for other in self.words(one, 'with', names, 'class'):
                mate = classes[names.index(other)]
                if one.head not in mate.get('with').split():
                    self.fail(one.at('with'), 'not-mutual', f'"{one.head}" goes with "{other}" but '
                              'not the other way round; say it in both or in neither')
        for name in ('lower', 'higher'):
            self.words(table, name, list(ENTRIES), 'outcome')
        self.words(table, 'at-once', names, 'class')

    def category(self, block, lists, seen):
        for name in block.head.split():
            if name != '*' and name not in self.codes.lists['category']:
                self.fail(block.line, 'unknown-category', f'"{name}"; choose one of '
                          'catalogue/codes/category.txt')
            for kind in block.get('for').split():
                if (name, kind) in seen:
                    self.fail(block.line, 'twice', f'"{name}" for {kind} stands in line '
                              f'{seen[name, kind]} as well; keep one')
                seen[name, kind] = block.line
        self.kinds(block)
        for name in ('action', 'check', 'decision'):
            self.mask(block, name)
        self.words(block, 'require', self.codes.fields, 'field')
        if 'check' in block.get('action').split() and not block.has('check'):
            self.fail(block.line, 'missing', 'the action "check" needs "check" with its types; add '
                      'the line')
        self.words(block, 'closed', [one.head for one in lists], 'list')
        for key, text, line in block.rows:
            if key == 'values' and text.split()[0] not in self.codes.attributes:
                self.fail(line, 'unknown-attribute', f'"{text.split()[0]}"; choose one of '
                          'catalogue/schema/attributes.txt')
        if block.has('review'):
            self.months(block, 'review')
        if block.has('review-long'):
            words = block.get('review-long').split()
            if len(words) != 4 or words[2] != 'when-decision-exceeds':
                self.fail(block.at('review-long'), 'bad-period', 'not understood; write '
                          '"60 months when-decision-exceeds 36"')
        if block.has('penalty') and not re.fullmatch(r'[0-9]+ months( served [0-9]+)?',
                                                     block.get('penalty')):
            self.fail(block.at('penalty'), 'bad-penalty', 'not understood; write "24 months '
                      'served 6"')
        flag = block.get('flag', 'any')
        if flag not in ('no', 'any', 'not-shown') and flag not in self.codes.lists['action']:
            self.fail(block.at('flag'), 'unknown-flag', f'"{flag}"; write no, any, not-shown or an '
                      'action')

    def closed(self, block):
        for name in ('attributes', 'misused'):
            self.words(block, name, sorted(self.codes.attributes), 'attribute')
        if block.has('last-resort') and ' behind ' not in block.get('last-resort'):
            self.fail(block.at('last-resort'), 'bad-last-resort', 'not understood; write '
                      '"dna behind photo face"')

    def period(self, block):
        words = block.head.split()
        if len(words) != 3 or words[2] not in UNITS:
            self.fail(block.line, 'bad-period', f'"{block.head}"; write "period NAME 4 months", '
                      'unit one of ' + ', '.join(UNITS))
            return
        self.number(block, 'period', words[1])

    def edition(self, blocks, name):
        first = blocks[0] if blocks else Block('?', '', 1)
        if first.word != 'edition' or first.head != name:
            self.fail(first.line, 'wrong-name', 'not the name of the file; begin it with '
                      f'"edition {name}"')
        if first.get('status') not in ('law', 'model'):
            self.fail(first.at('status'), 'bad-status', 'neither law nor model; write one of them')
        self.words(first, 'check-order', self.codes.lists['check'], 'check')
        lists = [block for block in blocks if block.word == 'list']
        seen, table = {}, None
        for block in blocks:
            self.properties(block)
            if block.word == 'edition' and block is not first:
                self.fail(block.line, 'twice', 'one edition a file; move it')
            elif block.word == 'class' and table is None:
                self.fail(block.line, 'no-table', 'a class stands below its table; begin one')
            elif block.word == 'table':
                table = block
            elif block.word == 'category':
                self.category(block, lists, seen)
            elif block.word == 'period':
                self.period(block)
            elif block.word == 'list':
                self.closed(block)
        for table, classes in tables_of(blocks):
            self.kinds(table)
            self.table(table, classes)
        periods = [block.head.split()[:1] for block in blocks if block.word == 'period']
        for name in REQUIRED_PERIODS:
            if [name] not in periods:
                self.fail(first.line, 'missing', f'an edition needs "period {name}"; add it')

    def identity(self, blocks):
        for block in blocks:
            self.properties(block)
            words = block.head.split()
            if block.word != 'same' or len(words) < 2 or words[0] not in KINDS:
                self.fail(block.line, 'bad-key', 'not understood; write "same KIND '
                          'component …"')
                continue
            for word in words[1:] + block.get('twin').split():
                if word not in PARTS:
                    self.fail(block.line, 'unknown-component', f'"{word}"; choose from '
                              + ', '.join(PARTS))


def tables_of(blocks):
    out = []
    for block in blocks:
        if block.word == 'table':
            out.append((block, []))
        elif block.word == 'class' and out:
            out[-1][1].append(block)
    return out


# -- writing ------------------------------------------------------------------------------------

def quote(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def said(block, prefix=''):
    return f'{{ {quote(block.get(prefix + "en"))}, {quote(block.get(prefix + "fr"))} }}'


def bits(words, known):
    return f'0x{sum(1 << known.index(word) for word in words):x}u'


def unverified(block):
    return quote(block.get('unverified') or '*') if block.has('unverified') else '""'


def c_name(name):
    return name.replace('-', '_')


def write_tables(name, blocks, out):
    rows = []
    for table, classes in tables_of(blocks):
        names = [one.head for one in classes]
        ident = f'classes_{c_name(name)}_{c_name(table.head)}'
        out.append(f'static const struct alert_class {ident}[] = {{')
        for one in classes:
            out.append(f'    {{ {quote(one.head)}, {quote(one.get("alerts"))}, '
                       f'{bits(one.get("with").split(), names)}, {unverified(one)} }},')
        out.append('};')
        kinds = bits(table.get('for').split(), KINDS)
        rows.append(f'    {{ {quote(table.head)}, {kinds}, {ident}, {len(classes)}, '
                    f'{ENTRIES[table.get("lower")]}, '
                    f'{ENTRIES[table.get("higher")]}, '
                    f'{bits(table.get("at-once").split(), names)}, {quote(table.get("basis"))} }},')
    return rows


def flag_of(block, codes):
    flag = block.get('flag', 'any')
    if flag in ('no', 'any', 'not-shown'):
        return f'FLAG_{flag.upper().replace("-", "_")}, CODE_RAW'
    return f'FLAG_ACTION, {codes.lists["action"].index(flag)}'


def category_rows(name, block, codes):
    lists = codes.lists
    months = [int(word) for word in re.findall(r'[0-9]+', block.get('penalty', ''))] + [0, 0]
    long_ = [int(word) for word in re.findall(r'[0-9]+', block.get('review-long', ''))] + [0, 0]
    review = int(block.get('review', '0').split()[0])
    closed = 'NULL'
    if block.has('closed'):
        closed = f'&list_{c_name(name)}_{c_name(block.get("closed"))}'
    values = '; '.join(text for key, text, _ in block.rows if key == 'values')
    required = sum(1 << codes.fields.index(field) for field in block.get('require').split())
    for one in block.head.split():
        category = 'CODE_RAW' if one == '*' else lists['category'].index(one)
        yield (f'    {{ {category}, {bits(block.get("for").split(), KINDS)}, '
               f'{bits(block.get("action").split(), lists["action"])}, '
               f'{bits(block.get("check").split(), lists["check"])}, '
               f'{bits(block.get("decision").split(), lists["decision"])}, 0x{required:x}u,\n'
               f'      {closed}, {quote(values)}, {review}, {long_[0]}, {long_[1]}, '
               f'{flag_of(block, codes)}, {months[0]}, {months[1]},\n'
               f'      {said(block, "asked-")},\n      {said(block, "does-")},\n'
               f'      {quote(block.get("basis"))}, {unverified(block)} }},')


def write_edition(name, blocks, codes, out):
    ident = c_name(name)
    head = blocks[0]
    for block in blocks:
        if block.word == 'list':
            resort, _, behind = block.get('last-resort').partition(' behind ')
            out.append(f'static const struct closed_list list_{ident}_{c_name(block.head)} = {{ '
                       f'{quote(block.get("attributes"))}, {quote(block.get("misused"))}, '
                       f'{quote(resort)}, {quote(behind)} }};')
    groups = {'tables': write_tables(name, blocks, out), 'periods': [], 'rules': [],
              'categories': []}
    for block in blocks:
        words = block.head.split()
        if block.word == 'period':
            unit = 'PERIOD_' + c_name(words[2]).upper()
            groups['periods'].append(f'    {{ {quote(words[0])}, {words[1]}, {unit}, '
                                     f'{said(block)}, {quote(block.get("basis"))}, '
                                     f'{unverified(block)} }},')
        elif block.word == 'rule':
            groups['rules'].append(f'    {{ {quote(words[0])}, {said(block)}, '
                                   f'{quote(block.get("basis"))}, {unverified(block)} }},')
        elif block.word == 'category':
            groups['categories'] += category_rows(name, block, codes)
    types = {'tables': 'priority_table', 'periods': 'period', 'rules': 'statement_of_law',
             'categories': 'category_rules'}
    places = {}
    for group, rows in groups.items():
        places[group] = f'{group}_{ident}' if rows else 'NULL'
        if rows:
            out.append(f'static const struct {types[group]} {group}_{ident}[] = {{')
            out += rows + ['};']
    order = [str(codes.lists['check'].index(word)) for word in head.get('check-order').split()]
    sources = '; '.join(text for key, text, _ in head.rows if key == 'source')
    return (f'    {{ {quote(name)}, {said(head)}, {quote(sources)}, '
            f'{"true" if head.get("status") == "law" else "false"}, '
            f'{"true" if head.get("one-each") == "yes" else "false"},\n'
            f'      {{ {", ".join(order)} }}, {len(order)},\n      '
            + ',\n      '.join(f'{places[group]}, {len(rows)}' for group, rows in groups.items())
            + ' },')


def write_identity(blocks, out):
    out.append('static const struct identity_row identity_rows[] = {')
    for block in blocks:
        words = block.head.split()
        out.append(f'    {{ {KINDS.index(words[0])}, {quote(" ".join(words[1:]))}, '
                   f'{quote(block.get("twin"))}, {quote(block.get("basis"))}, '
                   f'{unverified(block)} }},')
    out.append('};')


def main():
    args = [arg for arg in sys.argv[1:] if arg != '--check']
    root = pathlib.Path(args[0])
    codes, faults, editions = Codes(root), Faults(), []
    for path in sorted((root / 'catalogue' / 'editions').glob('*.txt')):
        shown = path.relative_to(root)
        blocks = read(path, shown, faults)
        Checker(shown, codes, faults).edition(blocks, path.stem)
        editions.append((path.stem, blocks))
    path = root / 'catalogue' / 'identity.txt'
    same = read(path, path.relative_to(root), faults)
    Checker(path.relative_to(root), codes, faults).identity(same)
    if faults.lines:
        sys.exit('\n'.join(faults.lines))
    if len(args) < 2:
        return
    out = ['/* Made by tools/gen_catalogue.py from catalogue/editions and identity.txt. */']
    rows = [write_edition(name, blocks, codes, out) for name, blocks in editions]
    out += ['static const struct edition editions[] = {', *rows, '};']
    text = '\n'.join(out) + '\n'
    identity = []
    write_identity(same, identity)
    pathlib.Path(args[1]).write_text(text, encoding='utf-8')
    if len(args) > 2:
        pathlib.Path(args[2]).write_text('\n'.join(identity) + '\n', encoding='utf-8')


main()
