#include "cli/batch.h"

#include <stdio.h>
#include <string.h>

#include "model/code.h"
#include "model/mrz.h"
#include "shell/clock.h"

enum { NAME_MAX = 96, ZONE_NARROW = 30 };

static bool number_of(struct text in, int64_t *out)
{
    int64_t value = 0;
    if (in.len == 0 || in.len > 4)
        return false;
    for (size_t i = 0; i < in.len; i++) {
        if (in.data[i] < '0' || in.data[i] > '9')
            return false;
        value = value * 10 + (in.data[i] - '0');
    }
    *out = value;
    return true;
}

struct json batch_birth(struct arena *arena, struct text in)
{
    struct json out = json_object();
    struct text value = in;
    struct text word = text_split(&value, ':');
    int64_t number = 0;
    bool about = text_is(word, "about");
    if (value.data != NULL && (about || text_is(word, "age")) && number_of(value, &number))
        json_set_integer(arena, &out, about ? "about" : "age", number);
    else if (in.len == 4 && number_of(in, &number))
        json_set_integer(arena, &out, "year", number);
    else
        json_set_text(arena, &out, "date", in);
    return out;
}

/* -- tables --------------------------------------------------------------------------------- */

static const char *const members[] = { "name", "family", "given", "kind", "sex" };

/* The column's name without _a or _b, which goes to `side`; 0: it has none. */
static struct text without_side(struct text column, char *side)
{
    bool sided = column.len > 2 && column.data[column.len - 2] == '_' &&
                 (column.data[column.len - 1] == 'a' || column.data[column.len - 1] == 'b');
    *side = sided ? column.data[column.len - 1] : (char)0;
    return sided ? text_slice(column, 0, column.len - 2) : column;
}

/* A pair may name a record of the node. */
static bool column_known(struct text name, enum batch_use use)
{
    if (use == BATCH_COMPARE && text_is(name, "record"))
        return true;
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        if (text_is(name, members[i]))
            return true;
    }
    return text_is(name, "birth") || text_is(name, "nationality") || text_is(name, "country") ||
           code_find(CODE_IDENTIFIER, name) >= 0;
}

/* F, M and X are how documents write it. */
static struct text sex_word(struct text in)
{
    if (text_is(in, "F") || text_is(in, "f"))
        return TEXT("female");
    if (text_is(in, "M") || text_is(in, "m"))
        return TEXT("male");
    return text_is(in, "X") || text_is(in, "x") ? TEXT("other") : in;
}

static void add_nationalities(struct cli *cli, struct text codes, struct json *out)
{
    struct json list = json_array();
    while (codes.data != NULL) {
        struct text one = text_split(&codes, ' ');
        if (one.len > 0)
            json_push(cli->arena, &list, json_string(one));
    }
    json_set(cli->arena, out, "nationalities", list);
}

static struct text cell_of(const struct batch *batch, const char *name, char side)
{
    for (size_t i = 0; i < batch->header->count && i < batch->row->count; i++) {
        char at;
        if (text_is(without_side(batch->header->fields[i], &at), name) && at == side)
            return batch->row->fields[i];
    }
    return TEXT("");
}

struct json batch_identifier(struct arena *arena, struct text type, struct text number)
{
    struct json out = json_object();
    bool partial = number.len > 0 && (memchr(number.data, '?', number.len) != NULL ||
                                      memchr(number.data, '*', number.len) != NULL);
    json_set_text(arena, &out, "type", type);
    json_set_text(arena, &out, partial ? "pattern" : "value", number);
    return out;
}

static void add_cell(struct cli *cli, struct text column, struct text cell, struct json *out,
                     struct json *identifiers)
{
    if (text_is(column, "birth")) {
        json_set(cli->arena, out, "birth", batch_birth(cli->arena, cell));
    } else if (text_is(column, "nationality")) {
        add_nationalities(cli, cell, out);
    } else if (text_is(column, "sex")) {
        json_set_text(cli->arena, out, "sex", sex_word(cell));
    } else if (code_find(CODE_IDENTIFIER, column) >= 0) {
        json_push(cli->arena, identifiers, batch_identifier(cli->arena, column, cell));
    } else if (!text_is(column, "country")) {
        json_set_name(cli->arena, out, column, json_string(cell));
    }
}

/* The question of a row: of columns without a side, or of one side. */
static struct json question_of(struct cli *cli, const struct batch *batch, char side)
{
    struct json out = json_object();
    struct json identifiers = json_array();
    struct text country = cell_of(batch, "country", side);
    for (size_t i = 0; i < batch->header->count && i < batch->row->count; i++) {
        char at;
        struct text column = without_side(batch->header->fields[i], &at);
        if (at == side && batch->row->fields[i].len > 0)
            add_cell(cli, column, batch->row->fields[i], &out, &identifiers);
    }
    for (size_t i = 0; i < json_count(&identifiers) && country.len > 0; i++)
        json_set_text(cli->arena, &identifiers.items[i], "country", country);
    if (json_count(&identifiers) > 0)
        json_set(cli->arena, &out, "identifiers", identifiers);
    return out;
}

