/* The table of decisions of one agreement, for tools/law-cases: its table's records down, the
 * purposes of its shares across, between the two members of the first case and on its day, nothing
 * released and nothing assured. A cell names the clause; where a copy is not given but a request or
 * a query is, that too.
 *
 *   law-grid catalogue/cases/NAME.txt      (COMITY_SOURCE names the source tree) */
#include <stdio.h>
#include <stdlib.h>

#include "check.h"
#include "test_files.h"

enum { ARENA_BYTES = 64 << 20, PURPOSES_MAX = 24, MODES_TRIED = 3 };

struct purposes {
    struct text items[PURPOSES_MAX];
    uint32_t count;
};

static void add_purposes(struct purposes *out, struct codes codes)
{
    for (uint32_t i = 0; i < codes.count; i++) {
        bool again = false;
        for (uint32_t k = 0; k < out->count; k++)
            again = again || text_equal(out->items[k], codes.items[i]);
        if (!again && out->count < PURPOSES_MAX)
            out->items[out->count++] = codes.items[i];
    }
}

static struct purposes purposes_of(const struct treaty *treaty)
{
    struct purposes out = { .count = 0 };
    for (uint32_t a = 0; a < treaty->article_count; a++) {
        for (uint32_t c = 0; c < treaty->articles[a].count; c++) {
            if (treaty->articles[a].clauses[c].kind == CLAUSE_SHARE)
                add_purposes(&out, treaty->articles[a].clauses[c].purposes);
        }
    }
    return out;
}

/* "3.1", "hold 3.1", "never 7.3", "–": what was said, as short as a cell. */
static void put_cell(struct said *said, const char *mode)
{
    struct text text = text_trim(text_literal(said->text));
    if (text_is(text, "deny no-clause")) {
        printf(" – |");
        return;
    }
    if (text_starts(text, TEXT("share ")))
        text = text_slice(text, 6, text.len);
    else if (text_starts(text, TEXT("deny ")))
        text = text_slice(text, 5, text.len);
    printf(" %s%.*s |", mode, (int)text.len, text.data);
}

static bool put_decision(struct table *table, struct table_case row, struct arena *arena)
{
    static const char *const facts[MODES_TRIED] = { "", "as request", "as hit" };
    static const char *const names[MODES_TRIED] = { "", "request ", "hit " };
    struct said said = { "" };
    size_t mark = arena->used;
    int mode = -1;
    do {
        struct fault fault = { 0 };
        arena_rewind(arena, mark);
        row.cells[CELL_FACTS] = text_literal(facts[++mode]);
        if (!check_case(table, &row, arena, &said, &fault) && said.text[0] == '\0') {
            fprintf(stderr, "law-grid: %s: %.*s\n", fault.what, (int)fault.where.len,
                    fault.where.data);
            return false;
        }
    } while (strcmp(said.text, "deny no-clause ") == 0 && mode + 1 < MODES_TRIED);
    put_cell(&said, names[mode]);
    arena_rewind(arena, mark);
    return true;
}

/* The first case that decides about a record: its members and its day. */
static const struct table_case *first_case(const struct table *table)
{
    for (uint32_t i = 0; i < table->case_count; i++) {
        const struct text *cells = table->cases[i].cells;
        if (cells[CELL_RECORD].len > 0 && cells[CELL_MEMBERS].len > 0 &&
            !text_is(cells[CELL_FACTS], "entry"))
            return &table->cases[i];
    }
    return NULL;
}

static bool put_grid(struct table *table, struct arena *arena)
{
    struct fault fault = { 0 };
    struct treaty treaty;
    const struct table_case *first = first_case(table);
    if (first == NULL || !scene_treaty(table->agreement, arena, &treaty, &fault))
        return false;
    struct purposes purposes = purposes_of(&treaty);
    printf("%.*s, %.*s\n\n| record |", (int)first->cells[CELL_MEMBERS].len,
           first->cells[CELL_MEMBERS].data, (int)first->cells[CELL_DATE].len,
           first->cells[CELL_DATE].data);
    for (uint32_t i = 0; i < purposes.count; i++)
        printf(" %.*s |", (int)purposes.items[i].len, purposes.items[i].data);
    printf("\n|---|");
    for (uint32_t i = 0; i < purposes.count; i++)
        printf("---|");
    for (uint32_t r = 0; r < table->record_count; r++) {
        struct table_case row = *first;
        row.cells[CELL_RECORD] = table->records[r].name;
        row.cells[CELL_DECISION] = TEXT("?");
        row.cells[CELL_OBLIGATIONS] = TEXT("");
        printf("\n| %.*s |", (int)table->records[r].name.len, table->records[r].name.data);
        for (uint32_t i = 0; i < purposes.count; i++) {
            row.cells[CELL_PURPOSE] = purposes.items[i];
            if (!put_decision(table, row, arena))
                return false;
        }
    }
    printf("\n");
    return true;
}

int main(int count, char **words)
{
    struct arena arena = arena_over(malloc(ARENA_BYTES), ARENA_BYTES);
    struct table *table = ARENA_NEW(&arena, struct table);
    struct test_file file = { NULL, 0 };
    struct fault fault = { 0 };
    struct text text;
    if (count != 2 || table == NULL || !test_file_read(words[1], &file) ||
        failed(text_parse(test_file_bytes(&file), &text)))
        return 2;
    if (!table_parse(text, &arena, table, &fault)) {
        fprintf(stderr, "%s:%u: %s\n", words[1], fault.line, fault.what);
        return 1;
    }
    bool done = put_grid(table, &arena);
    free(file.data);
    free(arena.data);
    return done ? 0 : 1;
}
