// Checks a log that ledger-export wrote, with golang.org/x/mod/sumdb/{note,tlog} unchanged:
// note and signature, root from the entries, tiles, record proofs and tree proofs.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var dir string

func check(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "check_ledger: %s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	check(err, name)
	return data
}

func parseHash(s string) tlog.Hash {
	h, err := tlog.ParseHash(s)
	check(err, "hash "+s)
	return h
}

// tlog names tiles tile/8/L/N; C2SP tlog-tiles calls the same bytes tile/L/N.
type tiles struct{}

func (tiles) Height() int { return 8 }

func (tiles) ReadTiles(list []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, t := range list {
		out = append(out, read("tile/"+strings.TrimPrefix(t.Path(), "tile/8/")))
	}
	return out, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func openCheckpoint() tlog.Tree {
	verifier, err := note.NewVerifier(string(read("vkey")))
	check(err, "vkey")
	n, err := note.Open(read("checkpoint"), note.VerifierList(verifier))
	check(err, "checkpoint")
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		check(fmt.Errorf("not three lines of this log"), "checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	return tlog.Tree{N: size, Hash: parseHash(lines[2])}
}

func readEntries(n int64) [][]byte {
	var entries [][]byte
	for i := int64(0); i*256 < n; i++ {
		w := 256
		if n-i*256 < 256 {
			w = int(n - i*256)
		}
		path := tlog.Tile{H: 8, L: 0, N: i, W: w}.Path()
		data := read("tile/entries/" + strings.TrimPrefix(path, "tile/8/0/"))
		for len(data) > 0 {
			size := int(binary.BigEndian.Uint16(data))
			entries = append(entries, data[2:2+size])
			data = data[2+size:]
		}
	}
	return entries
}

func rootOf(entries [][]byte) tlog.Hash {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		var out []tlog.Hash
		for _, i := range indexes {
			out = append(out, stored[i])
		}
		return out, nil
	})
	for i, e := range entries {
		hashes, err := tlog.StoredHashes(int64(i), e, reader)
		check(err, "stored hashes")
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(entries)), reader)
	check(err, "tree hash")
	return root
}

func checkProofs(tree tlog.Tree, entries [][]byte) (records, trees int) {
	for _, line := range strings.Split(strings.TrimSpace(string(read("proofs"))), "\n") {
		fields := strings.Fields(line)
		n, err := strconv.ParseInt(fields[1], 10, 64)
		check(err, line)
		var hashes []tlog.Hash
		for _, f := range fields[2:] {
			hashes = append(hashes, parseHash(f))
		}
		switch fields[0] {
		case "record":
			check(tlog.CheckRecord(tlog.RecordProof(hashes), tree.N, tree.Hash, n,
				tlog.RecordHash(entries[n])), line)
			records++
		case "tree":
			check(tlog.CheckTree(tlog.TreeProof(hashes[1:]), tree.N, tree.Hash, n, hashes[0]), line)
			trees++
		}
	}
	return records, trees
}

func main() {
	dir = os.Args[1]
	tree := openCheckpoint()
	entries := readEntries(tree.N)
	if int64(len(entries)) != tree.N || rootOf(entries) != tree.Hash {
		check(fmt.Errorf("root differs"), "entries")
	}
	reader := tlog.TileHashReader(tree, tiles{})
	for i := int64(0); i < tree.N; i += 1 + tree.N/50 {
		got, err := reader.ReadHashes([]int64{tlog.StoredHashIndex(0, i)})
		check(err, "tiles")
		if got[0] != tlog.RecordHash(entries[i]) {
			check(fmt.Errorf("leaf %d differs", i), "tiles")
		}
	}
	records, trees := checkProofs(tree, entries)
	fmt.Printf("x/mod agrees: %d entries, root %s, %d record proofs, %d tree proofs\n", tree.N,
		base64.StdEncoding.EncodeToString(tree.Hash[:]), records, trees)
}