static bool next_row(struct cli *cli, struct batch *batch, struct batch_line *out)
{
    uint32_t before = batch->csv.line;
    out->err = csv_next(&batch->csv, cli->arena, batch->row);
    if (failed(out->err)) {
        out->line = out->err.at > 0 ? (uint32_t)out->err.at : before;
        batch->csv.at = batch->csv.in.len; /* where the next row begins is not known */
        return true;
    }
    if (batch->row->count == 0)
        return false;
    out->line = batch->row->line;
    if (batch->row->count > batch->header->count) {
        out->err = err_make(ERR_INVALID, "cli.batch-wide");
    } else if (batch->use == BATCH_SEARCH) {
        out->json = question_of(cli, batch, 0);
    } else {
        out->json = json_object();
        json_set(cli->arena, &out->json, "a", question_of(cli, batch, 'a'));
        json_set(cli->arena, &out->json, "b", question_of(cli, batch, 'b'));
    }
    return true;
}

static bool read_header(struct cli *cli, struct batch *batch, int *exit_out)
{
    batch->header = ARENA_NEW(cli->arena, struct csv_row);
    batch->row = ARENA_NEW(cli->arena, struct csv_row);
    struct err e = arena_check(cli->arena);
    if (!failed(e))
        e = csv_next(&batch->csv, cli->arena, batch->header);
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, TEXT("1"));
        return false;
    }
    bool used[2] = { false, false };
    for (size_t i = 0; i < batch->header->count; i++) {
        char side;
        struct text name = without_side(batch->header->fields[i], &side);
        bool ours = (side != 0) == (batch->use == BATCH_COMPARE);
        if (ours && column_known(name, batch->use)) {
            used[side == 'b'] = true;
        } else if (ours || batch->use == BATCH_SEARCH) {
            *exit_out = cli_fail(cli, err_make(ERR_INVALID, "cli.batch-column"),
                                 batch->header->fields[i]);
            return false;
        }
    }
    if (!used[0] || (batch->use == BATCH_COMPARE && !used[1])) {
        *exit_out = cli_fail(cli, err_make(ERR_INVALID, "cli.batch-header"), TEXT("1"));
        return false;
    }
    return true;
}

/* -- lines ---------------------------------------------------------------------------------- */

/* The next line that is not blank; false at the end. */
static bool next_line(struct batch *batch, struct text *out)
{
    while (batch->at < batch->in.len) {
        const char *begin = (const char *)batch->in.data + batch->at;
        const char *end = memchr(begin, '\n', batch->in.len - batch->at);
        size_t len = end != NULL ? (size_t)(end - begin) : batch->in.len - batch->at;
        batch->at += len + (end != NULL);
        batch->line++;
        while (len > 0 && (begin[len - 1] == '\r' || begin[len - 1] == ' '))
            len--;
        *out = (struct text){ begin, len };
        if (len > 0)
            return true;
    }
    return false;
}

static bool next_ndjson(struct cli *cli, struct batch *batch, struct batch_line *out)
{
    struct text line;
    if (!next_line(batch, &line))
        return false;
    out->line = batch->line;
    out->err = json_parse(text_bytes(line), cli->arena, &out->json);
    if (!failed(out->err) && out->json.kind != JSON_OBJECT)
        out->err = err_make(ERR_INVALID, "api.body-not-object");
    return true;
}

static bool is_zone(struct text line)
{
    bool filled = false;
    for (size_t i = 0; i < line.len; i++) {
        char c = line.data[i];
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '<')
            return false;
        filled = filled || c == '<';
    }
    return filled && line.len >= ZONE_NARROW;
}

static struct json question_of_zone(struct cli *cli, const struct mrz *mrz)
{
    struct json out = json_object();
    struct json birth = json_object();
    struct json one = json_object();
    struct json identifiers = json_array();
    struct when when = mrz_birth(mrz, date_of_instant(clock_now()));
    json_set_text(cli->arena, &out, "family", mrz->surname);
    json_set_text(cli->arena, &out, "given", mrz->given);
    if (mrz->sex != '<')
        json_set_text(cli->arena, &out, "sex", mrz->sex == 'F' ? TEXT("female") : TEXT("male"));
    if (mrz->nationality.len > 0)
        add_nationalities(cli, mrz->nationality, &out);
    if (when.quality == WHEN_EXACT)
        json_set_text(cli->arena, &birth, "date", date_format(cli->arena, when.from));
    else if (when_known(&when) && when.from.year == when.to.year)
        json_set_integer(cli->arena, &birth, "year", when.from.year);
    if (json_count(&birth) > 0)
        json_set(cli->arena, &out, "birth", birth);
    if (mrz->number.len > 0) {
        json_set_text(cli->arena, &one, "type", TEXT("document"));
        json_set_text(cli->arena, &one, "value", mrz->number);
        json_set_text(cli->arena, &one, "country", mrz->issuer);
        json_push(cli->arena, &identifiers, one);
        json_set(cli->arena, &out, "identifiers", identifiers);
    }
    return out;
}

