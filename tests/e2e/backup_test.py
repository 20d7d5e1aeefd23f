#!/usr/bin/python3
"""A backup brings everything back but what was erased since."""
import json
import shutil
import unittest

from comity_node import nodes, person

FOR = ("--purpose", "criminal-investigation", "--ref", "case=2026-17")


class Backup(unittest.TestCase):
    def test_a_restore_needs_the_erasures_and_keeps_them(self):
        with nodes("NGA") as node:
            kept, erased = (
                node.json("record", "put", "-", stdin=json.dumps(person("NGA", i, family=name)))
                for i, name in ((1, "KEEPTEST"), (2, "FORGETTEST")))
            file, listed = node.dir / "backup", node.dir / "erasures"
            node.ok("backup", file)
            node.ok("record", "erase", erased["id"], "--reason", "court order")
            node.ok("backup", listed, "--erasures")
            node.stop()
            self.assertEqual(node.run("restore", file).returncode, 2)
            done = node.run("restore", file, "--no-erasures")
            self.assertEqual(done.returncode, 5, done.stderr)  # the store is not empty
            shutil.rmtree(node.dir / "store")
            node.ok("restore", file, "--erasures", listed)
            node.start()
            self.assertEqual(len(node.json("search", "KEEPTEST", *FOR)["hits"]), 1)
            self.assertEqual(node.json("search", "FORGETTEST", *FOR)["hits"], [])
            self.assertEqual(node.run("record", "show", erased["id"], *FOR).returncode, 3)
            self.assertEqual(node.run("record", "show", kept["id"], *FOR).returncode, 0)

    def test_a_damaged_backup_is_refused_before_the_store_is_touched(self):
        with nodes("NGA") as node:
            file = node.dir / "backup"
            node.ok("backup", file)
            node.stop()
            data = bytearray(file.read_bytes())
            data[len(data) // 2] ^= 1
            file.write_bytes(data)
            shutil.rmtree(node.dir / "store")
            self.assertEqual(node.run("restore", file, "--no-erasures").returncode, 1)
            self.assertFalse((node.dir / "store" / "store.db").exists())


if __name__ == "__main__":
    unittest.main()
