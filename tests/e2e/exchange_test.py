#!/usr/bin/python3
"""Two nodes, one agreement: what is shared arrives, and what ends here ends there."""
import json
import unittest

from comity_node import nodes, person, until

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")
AGREEMENT = """agreement e2e version 1
title en "End to end", fr "De bout en bout"
parties NGA NER
in force from 2026-01-01 when all parties have signed
classification up to restricted

article 1 en "Wanted persons", fr "Personnes recherchées"
  share person where category is wanted.arrest
    among parties for criminal-investigation by copy
    withhold field contact
    on condition contact-owner
    retain 3 years, review every 1 year
    answer urgent within 8 hours, otherwise within 3 days
  never share person where note protected-from is that party

annex
  party NGA key {nga} at "127.0.0.1:{nga_port}"
  party NER key {ner} at "127.0.0.1:{ner_port}"
"""


class Exchange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA", "NER")
        cls.nga, cls.ner = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        text = AGREEMENT.format(nga=cls.nga.root, ner=cls.ner.root, nga_port=cls.nga.partners,
                                ner_port=cls.ner.partners)
        cls.hash = cls.nga.ok("agreement", "put", "-", stdin=text).strip()
        cls.nga.ok("agreement", "sign", cls.hash)
        carried = cls.nga.ok("agreement", "export", cls.hash)
        assert cls.ner.ok("agreement", "receive", "-", stdin=carried).strip() == cls.hash
        cls.ner.ok("agreement", "sign", cls.hash)
        carried = cls.ner.ok("agreement", "export", cls.hash)
        cls.nga.ok("agreement", "receive", "-", stdin=carried)

    def put(self, number, family, **more):
        record = person("NGA", number, family=family, **more)
        return self.nga.json("record", "put", "-", stdin=json.dumps(record))["id"]

    def hits(self, family):
        return self.ner.json("search", family, *FOR)["hits"]

    def arrives(self, family):
        return until(lambda: self.hits(family), f"{family} at NER")[0]

    def goes(self, family):
        until(lambda: not self.hits(family), f"{family} gone at NER")

    def test_both_say_that_the_agreement_is_in_force(self):
        for node in (self.nga, self.ner):
            self.assertEqual(node.json("agreement", "show", self.hash)["state"], "in-force")

    def test_a_shared_record_arrives_with_its_basis_and_no_order(self):
        record = self.put(1, "ARRIVETEST")
        hit = self.arrives("ARRIVETEST")
        self.assertEqual(hit["record"], record)
        self.assertEqual(hit["basis"]["agreement"], self.hash)
        self.assertEqual(hit["alerts"][0]["effect"]["effect"], "held")
        explained = self.nga.json("record", "explain", record, "--to", "NER")
        self.assertEqual(explained["decision"]["outcome"], "share")

    def test_another_purpose_does_not_see_it(self):
        self.put(2, "PURPOSETEST")
        self.arrives("PURPOSETEST")
        other = self.ner.json("search", "PURPOSETEST", "--purpose", "immigration", "--ref",
                              "file=1")
        self.assertEqual(other["hits"], [])

    def test_what_is_withdrawn_goes_there_too(self):
        record = self.put(3, "WITHDRAWTEST")
        self.arrives("WITHDRAWTEST")
        self.nga.ok("record", "withdraw", record, "--reason", "solved")
        self.goes("WITHDRAWTEST")

    def test_what_is_erased_goes_there_too_and_the_ledgers_hold(self):
        record = self.put(4, "ERASETEST")
        self.arrives("ERASETEST")
        self.nga.ok("record", "erase", record, "--reason", "court order")
        self.goes("ERASETEST")
        for node in (self.nga, self.ner):
            self.assertEqual(node.json("ledger", "verify")["damaged"], 0)

    def test_a_note_protects_from_the_partner(self):
        record = self.put(5, "PROTECTTEST")
        self.arrives("PROTECTTEST")
        self.nga.ok("record", "note", record, "--kind", "protected-from", "--from", "NER")
        self.goes("PROTECTTEST")

    def test_a_halt_stops_and_a_resume_catches_up(self):
        self.nga.ok("partner", "halt", "NER", "--reason", "exercise")
        self.assertTrue(self.nga.json("partner", "show", "NER")["halted"])
        record = self.put(6, "HALTTEST")
        explained = self.nga.json("record", "explain", record, "--to", "NER")
        self.assertTrue(explained["halted"])
        self.assertEqual(self.hits("HALTTEST"), [])
        self.nga.ok("partner", "resume", "NER")
        self.arrives("HALTTEST")

    def test_a_hit_is_reported_confirmed_and_closed(self):
        record = self.put(7, "HITTEST")
        self.arrives("HITTEST")
        hit = self.ner.json("hit", "open", record, "--text", "at the border", "--urgent")["hit"]
        until(lambda: hit in self.nga.ok("hit", "list"), "the report at NGA")
        self.nga.ok("hit", "answer", hit, "--confirm", "--text", "the same person")
        until(lambda: self.ner.json("hit", "show", hit)["state"] == "confirmed", "the answer")


if __name__ == "__main__":
    unittest.main()
