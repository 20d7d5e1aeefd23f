"""Peers from the Python package index, run by the interpreter of their own environment (peers.py
makes it). Prints for peers.py:

    inside.py tantivy FOLDER FILE SECONDS     }  asked found p50 p99 results wall_p50 wall_p99,
    inside.py rapidfuzz FOLDER FILE SECONDS   }  microseconds, the first two of processor time
    inside.py pairs-rapidfuzz FILE   one line a pair: case id, score; at the end seconds
    inside.py pairs-logic FILE       the same of nomenklatura's logic-v2

Fuzzy terms of Tantivy: two edits from six letters, one from four, a swap is one; any term suffices,
the best 50. rapidfuzz: token_sort_ratio against every name, the best 50."""
import csv
import sys
import time

BEST = 50


def lines_of(path):
    with open(path, encoding='utf-8') as f:
        return [line.rstrip('\n').split('\t') for line in f]


def questions(folder, file, limit, find):
    """Asks until `limit` seconds are spent; `find` gives numbers of persons."""
    times, wall, found, results = [], [], 0, 0
    for number, name, _ in lines_of('%s/%s' % (folder, file)):
        if sum(wall) > limit * 1e6:
            break
        begin, cpu = time.perf_counter(), time.process_time()
        got = find(name)
        times.append((time.process_time() - cpu) * 1e6)
        wall.append((time.perf_counter() - begin) * 1e6)
        results += len(got)
        found += int(number) in got
    middle, tail = len(times) // 2, len(times) * 99 // 100
    times.sort()
    wall.sort()
    print(len(times), found, times[middle], times[tail], results, wall[middle], wall[tail])


def use_tantivy(folder, file, limit):
    import tantivy
    builder = tantivy.SchemaBuilder()
    builder.add_text_field('name', stored=False, tokenizer_name='default')
    builder.add_integer_field('number', stored=True)
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(heap_size=256 << 20, num_threads=1)
    for line in lines_of(folder + '/persons.tsv'):
        writer.add_document(tantivy.Document(number=int(line[0]), name=line[1]))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def find(name):
        terms = []
        for word in name.split():
            edits = 2 if len(word) >= 6 else 1 if len(word) >= 4 else 0
            terms.append((tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(
                schema, 'name', word, distance=edits, transposition_cost_one=True)))
        hits = searcher.search(tantivy.Query.boolean_query(terms), BEST).hits
        return {searcher.doc(at)['number'][0] for _, at in hits}
    questions(folder, file, limit, find)


def use_rapidfuzz(folder, file, limit):
    from rapidfuzz import fuzz, process
    names = [line[1] for line in lines_of(folder + '/persons.tsv')]

    def find(name):
        best = process.extract(name, names, scorer=fuzz.token_sort_ratio, limit=BEST,
                               score_cutoff=40)
        return {at + 1 for _, _, at in best}
    questions(folder, file, limit, find)


def pairs(file):
    with open(file, encoding='utf-8', newline='') as f:
        yield from csv.DictReader(f)


def say_pairs(made, score):
    begin = time.perf_counter()
    scores = [(case, score(a, b)) for case, a, b in made]
    seconds = time.perf_counter() - begin
    for case, value in scores:
        print(case, value)
    print(seconds)


def pairs_rapidfuzz(file):
    from rapidfuzz import fuzz, utils
    made = [(row['case_id'], utils.default_process(row['name1']),
             utils.default_process(row['name2'])) for row in pairs(file)]
    say_pairs(made, lambda a, b: fuzz.token_sort_ratio(a, b) / 100)


def pairs_logic(file):
    from followthemoney import model
    from nomenklatura.matching import get_algorithm
    logic = get_algorithm('logic-v2')
    config = logic.default_config()

    def entity(schema, name):
        return model.get_proxy({'id': name, 'schema': schema, 'properties': {'name': [name]}})
    made = [(row['case_id'], entity(row['schema'], row['name1']),
             entity(row['schema'], row['name2'])) for row in pairs(file)]
    logic.compare(made[0][1], made[0][2], config) # loads its tables
    say_pairs(made, lambda a, b: logic.compare(a, b, config).score)


def main():
    what, rest = sys.argv[1], sys.argv[2:]
    if what.startswith('pairs-'):
        {'pairs-rapidfuzz': pairs_rapidfuzz, 'pairs-logic': pairs_logic}[what](rest[0])
    else:
        {'tantivy': use_tantivy, 'rapidfuzz': use_rapidfuzz}[what](
            rest[0], rest[1], float(rest[2]))


main()
