#!/usr/bin/python3
"""Names, questions and records held against each other: without a node, and by one that holds the
record and enters the look."""
import json
import pathlib
import tempfile
import unittest

from comity_node import Node, nodes, person

ROOT = pathlib.Path(__file__).resolve().parents[2]
OK, FAILED, USAGE, FINDINGS = 0, 1, 2, 6


class Compare(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="comity-compare-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.desk = Node(folder.name, "BEN")  # only its command line: nothing is ever started

    def compare(self, code, *words, **more):
        done = self.desk.run("search", "--compare", *words, **more)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stderr}{done.stdout}")
        return done

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_two_names_have_a_band_a_score_and_its_reasons(self):
        answer = json.loads(self.compare(OK, "--json", "Hussaini Abdullahi",
                                         "Ousseini Abdoulahi").stdout)
        self.assertIn(answer["band"], ("possible", "strong"))
        self.assertEqual(answer["score"], sum(one["weight"] for one in answer["reasons"]))
        self.assertIn("Ousseini", {one["held"] for one in answer["reasons"]})
        self.assertIsInstance(answer["score_version"], int)
        other = json.loads(self.compare(OK, "--json", "Hussaini Abdullahi", "Kim Jong").stdout)
        self.assertEqual(other["band"], "none")

    def test_people_read_the_reasons_as_sentences(self):
        said = self.compare(OK, "Hussaini Abdullahi", "Hussaini Abdullahi").stdout
        self.assertIn("=", said)
        self.assertNotIn("name.", said)

    def test_a_record_is_compared_with_a_question(self):
        record = ROOT / "spec" / "examples" / "person.json"
        same = json.loads(self.compare(OK, "--json", f"@{record}", f"@{record}").stdout)
        self.assertEqual(same["band"], "strong")
        question = self.write("q.json", '{"name":"Nobody Whatsoever","birth":{"year":1901}}')
        other = json.loads(self.compare(OK, "--json", f"@{record}", f"@{question}").stdout)
        self.assertEqual(other["band"], "none")

    def test_a_table_of_pairs_gives_a_line_each_and_tells_the_broken_ones(self):
        path = self.write("pairs.tsv", "label\tname_a\tname_b\tbirth_a\tbirth_b\n"
                          "1\tHussaini Abdullahi\tOusseini Abdoulahi\t1985-03-02\t1985-03-02\n"
                          "0\tHussaini Abdullahi\tKim Jong\n"
                          "0\t...\tKim Jong\n"
                          "1\tKim Jong\tKim Jong\t1985-13-02\t1985\n"
                          "1\tHussaini Abdullahi\tHussaini Abdullahi\t1985-03-02\t1985-03-02\n")
        done = self.compare(FINDINGS, "--batch", path, "--format", "tsv")
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertEqual(rows[0], ["pair", "band", "score"])
        self.assertEqual([row[0] for row in rows[1:]], ["2", "3", "4", "5", "6"])
        self.assertEqual(rows[3][1:], ["error", "index.name-empty"])
        self.assertEqual(rows[4][1:], ["error", "api.bad-birth"])
        self.assertEqual((rows[2][1], rows[5][1]), ("none", "strong"))
        alone = json.loads(self.compare(OK, "--json", "Hussaini Abdullahi",
                                        "Ousseini Abdoulahi").stdout)
        self.assertGreater(int(rows[1][2]), alone["score"])  # the birth speaks for it
        self.assertIn("line 4", done.stderr)
        self.assertIn("line 5", done.stderr)

    def test_ndjson_takes_names_questions_and_records(self):
        path = self.write("pairs.ndjson", '{"a":"Kim Jong","b":{"family":"Kim","given":"Jong"}}\n'
                          '{"a":"Kim Jong"}\n{"a":\n\n'
                          '{"a":"Kim Jong","b":"Kim Jong"}\n')
        done = self.compare(FINDINGS, "--batch", path)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["line"] for one in lines], [1, 2, 3, 5])
        self.assertEqual(["error" in one for one in lines], [False, True, True, False])
        self.assertEqual(lines[3]["score"],
                         sum(one["weight"] for one in lines[3]["reasons"]))

    def test_a_column_that_is_misspelt_is_refused_with_the_file(self):
        path = self.write("bad.csv", "name_a,nam_b\nKim Jong,Kim Jong\n")
        self.assertIn("nam_b", self.compare(1, "--batch", path).stderr)
        path = self.write("none.csv", "Kim Jong,Kim Jong\n")
        self.compare(1, "--batch", path)
        self.compare(USAGE, "Kim Jong")
        self.compare(USAGE, "--format", "xml", "Kim Jong", "Kim Jong")

    def test_a_table_of_a_population_is_made_by_command_and_named_by_answers(self):
        names = self.write("names", "# of a census\nAmina Diallo\t50000\nOusmane Diallo\t40000\n"
                           "Rare Zzyzxson\nAmina\tmany\n")
        table = self.folder / "names.table"
        done = self.desk.run("--json", "frequency", "build", names, "--out", table)
        self.assertEqual(done.returncode, FINDINGS, done.stderr)
        self.assertIn("line 5", done.stderr)
        made = json.loads(done.stdout)
        self.assertEqual((made["names"], made["wrong"]), (3, 1))
        pair = ("Amina Diallo", "Amina Diallo")
        common = json.loads(self.compare(OK, "--json", "--frequency", table, *pair).stdout)
        usual = json.loads(self.compare(OK, "--json", *pair).stdout)
        self.assertLess(common["score"], usual["score"])
        vast = self.folder / "vast.table"
        self.desk.run("frequency", "build", names, "--out", vast, "--persons", "50000000")
        asked = json.loads(self.compare(OK, "--json", "--frequency", vast, *pair).stdout)
        self.assertEqual(("possible", "weak"), (common["band"], asked["band"]))
        broken = self.write("broken", "no table")
        self.assertIn("broken", self.compare(FAILED, "--frequency", broken, *pair).stderr)
        with nodes("NGA") as node:
            ask = ("search", "Amina Diallo", "--purpose", "criminal-investigation",
                   "--ref", "case=1")
            self.assertNotIn("frequency", node.json(*ask))
            node.stop()
            conf = node.dir / "comity.conf"
            conf.write_text(conf.read_text() + f"[search]\nfrequency = {table}\n")
            node.start()
            self.assertEqual(node.json(*ask)["frequency"], made["frequency"])

    def test_a_record_of_the_node_is_compared_by_the_node_which_enters_it(self):
        purpose = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
        absent = "NGA-01ARZ3NDEKTSV4RRFFQ69G5FAV"
        with nodes("NGA") as node:
            held = [node.json("record", "put", "-", stdin=json.dumps(record))["id"]
                    for record in (person("NGA", 1, family="BELLOTEST", given="Ibrahim"),
                                   person("NGA", 2, family="BELOTEST", given="Ibrahim"))]
            told = node.run("search", "--compare", "Ibrahim Bellotest", held[0])
            self.assertEqual(told.returncode, FAILED)
            self.assertIn("--purpose", told.stderr)
            one = node.json("search", "--compare", *held, *purpose)
            self.assertIn(one["band"], ("possible", "strong"))
            self.assertEqual([one["a"]["record"], one["b"]["record"]], held)
            for record in held:
                last = node.json("audit", "record", record)["items"][-1]
                self.assertEqual((last["kind"], last["entry"]), ("compare", one["entry"]))
            self.assertIn(held[0], node.ok("search", "--compare", "Bello", held[0], *purpose))
            table = self.write("names.table", "")
            none = node.run("search", "--compare", "Bello", absent, *purpose)
            self.assertNotEqual(none.returncode, OK)
            self.assertIn("/b", none.stderr)
            both = node.run("search", "--compare", "--frequency", table, *held, *purpose)
            self.assertEqual(both.returncode, USAGE)
            table = self.write("pairs.tsv", "name_a\trecord_b\n"
                               f"Ibrahim Bellotest\t{held[0]}\nx\t{absent}\nKim Jong\t{held[1]}\n")
            alone = node.run("search", "--compare", "--batch", table, "--format", "tsv")
            self.assertEqual([row.split("\t")[1:] for row in alone.stdout.splitlines()[1:]],
                             [["error", "compare.no-node"]] * 3)
            done = node.run("search", "--compare", "--batch", table, "--format", "tsv", *purpose)
            self.assertEqual(done.returncode, FINDINGS, done.stderr)
            rows = [row.split("\t") for row in done.stdout.splitlines()]
            self.assertEqual([row[:2] for row in rows],
                             [["pair", "band"], ["2", rows[1][1]], ["3", "error"], ["4", "none"]])
            self.assertIn(rows[1][1], ("possible", "strong"))
            self.assertEqual(rows[2][2], "clerk.no-such-record")
            self.assertIn("line 3", done.stderr)


if __name__ == "__main__":
    unittest.main()
