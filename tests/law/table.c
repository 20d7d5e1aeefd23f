#include "table.h"

bool fault_set(struct fault *fault, const char *what, struct text where)
{
    fault->what = what;
    fault->where = where;
    return false;
}

bool phrase_next(struct text *rest, char separator, struct text *out)
{
    if (rest->data == NULL)
        return false;
    *out = text_trim(text_split(rest, separator));
    return true;
}

struct text word_next(struct text *rest)
{
    struct text trimmed = text_trim(*rest);
    struct text word = text_split(&trimmed, ' ');
    *rest = trimmed.data == NULL ? TEXT("") : text_trim(trimmed);
    return word;
}

bool number_read(struct text word, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (word.data[i] < '0' || word.data[i] > '9' || value > 100000000)
            return false;
        value = value * 10 + (uint32_t)(word.data[i] - '0');
    }
    *out = value;
    return word.len > 0;
}

struct table_name *table_find(struct table_name *names, uint32_t count, struct text name)
{
    for (uint32_t i = 0; i < count; i++) {
        if (text_equal(names[i].name, name))
            return &names[i];
    }
    return NULL;
}

static bool take_cells(struct text row, struct table *out, struct fault *fault)
{
    if (out->case_count == TABLE_CASES_MAX)
        return fault_set(fault, "more cases than a table may hold", TEXT(""));
    struct table_case *one = &out->cases[out->case_count];
    struct text rest = text_slice(row, 1, row.len);
    if (!text_ends(row, TEXT("|")) || row.len < 2)
        return fault_set(fault, "a row ends with |", row);
    rest.len--;
    for (int i = 0; i < TABLE_CELLS; i++) {
        if (!phrase_next(&rest, '|', &one->cells[i]))
            return fault_set(fault, "a row has ten cells", row);
        if (one->cells[i].len == 0)
            return fault_set(fault, "a cell is empty: write -", row);
        if (text_is(one->cells[i], "-"))
            one->cells[i].len = 0;
    }
    uint32_t number = 0;
    if (rest.data != NULL)
        return fault_set(fault, "a row has ten cells", row);
    if (!number_read(one->cells[CELL_NUMBER], &number) || number != out->case_count + 1)
        return fault_set(fault, "rows are numbered from 1 on", one->cells[CELL_NUMBER]);
    if (one->cells[CELL_DECISION].len == 0 || one->cells[CELL_WHY].len < 6)
        return fault_set(fault, "a case has a decision and a sentence why", row);
    one->line = fault->line;
    out->case_count++;
    return true;
}

static bool take_name(struct text rest, struct table_name *names, uint32_t *count,
                      struct fault *fault)
{
    struct text head = text_split(&rest, ':');
    struct text name = word_next(&head);
    struct text of = TEXT("");
    if (text_is(word_next(&head), "of"))
        of = word_next(&head);
    if (rest.data == NULL || name.len == 0 || head.len > 0)
        return fault_set(fault, "a definition is NAME [of AGREEMENT]: …", name);
    if (table_find(names, *count, name) != NULL)
        return fault_set(fault, "this name is taken", name);
    if (*count == TABLE_NAMES_MAX)
        return fault_set(fault, "too many names", name);
    names[(*count)++] =
        (struct table_name){ .name = name, .of = of, .body = text_trim(rest), .line = fault->line };
    return true;
}

static bool take_line(struct text line, struct table *out, struct fault *fault)
{
    struct text rest = line;
    if (text_starts(line, TEXT("|")))
        return take_cells(line, out, fault);
    struct text word = word_next(&rest);
    if (out->agreement.len == 0) {
        if (!text_is(word, "cases") || !text_is(word_next(&rest), "of") || rest.len == 0)
            return fault_set(fault, "a table begins with: cases of AGREEMENT", line);
        out->agreement = rest;
        return true;
    }
    if (text_is(word, "life"))
        return take_name(rest, out->lives, &out->life_count, fault);
    if (text_is(word, "record"))
        return take_name(rest, out->records, &out->record_count, fault);
    if (text_is(word, "title"))
        out->title = rest;
    else if (!text_is(word, "about") && !text_is(word, "section"))
        return fault_set(fault, "no such line", word);
    return rest.len > 0 || fault_set(fault, "words are missing", line);
}

/* One line and those that go on with it, joined by a space. */
static struct text whole_line(struct text *rest, struct arena *arena, uint32_t *lines)
{
    struct text line = text_split(rest, '\n');
    *lines = 1;
    while (rest->data != NULL && text_starts(*rest, TEXT("  "))) {
        struct text more = text_trim(text_split(rest, '\n'));
        line = arena_join(arena, arena_join(arena, text_trim(line), TEXT(" ")), more);
        (*lines)++;
    }
    return text_trim(line);
}

bool table_parse(struct text in, struct arena *arena, struct table *out, struct fault *fault)
{
    struct text rest = in;
    uint32_t lines = 0;
    *out = (struct table){ 0 };
    *fault = (struct fault){ .line = 1 };
    while (rest.data != NULL) {
        struct text line = whole_line(&rest, arena, &lines);
        if (line.len > TABLE_LINE_MAX)
            return fault_set(fault, "a line is too long", text_slice(line, 0, 40));
        if (line.len > 0 && line.data[0] != '#' && !take_line(line, out, fault))
            return false;
        fault->line += lines;
    }
    fault->line = 1;
    if (out->title.len == 0 || out->life_count == 0 || out->case_count == 0)
        return fault_set(fault, "a table has a title, a life and cases", TEXT(""));
    return true;
}
