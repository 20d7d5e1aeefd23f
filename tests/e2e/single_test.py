#!/usr/bin/python3
"""One node: from init to the audit, and what hostile or clumsy hands may try."""
import gzip
import http.client
import json
import pathlib
import socket
import subprocess
import tempfile
import unittest

from comity_node import PROGRAM, Node, nodes, person

UN_LIST = (pathlib.Path(__file__).resolve().parents[2] / "demo" / "data" / "un-2026-02-27.xml")
EU_LIST = (pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "lists" / "eu" /
           "eu_fsf_2026-05-01.jsonl.gz")
FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")


class OneNode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)

    def put(self, record):
        return self.node.json("record", "put", "-", stdin=json.dumps(record))

    def test_a_record_is_found_by_name_and_the_search_is_audited(self):
        made = self.put(person("NGA", 1, family="BELLOTEST", given="Ibrahim"))
        self.assertEqual(made["result"], "created")
        found = self.node.json("search", "Bellotest", "Ibrahim", *FOR)
        self.assertEqual([hit["record"] for hit in found["hits"]], [made["id"]])
        self.assertEqual(found["hits"][0]["warnings"], ["armed"])
        audit = json.loads(self.node.ok("--json", "audit", "record", made["id"]))["items"]
        self.assertEqual(audit[-1]["entry"], found["entry"])
        self.assertEqual(audit[-1]["reference"], {"case": "2026-17"})
        self.assertEqual(audit[-1]["user"], "chief")

    def test_people_read_warnings_before_the_owner_and_reasons_in_their_language(self):
        self.put(person("NGA", 2, family="LANGUETEST", given="Salamatou"))
        english = self.node.ok("search", "Languetest", "Salamatou", *FOR)
        french = self.node.ok("search", "Languetest", "Salamatou", *FOR, language="fr_NE.UTF-8")
        self.assertLess(english.index("WARNING"), english.index("Owner:"))
        self.assertIn("ATTENTION", french)
        self.assertIn("Propriétaire", french)

    def test_no_hit_says_what_was_searched(self):
        done = self.node.run("search", "Zzyzx", "Qwfp", *FOR)
        self.assertEqual(done.returncode, 0)
        self.assertIn("No hit", done.stdout)
        self.assertIn("Records searched", done.stdout)

    def test_without_purpose_or_its_reference_nothing_is_answered(self):
        record = self.put(person("NGA", 3, family="SECRETEST"))
        before = self.node.json("status")["journal"]
        for arguments in (("search", "Secretest", "--purpose", "criminal-investigation"),
                          ("search", "Secretest", "--purpose", "curiosity"),
                          ("record", "show", record["id"], "--purpose", "border-check")):
            done = self.node.run(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertNotIn("SECRETEST", done.stdout + done.stderr)
        self.assertEqual(self.node.json("status")["journal"], before)

    def test_a_line_that_is_refused_does_not_stop_the_rest(self):
        good, bad = person("NGA", 4, family="LINETEST"), {"schema": 1, "kind": "person"}
        lines = "\n".join([json.dumps(good), "{not json", json.dumps(bad), json.dumps(good)])
        done = self.node.run("record", "put", "-", stdin=lines + "\n")
        self.assertEqual(done.returncode, 6)
        self.assertEqual(done.stdout.count("created"), 2)

    def test_an_unknown_option_is_a_usage_error_with_the_nearest(self):
        done = self.node.run("search", "x", "--purpos", "y")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--purpose", done.stderr)
        done = self.node.run("recrod", "list")
        self.assertEqual(done.returncode, 2)
        self.assertIn("record", done.stderr)

    def test_what_is_not_there_is_3_and_what_is_not_permitted_is_4(self):
        missing = "NGA-" + "0" * 26
        self.assertEqual(self.node.run("record", "show", missing, *FOR).returncode, 3)
        password = self.node.dir / "password"
        password.write_text("a long enough password\n")
        password.chmod(0o600)
        self.node.ok("user", "add", "reader", "--name", "Reader", "--unit", "headquarters",
                     "--role", "auditor", "--password", password)
        token = self.node.ok("login", "reader", "--password", password).strip()
        self.assertEqual(self.node.run("search", "x", *FOR, token=token).returncode, 4)
        self.node.ok("status", token=token)
        self.node.ok("logout", token=token)
        self.assertEqual(self.node.run("status", token=token).returncode, 4)

    def test_a_wrong_password_opens_no_session(self):
        password = self.node.dir / "wrong"
        password.write_text("not the password at all\n")
        for user in ("chief", "nobody"):
            done = self.node.run("login", user, "--password", password)
            self.assertEqual(done.returncode, 4)
            self.assertEqual(done.stdout, "")

    def post(self, body, path="/v1/search"):
        connection = http.client.HTTPConnection("localhost")
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(self.node.dir / "comity.sock"))
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def test_hostile_json_is_refused_and_the_node_lives(self):
        hostile = [b"{", b"[]", b"null", b'{"query":1}', b'{"a":1,"a":2}', b"[" * 5000, b"\xff\xfe",
                   b'{"query":{"name":"' + b"A" * 70000 + b'"},"purpose":"exercise"}',
                   b'{"query":{"birth":{"age":-1}}}', b'{"query":{"name":"\\ud800"}}',
                   b'{"query":{"identifiers":[{"type":"vin"}]}}', b"1e999"]
        for body in hostile:
            for path in ("/v1/search", "/v1/records", "/v1/agreements/check"):
                status = self.post(body, path)
                least = 200 if path.endswith("check") else 400  # a check answers with errors
                self.assertTrue(least <= status < 500, (status, path, body[:40]))
        self.node.ok("status")

    def test_a_second_node_on_the_same_directory_or_port_does_not_start(self):
        done = self.node.run("serve")
        self.assertNotEqual(done.returncode, 0)
        with tempfile.TemporaryDirectory() as base:
            other = Node(base, "NER")
            other.users = self.node.users
            other.init()
            done = other.run("serve")
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("port", done.stderr.lower())
        self.node.ok("status")

    def test_the_ledger_verifies_and_a_proof_checks_offline(self):
        self.put(person("NGA", 5, family="PROOFTEST"))
        self.assertEqual(self.node.json("ledger", "verify")["damaged"], 0)
        answer = self.node.json("ledger", "proof", "2")
        proof, key = answer["proof"], answer["vkey"]
        self.assertEqual(self.node.ok("ledger", "proof", "2").splitlines()[0],
                         proof.splitlines()[0])
        file = self.node.dir / "proof"
        file.write_text(proof)
        checked = self.node.json("ledger", "verify", "--offline", file, "--key", key)
        self.assertEqual(checked["index"], 1)
        file.write_text(proof.replace("index 1", "index 0"))
        done = self.node.run("ledger", "verify", "--offline", file, "--key", key)
        self.assertEqual(done.returncode, 1)


    def test_a_list_is_imported_once_and_found_under_its_source(self):
        done = self.node.json("import", "un", UN_LIST)
        self.assertEqual(done["accepted"], done["read"])
        self.assertGreater(done["read"], 500)
        again = self.node.json("import", "un", UN_LIST)
        self.assertEqual((again["unchanged"], again["accepted"], again["withdrawn"]),
                         (done["read"], 0, 0))

    def test_the_european_list_is_read_from_standard_input_and_found_by_alias(self):
        entity = {"eu_reference_number": "EU.1.1", "logical_id": "1",
                  "subject_type": {"code": "person", "classification_code": "P"},
                  "regulations": [{"entry_into_force_date": "2023-04-25", "programme": "XYZ",
                                   "publication_date": "2023-04-24", "number_title": "2023/845"}],
                  "name_aliases": [{"whole_name": "Ivan LISTETEST", "last_name": "LISTETEST"},
                                   {"whole_name": "Vanya Aliastest", "strong": "true"}]}
        line = json.dumps(entity) + "\n"
        done = json.loads(self.node.run("--json", "import", "eu", "-", stdin=line).stdout)
        self.assertEqual((done["read"], done["accepted"], done["refused"]), (1, 1, 0))
        found = self.node.json("search", "Aliastest", "Vanya", *FOR)["hits"]
        self.assertEqual([hit["source"] for hit in found], ["x-eu"])
        empty = self.node.run("import", "eu", "-", stdin="\n")
        self.assertIn("holds nothing", empty.stderr)
        self.assertEqual(len(self.node.json("search", "Aliastest", "Vanya", *FOR)["hits"]), 1)

    def test_large_entries_are_compared_when_they_come_again(self):
        lines = []
        for i in range(150):
            names = [{"whole_name": f"Bigtest {i} {k} " + "long " * 20} for k in range(140)]
            lines.append(json.dumps({
                "eu_reference_number": f"EU.9.{i}", "name_aliases": names,
                "subject_type": {"classification_code": "E"},
                "regulations": [{"entry_into_force_date": "2023-04-25"}]}))
        for expected in ("accepted", "unchanged"):
            done = self.node.json("import", "eu", "-", "--source", "x-large",
                                  stdin="\n".join(lines))
            self.assertEqual(done[expected], 150)

    def test_the_parts_of_an_ofac_list_are_one_import(self):
        nothing = ',-0- '
        parts = {"sdn.csv": '7,"OFACTEST, Ann","individual","SDGT"' + nothing * 7 +
                            ',"DOB circa 1984; Passport K7541 (Syria)."\n\x1a',
                 "alt.csv": '7,1,"aka","PARTEST, Ann",-0- \n',
                 "add.csv": '7,2,-0- ,"Seoul","Korea, South",-0- \n9,3,-0- ,-0- ,-0- ,-0- \n'}
        files = [self.node.dir / name for name in parts]
        for file, text in zip(files, parts.values()):
            file.write_text(text)
        done = self.node.run("--json", "import", "ofac", *files)
        self.assertEqual(done.returncode, 6)  # the stray address, alone
        self.assertIn("2: add.csv:", done.stderr)
        self.assertEqual(json.loads(done.stdout)["accepted"], 1)
        found = self.node.json("search", "Partest", "Ann", *FOR)["hits"]
        self.assertEqual([hit["source"] for hit in found], ["x-ofac"])
        files[1].write_text("not,this\n")
        done = self.node.run("import", "ofac", *files)
        self.assertIn("alt.csv@1", done.stderr)
        self.assertEqual(len(self.node.json("search", "Partest", "Ann", *FOR)["hits"]), 1)

    def test_a_table_becomes_records_by_its_mapping(self):
        mapping = {"reference": "ID", "record": {
            "kind": "vehicle", "statements": [
                {"attribute": "plate", "value": {"number": {"column": "PLATE", "needed": True}}}]}}
        file, table = self.node.dir / "mapping", "ID,PLATE\n1,AB-1234-NE\n,X\n"
        file.write_text(json.dumps(mapping))
        done = self.node.run("--json", "import", "csv", "-", "--mapping", file, "--source",
                             "x-plates", stdin=table)
        account = json.loads(done.stdout)
        self.assertEqual(done.returncode, 6, done.stderr)  # the row without a number is refused
        self.assertEqual((account["accepted"], account["refused"]), (1, 1))
        found = self.node.json("search", "--plate", "AB1234NE", *FOR)["hits"]
        self.assertEqual([hit["source"] for hit in found], ["x-plates"])
        for part in ("AB?23*", "*34-NE"):
            found = self.node.json("search", "--plate", part, *FOR)["hits"]
            self.assertEqual([hit["source"] for hit in found], ["x-plates"])
            self.assertEqual((found[0]["band"], found[0]["reasons"][0]["rule"]),
                             ("possible", "identifier.pattern"))
        self.assertEqual(found[0]["reasons"][0]["filled"], ["AB12"])
        for part, why in (("AB*", "four"), ("*??", "wildcards alone")):
            done = self.node.run("search", "--plate", part, *FOR)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(why, done.stderr)
        done = self.node.run("search", "--plate", "AB?23*", "--watch", *FOR)
        self.assertIn("cannot stand", done.stderr)

    def test_an_error_in_a_law_names_its_line(self):
        done = self.node.run("national", "set", "-",
                             stdin="national rules of NGA version 1\nnever share persn\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("(2:13)", done.stderr)
        done = self.node.run("agreement", "check", "-", stdin="agreement a version x\n")
        self.assertEqual(done.returncode, 6)
        self.assertIn("-:1:21:", done.stderr)


@unittest.skipUnless(EU_LIST.is_file(), "the collection of real lists is not here")
class RealList(unittest.TestCase):
    def test_the_whole_european_list_is_taken_and_compared(self):
        with nodes("NGA") as node, gzip.open(EU_LIST, "rt", encoding="utf-8") as packed:
            text = packed.read()
            first = node.json("import", "eu", "-", stdin=text)
            self.assertEqual((first["read"], first["accepted"], first["refused"]), (5860, 5860, 0))
            again = node.json("import", "eu", "-", stdin=text)
            self.assertEqual((again["unchanged"], again["withdrawn"]), (5860, 0))
            half = text[:len(text) // 3]
            done = node.run("import", "eu", "-", stdin=half[:half.rindex("\n") + 1])
            self.assertIn("Nothing was withdrawn", done.stderr)


class NoNode(unittest.TestCase):
    def test_a_wrong_passphrase_does_not_serve(self):
        with tempfile.TemporaryDirectory() as base:
            node = Node(base, "NGA")
            node.init()
            wrong = node.dir / "wrong.secret"
            wrong.write_text("some other passphrase\n")
            wrong.chmod(0o600)
            done = node.run("serve", secret=wrong)
            self.assertEqual(done.returncode, 4)
            self.assertEqual(done.stdout, "")

    def test_without_a_node_a_command_says_so(self):
        with tempfile.TemporaryDirectory() as base:
            node = Node(base, "NGA")
            node.dir.mkdir()
            self.assertEqual(node.run("status").returncode, 7)
            self.assertEqual(node.run("doctor").returncode, 3)

    def test_a_directory_has_one_node(self):
        with tempfile.TemporaryDirectory() as base:
            node = Node(base, "NGA")
            node.init()
            done = node.run("init", "--member", "NGA", "--realm", "demo")
            self.assertEqual(done.returncode, 5)

    def test_every_command_explains_itself_in_both_languages(self):
        for language in ("C", "fr_FR.UTF-8"):
            done = subprocess.run([PROGRAM, "--help"], text=True, capture_output=True,
                                  env={"LANG": language}, check=True)
            nouns = [line.split()[1] for line in done.stdout.splitlines()[1:]]
            self.assertGreater(len(nouns), 20)
            for noun in nouns:
                done = subprocess.run([PROGRAM, noun, "--help"], text=True, capture_output=True,
                                      env={"LANG": language}, check=False)
                self.assertEqual(done.returncode, 0, noun)
                self.assertNotIn("cli.", done.stdout, noun)


if __name__ == "__main__":
    unittest.main()
