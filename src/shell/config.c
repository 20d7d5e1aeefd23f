#include "shell/config.h"

#include <assert.h>

#include "core/writer.h"
#include "shell/args.h"

static const struct config_row rows[CONFIG_KEYS] = {
#define CONFIG(id, section, name, type, min, max, def, unit, text) \
    [CONFIG_##id] = { section, name, type, min, max, def, unit, text },
#include "shell/config.def"
#undef CONFIG
};

const struct config_row *config_row(enum config_key key)
{
    assert(key < CONFIG_KEYS);
    return &rows[key];
}

static bool parse_integer(struct text in, int64_t *out)
{
    bool negative = text_starts(in, TEXT("-"));
    struct text digits = negative ? text_slice(in, 1, SIZE_MAX) : in;
    if (digits.len == 0 || digits.len > 18)
        return false;
    int64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.data[i] < '0' || digits.data[i] > '9')
            return false;
        value = value * 10 + (digits.data[i] - '0');
    }
    *out = negative ? -value : value;
    return true;
}

static bool parse_choice(struct text in, const char *choices, int64_t *out)
{
    struct text rest = text_literal(choices);
    for (int64_t i = 0; rest.data; i++) {
        if (text_equal(text_split(&rest, '|'), in)) {
            *out = i;
            return true;
        }
    }
    return false;
}

/* host:port, where a host with colons stands in brackets; or "off". */
static bool is_address(struct text in)
{
    if (text_is(in, "off"))
        return true;
    const char *colon = in.len > 0 ? memrchr(in.data, ':', in.len) : NULL;
    if (!colon)
        return false;
    size_t host = (size_t)(colon - in.data);
    int64_t port = 0;
    if (host == 0 || !parse_integer(text_slice(in, host + 1, SIZE_MAX), &port))
        return false;
    bool bracketed = in.data[0] == '[' && in.data[host - 1] == ']';
    bool colons = memchr(in.data, ':', host) != NULL;
    return port >= 0 && port <= 65535 && bracketed == colons;
}

static struct err parse_value(const struct config_row *row, struct text in,
                              struct config_value *out)
{
    struct config_value value = *out;
    bool good = true;
    bool fits = true;
    value.text = in;
    switch (row->type) {
    case CONFIG_INTEGER:
        good = parse_integer(in, &value.number);
        fits = value.number >= row->min && value.number <= row->max;
        break;
    case CONFIG_BOOLEAN:
        good = parse_choice(in, "no|yes", &value.number);
        break;
    case CONFIG_CHOICE:
        good = parse_choice(in, row->unit, &value.number);
        break;
    case CONFIG_ADDRESS:
        good = is_address(in);
        break;
    case CONFIG_PATH:
    case CONFIG_STRING:
        good = memchr(in.data, '\0', in.len) == NULL;
        fits = (int64_t)in.len >= row->min && (int64_t)in.len <= row->max;
        break;
    default:
        good = false;
        break;
    }
    if (!good)
        return err_make(ERR_INVALID, "config.bad-value");
    if (!fits)
        return err_make(ERR_INVALID, "config.out-of-range");
    *out = value;
    return err_none();
}

struct config config_default(void)
{
    struct config config;
    memset(&config, 0, sizeof(config));
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        struct err e = parse_value(&rows[i], text_literal(rows[i].def), &config.values[i]);
        assert(!failed(e)); /* a default is within its own row's limits */
        (void)e;
    }
    return config;
}

struct config_reader {
    struct config config;
    struct arena *arena;
    const char *file;
    struct text section;
    struct config_place *place;
};

static struct err read_section(struct config_reader *r, struct text line)
{
    if (!text_ends(line, TEXT("]")))
        return err_make(ERR_INVALID, "config.bad-line");
    struct text name = text_trim(text_slice(line, 1, line.len - 2));
    r->place->word = name;
    const char *names[CONFIG_KEYS];
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (text_is(name, rows[i].section)) {
            r->section = name;
            return err_none();
        }
        names[i] = rows[i].section;
    }
    const char *near = args_nearest(name, names, CONFIG_KEYS);
    r->place->nearest = near ? text_literal(near) : (struct text){ NULL, 0 };
    return err_make(ERR_INVALID, "config.bad-section");
}

static struct err find_key(struct config_reader *r, struct text name, size_t *out)
{
    const char *names[CONFIG_KEYS];
    size_t count = 0;
    r->place->word = name;
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (!text_is(r->section, rows[i].section))
            continue;
        if (text_is(name, rows[i].name)) {
            *out = i;
            return err_none();
        }
        names[count++] = rows[i].name;
    }
    const char *near = args_nearest(name, names, count);
    r->place->nearest = near ? text_literal(near) : (struct text){ NULL, 0 };
    return err_make(ERR_INVALID, "config.unknown-key");
}

