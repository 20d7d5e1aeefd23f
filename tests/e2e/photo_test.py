#!/usr/bin/python3
"""An alert's photo goes where the alert goes, is looked at behind an entry, and goes with it."""
import base64
import hashlib
import http.client
import json
import pathlib
import socket
import unittest

from comity_node import nodes, person, until
from duties_test import DUTIES

PHOTOS = pathlib.Path(__file__).resolve().parents[2] / "demo/data/photos"
PURPOSE = "?purpose=criminal-investigation&case=2026-17"


class Local(http.client.HTTPConnection):
    """The node's own socket, where the caller is the Unix account."""

    def __init__(self, node):
        super().__init__("localhost")
        self.path = str(node.dir / "comity.sock")

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


def ask(node, method, path, body=None):
    """Status and JSON of one request."""
    line = Local(node)
    headers = {"Content-Type": "application/octet-stream"} if body else {}
    line.request(method, path, body, headers)
    answer = line.getresponse()
    value = json.loads(answer.read())
    line.close()
    return answer.status, value


class Photo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.context = nodes("NGA", "NER")
        cls.nga, cls.ner = cls.context.__enter__()
        cls.addClassCleanup(cls.context.__exit__, None, None, None)
        text = DUTIES.format(nga=cls.nga.root, ner=cls.ner.root, nga_port=cls.nga.partners,
                             ner_port=cls.ner.partners)
        cls.hash = cls.nga.ok("agreement", "put", "-", stdin=text).strip()
        cls.nga.ok("agreement", "sign", cls.hash)
        cls.ner.ok("agreement", "receive", "-", stdin=cls.nga.ok("agreement", "export", cls.hash))
        cls.ner.ok("agreement", "sign", cls.hash)
        cls.nga.ok("agreement", "receive", "-", stdin=cls.ner.ok("agreement", "export", cls.hash))

    def put(self, number, photo):
        record = person("NGA", number, family=f"PHOTO{number}")
        record["attachments"] = [{"id": "f1", "role": "photo", "type": "image/png",
                                  "size": len(photo),
                                  "sha256": hashlib.sha256(photo).hexdigest()}]
        record["statements"].append(
            {"id": "s3", "attribute": "photo", "basis": "fact", "value": {"attachment": "f1"},
             "source": {"unit": "headquarters", "reference": f"file {number}"}})
        return self.nga.json("record", "put", "-", stdin=json.dumps(record))["id"]

    def photo_at(self, node, record, query=PURPOSE):
        return ask(node, "GET", f"/v1/records/{record}/attachments/f1{query}")

    def test_it_arrives_with_its_record_behind_an_entry_and_goes_with_it(self):
        photo = sorted(PHOTOS.iterdir())[0].read_bytes()
        record = self.put(1, photo)
        path = f"/v1/records/{record}/attachments/f1"
        status, value = ask(self.nga, "PUT", path, photo[:-1])
        self.assertEqual((status, value["code"]), (400, "clerk.file-differs"))
        self.assertEqual(ask(self.nga, "PUT", path, photo)[1]["result"], "stored")
        until(lambda: self.photo_at(self.ner, record)[0] == 200, "the photo at NER")
        status, value = self.photo_at(self.ner, record)
        self.assertEqual(base64.b64decode(value["data"]), photo)
        again = self.photo_at(self.ner, record)[1]
        self.assertGreater(again["entry"], value["entry"])  # each look has its entry (I3)
        self.assertNotEqual(self.photo_at(self.ner, record, "")[0], 200)  # no purpose, no photo
        until(lambda: "use.report" in [one["kind"] for one in self.nga.json(
            "audit", "who", record)["items"]], "the owner told that its photo was used")
        self.ner.kill()
        self.ner.start()
        self.assertEqual(self.photo_at(self.ner, record)[1]["data"], value["data"])
        self.nga.ok("record", "erase", record, "--reason", "court order")
        until(lambda: self.photo_at(self.ner, record)[0] == 404, "the photo gone at NER")
        self.assertEqual(self.photo_at(self.nga, record)[0], 404)


if __name__ == "__main__":
    unittest.main()
