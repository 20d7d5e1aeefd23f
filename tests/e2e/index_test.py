#!/usr/bin/python3
"""The files of the index on a real node: restarts, a damaged disk, and what is erased."""
import json
import threading
import time
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
FAMILIES = ["ALPHATEST", "BRAVOTEST", "CHARLITEST", "DELTATEST", "ECHOTEST"]


class Index(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA")
        cls.node = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.node.stop()
        with open(cls.node.dir / "comity.conf", "a", encoding="utf-8") as conf:
            conf.write("[index]\nerase = 2\n")
        cls.node.start()
        cls.ids = {}
        for number, family in enumerate(FAMILIES):
            cls.put(family, number)

    @classmethod
    def put(cls, family, number):
        made = cls.node.json("record", "put", "-", stdin=json.dumps(
            person("NGA", number, family=family)))
        cls.ids[family] = made["id"]

    def ask(self, family):
        return self.node.json("search", family, "Amadou", *FOR)

    def found(self, family):
        return [hit["record"] for hit in self.ask(family)["hits"]]

    def files(self, first):
        return sorted(path for path in (self.node.dir / "index").iterdir()
                      if path.name.startswith(first))

    def test_what_was_answered_is_found_after_any_end(self):
        for violent in (False, True, False):
            self.node.stop(violent=violent)
            self.node.start()
            for family in FAMILIES[:3]:
                self.assertEqual(self.found(family), [self.ids[family]])
        self.node.stop()
        self.assertTrue(self.files("s"), "a clean stop leaves everything in files")
        self.node.start()

    def test_a_page_cut_by_a_kill_is_whole_when_it_comes_again(self):
        """A page of many lies in several commits: what a kill leaves of it is not doubled."""
        lines = "\n".join(json.dumps({
            "eu_reference_number": f"EU.8.{i}",
            "name_aliases": [{"whole_name": f"Cuttest {i} {k}"} for k in range(20)],
            "subject_type": {"classification_code": "E"},
            "regulations": [{"entry_into_force_date": "2023-04-25"}]}) for i in range(200))
        held = self.node.json("status")["searchable"]
        for number, pause in enumerate((0.12, 0.17, 0.2, 0.23)):
            words = ("import", "eu", "-", "--source", f"x-cut-{number}")
            cut = threading.Thread(target=self.node.run, args=words, kwargs={"stdin": lines})
            cut.start()
            time.sleep(pause)
            self.node.kill()
            cut.join()
            self.node.start()
            done = self.node.json(*words, stdin=lines)
            self.assertEqual((done["accepted"] + done["unchanged"], done["refused"]), (200, 0))
            self.assertEqual(self.node.json(*words, stdin=lines)["unchanged"], 200)
            held += 200
            until(lambda: self.node.json("status")["searchable"] == held, f"{held} records")

    def test_damage_is_found_and_mended_while_others_answer(self):
        self.node.stop()
        victim = self.files("s")[0]
        data = bytearray(victim.read_bytes())
        data[len(data) // 2] ^= 1
        victim.write_bytes(data)
        self.node.start()
        self.put("FOXTROTTEST", 7)
        self.assertEqual(self.found("FOXTROTTEST"), [self.ids["FOXTROTTEST"]])
        until(lambda: not victim.exists(), "the damaged file is replaced")
        for family in FAMILIES[:3]:
            until(lambda family=family: self.found(family) == [self.ids[family]], family)
        self.assertNotIn("partial", self.ask("ALPHATEST")["searched"])
        until(lambda: 'index.rebuilding' in (self.node.dir / 'serve.log').read_text(),
              'the log tells of the damage')

    def test_without_its_files_the_index_is_made_from_the_rows(self):
        self.node.stop()
        for path in (self.node.dir / "index").iterdir():
            path.unlink()
        self.node.start()
        for family in FAMILIES[:3]:
            self.assertEqual(self.found(family), [self.ids[family]])

    def test_what_is_erased_leaves_every_file_of_the_index(self):
        self.put("QUIRIMBASTEST", 9)
        self.node.stop()
        self.node.start()

        def holds():
            return [path for path in (self.node.dir / "index").iterdir()
                    if path.exists() and b"uirimbas" in path.read_bytes().lower()]

        self.assertTrue(holds())
        self.node.ok("record", "erase", self.ids["QUIRIMBASTEST"], "--reason", "wrong person")
        self.assertEqual(self.found("QUIRIMBASTEST"), [])
        until(lambda: not holds(), "its letters leave the files", seconds=60)


if __name__ == "__main__":
    unittest.main()