static struct err read_pair(struct config_reader *r, struct text line)
{
    struct text value = line;
    struct text name = text_trim(text_split(&value, '='));
    if (!value.data || name.len == 0)
        return err_make(ERR_INVALID, "config.bad-line");
    size_t key = 0;
    struct err e = find_key(r, name, &key);
    if (failed(e))
        return e;
    struct config_value *slot = &r->config.values[key];
    if (slot->file == r->file)
        return err_make(ERR_INVALID, "config.twice");
    struct text kept = arena_copy_text(r->arena, text_trim(value));
    if (!kept.data)
        return err_make(ERR_LIMIT, "arena.full");
    r->place->word = kept;
    e = parse_value(&rows[key], kept, slot);
    if (failed(e))
        return e;
    slot->file = r->file;
    slot->line = r->place->line;
    return err_none();
}

static struct err read_line(struct config_reader *r, struct text line)
{
    if (line.len > CONFIG_LINE_MAX)
        return err_make(ERR_INVALID, "config.line-too-long");
    line = text_trim(line);
    r->place->word = line;
    if (line.len == 0 || line.data[0] == '#')
        return err_none();
    if (line.data[0] == '[')
        return read_section(r, line);
    return read_pair(r, line);
}

struct err config_read(struct config *config, const char *file, struct bytes in,
                       struct arena *arena, struct config_place *place_out)
{
    struct config_place place = { .file = file };
    *place_out = place;
    struct text rest = TEXT("");
    struct err e = text_parse(in, &rest);
    if (failed(e))
        return err_make(ERR_INVALID, "config.not-utf8");
    struct config_reader r = { *config, arena, file, TEXT(""), place_out };
    while (rest.data) {
        place_out->line++;
        e = read_line(&r, text_split(&rest, '\n'));
        if (failed(e))
            return err_at(e.code, place_out->line, e.rule);
    }
    *config = r.config;
    return err_none();
}

int64_t config_number(const struct config *config, enum config_key key)
{
    assert(rows[key].type <= CONFIG_CHOICE);
    return config->values[key].number;
}

bool config_bool(const struct config *config, enum config_key key)
{
    assert(rows[key].type == CONFIG_BOOLEAN);
    return config->values[key].number != 0;
}

struct text config_string(const struct config *config, enum config_key key)
{
    assert(rows[key].type > CONFIG_CHOICE);
    struct text value = config->values[key].text;
    bool off = rows[key].type == CONFIG_ADDRESS && text_is(value, "off");
    return off ? TEXT("") : value;
}

static void print_row(struct writer *w, const struct config *config, size_t i, enum text_lang lang)
{
    const struct config_value *value = &config->values[i];
    writer_literal(w, "# ");
    writer_literal(w, text_say(lang, rows[i].text));
    if (rows[i].type == CONFIG_INTEGER) {
        writer_literal(w, " [");
        writer_decimal(w, rows[i].min);
        writer_literal(w, "..");
        writer_decimal(w, rows[i].max);
        writer_literal(w, " ");
        writer_literal(w, rows[i].unit);
        writer_literal(w, "]");
    }
    if (value->file) {
        writer_literal(w, "  (");
        writer_literal(w, value->file);
        writer_literal(w, ":");
        writer_decimal(w, value->line);
        writer_literal(w, ")");
    }
    writer_literal(w, "\n");
    writer_literal(w, rows[i].name);
    writer_literal(w, " = ");
    writer_text(w, value->text);
    writer_literal(w, "\n");
}

struct text config_print(const struct config *config, struct arena *arena, enum text_lang lang)
{
    struct writer w = writer_in(arena);
    const char *section = "";
    for (size_t i = 0; i < CONFIG_KEYS; i++) {
        if (strcmp(section, rows[i].section) != 0) {
            writer_literal(&w, i == 0 ? "[" : "\n[");
            writer_literal(&w, rows[i].section);
            writer_literal(&w, "]\n");
        }
        section = rows[i].section;
        print_row(&w, config, i, lang);
    }
    struct bytes out = { NULL, 0 };
    if (failed(writer_keep(&w, arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len };
}

struct text config_explain(struct err e, const struct config_place *place, struct arena *arena,
                           enum text_lang lang)
{
    struct writer w = writer_in(arena);
    if (place->file) {
        writer_literal(&w, place->file);
        writer_literal(&w, ":");
        writer_decimal(&w, place->line);
        writer_literal(&w, ": ");
    }
    struct bytes head = { NULL, 0 };
    if (failed(writer_keep(&w, arena, &head)))
        return TEXT("");
    const struct text_param word = { "word", place->word };
    struct text said = text_fill(arena, lang, e.rule, &word, 1);
    if (place->nearest.data) {
        const struct text_param nearest = { "word", place->nearest };
        struct text hint = text_fill(arena, lang, "config.nearest", &nearest, 1);
        said = arena_join(arena, said, arena_join(arena, TEXT(" "), hint));
    }
    return arena_join(arena, (struct text){ (const char *)head.data, head.len }, said);
}
