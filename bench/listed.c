#include "listed.h"

#include <stdio.h>
#include <stdlib.h>

#include "import/import.h"
#include "index/record.h"

enum { FILES = 4, ENTRY_BYTES = 8 << 20 };

struct sink {
    struct bench_index *index;
    struct arena entry;
};

static void *need(void *memory)
{
    if (memory == NULL) {
        perror("bench: memory");
        exit(1);
    }
    return memory;
}

/* The names' letters stay until the program ends, as everything of this bench. */
static struct text keep(struct text in)
{
    char *own = need(malloc(in.len + 1));
    memcpy(own, in.data, in.len);
    return (struct text){ own, in.len };
}

static struct err accept(void *context, const struct json *draft, uint32_t line)
{
    (void)line;
    struct sink *sink = context;
    struct findings findings;
    struct record record;
    struct index_doc doc;
    arena_reset(&sink->entry);
    findings_init(&findings, &sink->entry);
    struct err e = record_parse(draft, &sink->entry, &findings, &record);
    if (!failed(e))
        e = index_doc_from_record(&record, 1, &sink->entry, &doc);
    if (failed(e) || record.kind != RECORD_PERSON)
        return e;
    for (size_t i = 0; i < doc.name_count; i++) {
        struct index_name name = doc.names[i];
        name =
            (struct index_name){ keep(name.full), keep(name.family), keep(name.given), name.set };
        bench_index_add_name(sink->index, &name, doc.birth, i > 0);
    }
    return err_none();
}

static struct import_host host_of(struct sink *sink, const char *source)
{
    struct import_host host = { .sink = sink, .accept = accept };
    if (failed(member_code_parse(text_literal(source), &host.owner)))
        exit(1);
    host.unit = TEXT("bench");
    return host;
}

static bool read_list(const char *below, struct table *out, struct bytes *bytes)
{
    if (!table_open(out, below, ','))
        return false;
    *bytes = out->reader.in;
    return true;
}

static struct arena take(size_t size)
{
    return arena_over(need(malloc(size)), size);
}

static void end(struct err e, const struct import_account *account, size_t *refused)
{
    if (failed(e)) {
        fprintf(stderr, "bench: %s in line %u\n", e.rule, e.at);
        exit(1);
    }
    *refused = account->refused;
}

bool listed_add_un(struct bench_index *index, size_t *refused_out)
{
    struct table table;
    struct bytes in;
    struct import_account account;
    if (!read_list("lists/un/un_consolidated_2026-02-27.xml", &table, &in))
        return false;
    struct sink sink = { index, take(ENTRY_BYTES) };
    struct arena arena = take(IMPORT_ARENA_SIZE);
    struct import_host host = host_of(&sink, "x-un");
    end(import_un(in, &host, &arena, &account), &account, refused_out);
    free(arena.data);
    free(sink.entry.data);
    table_close(&table);
    return true;
}

bool listed_add_ofac(struct bench_index *index, size_t *refused_out)
{
    static const char *const names[FILES] = { "lists/ofac/2021-07/sdn.csv",
                                              "lists/ofac/2021-07/alt.csv",
                                              "lists/ofac/2021-07/add.csv",
                                              "lists/ofac/2021-07/sdn_comments.csv" };
    struct table table[FILES];
    struct bytes in[FILES];
    struct import_account account;
    size_t wrong = 0;
    for (size_t i = 0; i < FILES; i++) {
        if (!read_list(names[i], &table[i], &in[i]))
            return false;
    }
    struct sink sink = { index, take(ENTRY_BYTES) };
    struct arena arena = take(IMPORT_ARENA_SIZE);
    struct import_host host = host_of(&sink, "x-ofac");
    end(import_ofac(in, FILES, &host, &arena, &account, &wrong), &account, refused_out);
    free(arena.data);
    free(sink.entry.data);
    for (size_t i = 0; i < FILES; i++)
        table_close(&table[i]);
    return true;
}