/* Three lines of 30, else two; a line of another shape is told alone, and the next begins anew. */
static bool next_zone(struct cli *cli, struct batch *batch, struct batch_line *out)
{
    struct text line;
    struct text zone;
    struct mrz mrz;
    if (!next_line(batch, &line))
        return false;
    out->line = batch->line;
    out->err = err_make(ERR_INVALID, "mrz.wrong-shape");
    zone = line;
    size_t lines = line.len == ZONE_NARROW ? 3 : 2;
    for (size_t i = 1; i < lines && is_zone(line); i++) {
        struct text more;
        struct batch before = *batch;
        if (!next_line(batch, &more) || more.len != line.len) {
            *batch = before;
            return true;
        }
        zone = arena_join(cli->arena, arena_join(cli->arena, zone, TEXT("\n")), more);
    }
    if (is_zone(line))
        out->err = mrz_parse(zone, cli->arena, &mrz);
    if (!failed(out->err))
        out->json = question_of_zone(cli, &mrz);
    return true;
}

static struct json question_of_person(struct cli *cli, const struct paxlst_person *person)
{
    struct json out = json_object();
    struct json nationalities = json_array();
    struct json identifiers = json_array();
    json_set_text(cli->arena, &out, "family", person->family);
    if (person->given.len > 0)
        json_set_text(cli->arena, &out, "given", person->given);
    if (person->sex != 0)
        json_set_text(cli->arena, &out, "sex", sex_word((struct text){ &person->sex, 1 }));
    if (person->has_birth) {
        struct json birth = json_object();
        json_set_text(cli->arena, &birth, "date", date_format(cli->arena, person->birth));
        json_set(cli->arena, &out, "birth", birth);
    }
    for (size_t i = 0; i < person->nationality_count; i++)
        json_push(cli->arena, &nationalities, json_string(person->nationalities[i]));
    if (person->nationality_count > 0)
        json_set(cli->arena, &out, "nationalities", nationalities);
    for (size_t i = 0; i < person->document_count; i++) {
        struct json one = json_object();
        json_set_text(cli->arena, &one, "type", TEXT("document"));
        json_set_text(cli->arena, &one, "value", person->documents[i].number);
        if (person->documents[i].country.len > 0)
            json_set_text(cli->arena, &one, "country", person->documents[i].country);
        json_push(cli->arena, &identifiers, one);
    }
    if (person->document_count > 0)
        json_set(cli->arena, &out, "identifiers", identifiers);
    return out;
}

static bool next_person(struct cli *cli, struct batch *batch, struct batch_line *out)
{
    struct paxlst_person person;
    if (!paxlst_next(&batch->list, cli->arena, &person, &out->err))
        return false;
    batch->at = batch->list.at;
    out->line = person.segment;
    if (!failed(out->err))
        out->json = question_of_person(cli, &person);
    return true;
}

bool batch_next(struct cli *cli, struct batch *batch, struct batch_line *out)
{
    bool more;
    *out = (struct batch_line){ .err = err_none() };
    if (batch->form == BATCH_TABLE)
        more = next_row(cli, batch, out);
    else if (batch->form == BATCH_PAXLST)
        more = next_person(cli, batch, out);
    else
        more = batch->form == BATCH_NDJSON ? next_ndjson(cli, batch, out)
                                           : next_zone(cli, batch, out);
    struct err full = arena_check(cli->arena);
    if (more && failed(full))
        out->err = full;
    return more;
}

bool batch_open(struct cli *cli, struct text path, enum batch_use use, struct batch *out,
                int *exit_out)
{
    struct text first;
    *out = (struct batch){ .use = use };
    struct err e = cli_read(cli, path, BATCH_BYTES_MAX, &out->in);
    if (failed(e)) {
        *exit_out = cli_fail(cli, e, path);
        return false;
    }
    if (use == BATCH_SEARCH && paxlst_looks_like(out->in)) {
        out->form = BATCH_PAXLST;
        out->list = paxlst_over(out->in, date_of_instant(clock_now()));
        return true;
    }
    struct batch look = *out;
    if (!next_line(&look, &first))
        first = TEXT("");
    out->form = text_starts(first, TEXT("{"))                  ? BATCH_NDJSON
                : use == BATCH_SEARCH && is_zone(first) ? BATCH_ZONES
                                                        : BATCH_TABLE;
    if (out->form != BATCH_TABLE)
        return true;
    bool tabs = memchr(first.data, '\t', first.len) != NULL;
    out->csv = csv_over(out->in, tabs ? '\t' : ',', false);
    return read_header(cli, out, exit_out);
}

void batch_say(struct cli *cli, uint32_t line, struct text rule)
{
    char number[16];
    struct text sentence = cli_sentence(cli, rule);
    (void)snprintf(number, sizeof(number), "%u", (unsigned)line);
    (void)fprintf(stderr, "comity: %s %s: %.*s\n", text_say(cli->lang, "cli.batch-line"), number,
                  (int)sentence.len, sentence.data);
}
