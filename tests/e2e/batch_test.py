#!/usr/bin/python3
"""Many questions from one file: each an entry of its own, broken lines told, the rest goes on."""
import json
import pathlib
import tempfile
import unittest

from comity_node import nodes, person

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
OK, FAILED, FINDINGS = 0, 1, 6
TD3 = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
       "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n")
TD1 = ("I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\n"
       "ERIKSSON<<ANNA<MARIA<<<<<<<<<<\n")


class Batch(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.ids = [cls.put(person("NGA", 1, family="BELLOTEST", given="Ibrahim")),
                   cls.put(person("NGA", 2, family="ERIKSSON", given="Anna Maria",
                                  born="1974-08-12"))]

    @classmethod
    def put(cls, record):
        return cls.node.json("record", "put", "-", stdin=json.dumps(record))["id"]

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="comity-batch-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def batch(self, code, text, *words):
        path = self.folder / "lines"
        path.write_text(text, encoding="utf-8")
        done = self.node.run("search", "--batch", path, *words)
        self.assertEqual(done.returncode, code, done.stderr + done.stdout)
        return done

    def test_each_line_of_a_table_is_a_search_with_its_own_entry(self):
        before = self.node.json("status")["journal"]
        done = self.batch(OK, "family,given,birth\nBellotest,Ibrahim,1985-03-02\nZzyzx,Qwfp,\n",
                          *FOR)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["line"] for one in lines], [2, 3])
        self.assertEqual([len(one["answer"]["hits"]) for one in lines], [1, 0])
        self.assertEqual(lines[0]["answer"]["hits"][0]["record"], self.ids[0])
        self.assertEqual(self.node.json("status")["journal"], before + 2)
        self.assertNotEqual(lines[0]["answer"]["entry"], lines[1]["answer"]["entry"])
        audit = self.node.json("audit", "record", self.ids[0])["items"]
        self.assertEqual(audit[-1]["reference"], {"case": "2026-17"})

    def test_a_broken_line_is_told_and_not_sent_and_the_rest_goes_on(self):
        before = self.node.json("status")["journal"]
        done = self.batch(FINDINGS, '{"name":"Ibrahim Bellotest"}\n{"name":\n'
                          '{"name":"...","birth":{"year":1985}}\n{}\n'
                          '{"family":"Bellotest","birth":{"date":"1985-02-31"}}\n'
                          '{"family":"Bellotest","given":"Ibrahim"}\n', *FOR)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([one["line"] for one in lines], [1, 2, 3, 4, 5, 6])
        self.assertEqual([one.get("error") for one in lines[2:5]],
                         ["index.name-empty", "index.query-empty", "api.bad-birth"])
        self.assertIn("error", lines[1])
        self.assertEqual(len(lines[5]["answer"]["hits"]), 1)
        self.assertIn("line 3", done.stderr)
        self.assertEqual(self.node.json("status")["journal"], before + 2)

    def test_zones_of_passports_and_cards_are_questions(self):
        for zone in (TD3, TD1):
            done = self.batch(FINDINGS, zone + "P<UTOBROKEN<<\n" + zone, *FOR, "--format", "tsv")
            rows = [line.split("\t") for line in done.stdout.splitlines()]
            self.assertEqual(rows[0], ["line", "hits", "band", "score", "record"])
            height = zone.count("\n")
            self.assertEqual([row[0] for row in rows[1:]],
                             ["1", str(height + 1), str(height + 2)])
            self.assertEqual(rows[1][4], self.ids[1])
            self.assertEqual(rows[2][2:], ["error", "", "mrz.wrong-shape"])
            self.assertEqual(rows[3][1:], rows[1][1:])

    def test_where_the_node_refuses_the_batch_stops_and_says_where_to_go_on(self):
        table = "name\nIbrahim Bellotest\nAnna Eriksson\n"
        done = self.batch(FAILED, table, "--purpose", "criminal-investigation")
        self.assertEqual(done.stdout, "")
        self.assertIn("[2]", done.stderr)
        done = self.batch(OK, table, *FOR, "--from", "3")
        self.assertEqual([json.loads(line)["line"] for line in done.stdout.splitlines()], [3])

    def test_many_questions_of_one_call_have_an_entry_each_and_a_wrong_one_stops_none(self):
        before = self.node.json("status")["journal"]
        good = {"name": "Ibrahim Bellotest"}
        body = {"purpose": "criminal-investigation", "reference": {"case": "1"},
                "queries": [good, {"birth": {"year": 0}, "name": "X"}, {"name": "Anna Eriksson"}]}
        self.folder.joinpath("body").write_text(json.dumps(body), encoding="utf-8")
        out = self.node.json("api", "POST", "/v1/searches", self.folder / "body")["results"]
        self.assertEqual(len(out), 3)
        self.assertEqual((out[1]["result"], out[1]["code"]), ("refused", "api.bad-birth"))
        self.assertEqual(out[0]["hits"][0]["record"], self.ids[0])
        self.assertEqual(out[2]["hits"][0]["record"], self.ids[1])
        self.assertEqual(out[2]["entry"], out[0]["entry"] + 1)
        self.assertEqual(self.node.json("status")["journal"], before + 2)
        alone = self.node.json("search", "Ibrahim Bellotest", *FOR)["hits"]
        self.assertEqual(out[0]["hits"], alone)  # the same as by itself
        body["queries"] = [good] * 65
        self.folder.joinpath("body").write_text(json.dumps(body), encoding="utf-8")
        done = self.node.run("api", "POST", "/v1/searches", self.folder / "body")
        self.assertIn("64", done.stdout + done.stderr)
        del body["reference"]
        body["queries"] = [good]
        self.folder.joinpath("body").write_text(json.dumps(body), encoding="utf-8")
        self.assertNotEqual(self.node.run("api", "POST", "/v1/searches",
                                          self.folder / "body").returncode, OK)
        self.assertEqual(self.node.json("status")["journal"], before + 3)

    def test_passengers_of_a_list_are_questions(self):
        message = ("UNA:+.? 'UNB+UNOA:4+CARRIER+DESK+261123:0900+1'UNH+1+PAXLST:D:12B:UN:IATA'"
                   "BGM+745'NAD+FL+++ERIKSSON:ANNA:MARIA'ATT+2++F'DTM+329:740812'NAT+2+UTO'"
                   "DOC+P+L898902C3'LOC+91+UTO'NAD+FL+++BROKEN:DAY'DTM+329:740231'"
                   "NAD+FM+++BELLOTEST:IBRAHIM'DTM+329:19850302'CNT+42:2'CNT+41:1'UNT+1+1'")
        done = self.batch(FINDINGS, message, *FOR, "--format", "tsv")
        rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
        self.assertEqual([row[0] for row in rows], ["4", "10", "12"])
        self.assertEqual([rows[0][4], rows[2][4]], [self.ids[1], self.ids[0]])
        self.assertEqual(rows[1][2:], ["error", "", "paxlst.bad-date"])

    def test_what_the_node_refuses_of_a_batch_is_told_and_the_rest_goes_on(self):
        for number in range(60):
            self.put(person("NGA", 100 + number, family="MUSATEST", given="Amina"))
        done = self.batch(FINDINGS, "name\nAmina Musatest\nIbrahim Bellotest\n", *FOR, "--watch",
                          "--format", "tsv")
        rows = [line.split("\t") for line in done.stdout.splitlines()[1:]]
        self.assertEqual(rows[0][2:], ["error", "", "watch.too-common"])
        self.assertEqual(rows[1][4], self.ids[0])
        self.assertIn("line 2", done.stderr)

    def test_a_column_that_no_question_has_refuses_the_file(self):
        before = self.node.json("status")["journal"]
        done = self.batch(FAILED, "name,brith\nIbrahim Bellotest,1985\n", *FOR)
        self.assertIn("brith", done.stderr)
        self.assertEqual(self.node.json("status")["journal"], before)


if __name__ == "__main__":
    unittest.main()
