#!/usr/bin/python3
"""A member that nobody can dial is a full member: both feeds run over the line that it opens."""
import json
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
AGREEMENT = """agreement e2e version 1
title en "End to end"
parties NGA NER
in force from 2026-01-01 when all parties have signed
classification up to restricted

article 1 en "Wanted persons"
  share person where category is wanted.arrest
    among parties for criminal-investigation by copy
    answer urgent within 8 hours, otherwise within 3 days

annex
  party NGA key {nga} at "127.0.0.1:{port}"
  party NER key {ner}
"""


class Dial(unittest.TestCase):
    """NER listens to nobody; NGA does not know where NER is."""

    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA", "NER")
        cls.nga, cls.ner = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        cls.ner.stop()
        (cls.ner.dir / "comity.conf").write_text("[users]\nlisten = off\n[partners]\n"
                                                 "listen = off\n")
        cls.ner.start()
        text = AGREEMENT.format(nga=cls.nga.root, ner=cls.ner.root, port=cls.nga.partners)
        agreement = cls.nga.ok("agreement", "put", "-", stdin=text).strip()
        cls.nga.ok("agreement", "sign", agreement)
        cls.ner.ok("agreement", "receive", "-",
                   stdin=cls.nga.ok("agreement", "export", agreement))
        cls.ner.ok("agreement", "sign", agreement)

    def put(self, node, number, family):
        record = person(node.member, number, family=family)
        return node.json("record", "put", "-", stdin=json.dumps(record))["id"]

    def hits(self, node, family):
        return node.json("search", family, *FOR)["hits"]

    def test_both_feeds_run_and_a_kill_loses_and_doubles_nothing(self):
        self.put(self.nga, 1, "FROMNGA")
        self.put(self.ner, 2, "FROMNER")
        until(lambda: self.hits(self.ner, "FROMNGA"), "NGA's record at NER, fetched")
        until(lambda: self.hits(self.nga, "FROMNER"), "NER's record at NGA, pushed")
        self.ner.kill()
        ids = {self.put(self.nga, 10 + i, "WHILEAWAY") for i in range(20)}
        self.ner.start()
        until(lambda: len(self.hits(self.ner, "WHILEAWAY")) == 20, "20 records after the kill")
        self.nga.kill()
        self.nga.start()
        ids.add(self.put(self.nga, 40, "WHILEAWAY"))
        until(lambda: len(self.hits(self.ner, "WHILEAWAY")) == 21, "one more after NGA's kill")
        self.assertEqual({hit["record"] for hit in self.hits(self.ner, "WHILEAWAY")}, ids)
        partner = self.nga.json("partner", "list")["items"][0]
        self.assertEqual(partner["acked"], partner["numbered"])
        self.assertEqual(self.ner.json("ledger", "verify")["damaged"], 0)


if __name__ == "__main__":
    unittest.main()
