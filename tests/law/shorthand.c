#include "shorthand.h"

#include <stdarg.h>
#include <stdio.h>

#include "model/findings.h"

enum { SHEET_MAX = 16384, NOTES_MAX = 4 };

struct sheet {
    char data[SHEET_MAX];
    size_t len;
};

struct draft {
    struct sheet statements, alert, alerts;
    struct text owner, kind, unit, classification, originator;
    struct text grading[3];
    struct text subject, warning, handling, action, category, level, only, never;
    struct text valid_from, valid_until, hidden;
    struct sheet offences;
    struct note notes[NOTES_MAX];
    uint32_t note_count, alert_count, statement_count;
};

static void put(struct sheet *sheet, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct sheet *sheet, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(sheet->data + sheet->len, SHEET_MAX - sheet->len, format, args);
    va_end(args);
    if (n > 0)
        sheet->len += (size_t)n;
    if (sheet->len >= SHEET_MAX)
        sheet->len = SHEET_MAX - 1;
}

#define T(text) (int)(text).len, (text).data

/* "A, B" as ["A","B"]. */
static void put_list(struct sheet *sheet, const char *name, struct text list)
{
    struct text item;
    struct text rest = list;
    const char *comma = "";
    put(sheet, ",\"%s\":[", name);
    while (list.len > 0 && phrase_next(&rest, ',', &item)) {
        put(sheet, "%s\"%.*s\"", comma, T(item));
        comma = ",";
    }
    put(sheet, "]");
}

static void put_statement(struct draft *d, const char *attribute, const char *value)
{
    put(&d->statements, "%s{\"id\":\"s%u\",\"attribute\":\"%s\",\"value\":%s,",
        d->statement_count == 0 ? "" : ",", d->statement_count + 1, attribute, value);
    if (d->grading[0].len > 0) {
        put(&d->statements, "\"grading\":{\"scale\":\"%.*s\",", T(d->grading[0]));
        put(&d->statements, "\"source\":\"%.*s\",", T(d->grading[1]));
        put(&d->statements, "\"information\":\"%.*s\"},", T(d->grading[2]));
    }
    put(&d->statements,
        "\"source\":{\"unit\":\"bureau\",\"reference\":\"case 1\"},\"basis\":\"fact\"}");
    d->statement_count++;
}

static void put_birth(struct draft *d, struct text from, struct text to)
{
    char value[200];
    const char *first = from.len == 4 ? "-01-01" : "";
    const char *last = to.len == 4 ? "-12-31" : "";
    snprintf(value, sizeof(value), "{\"from\":\"%.*s%s\",\"to\":\"%.*s%s\",\"quality\":\"%s\"}",
             T(from), first, T(to), last, text_equal(from, to) && from.len > 4 ? "exact" : "about");
    put_statement(d, "birth-date", value);
}

static bool months_read(struct text words, uint32_t *out)
{
    if (!number_read(word_next(&words), out))
        return false;
    bool years = text_is(words, "years") || text_is(words, "year");
    *out *= years ? 12 : 1;
    return years || text_is(words, "months") || text_is(words, "month");
}

static bool take_offence(struct draft *d, struct text rest, struct fault *fault)
{
    struct text phrase;
    uint32_t months = 0;
    struct text code = text_trim(text_split(&rest, ','));
    put(&d->offences, d->offences.len == 0 ? "{" : ",{");
    put(&d->offences, "\"own\":{\"list\":\"penal-code\",\"version\":\"1\",\"code\":\"art-1\"}");
    if (!text_is(code, "unmapped"))
        put(&d->offences,
            ",\"mapped\":{\"list\":\"offence\",\"version\":\"6.00\",\"code\":\"%.*s\"}", T(code));
    while (phrase_next(&rest, ',', &phrase)) {
        struct text words = phrase;
        struct text word = word_next(&words);
        if (text_is(phrase, "life"))
            put(&d->offences, ",\"penalty_life\":true");
        else if (text_is(phrase, "death") || text_is(phrase, "no death"))
            put(&d->offences, ",\"penalty_death\":%s", text_is(phrase, "death") ? "true" : "false");
        else if (text_is(word, "max") && months_read(words, &months))
            put(&d->offences, ",\"penalty_max_months\":%u", months);
        else if (text_is(word, "sentence") && months_read(words, &months))
            put(&d->offences, ",\"sentence_months\":%u", months);
        else
            return fault_set(fault, "not a word about an offence", phrase);
    }
    put(&d->offences, "}");
    return true;
}

static void put_audience(struct draft *d)
{
    struct sheet list = { .len = 0 };
    put_list(&list, d->only.len > 0 ? "only" : "never", d->only.len > 0 ? d->only : d->never);
    put(&d->alerts, ",\"recipients\":{%s}", list.data + 1);
}

/* The alert that the phrases before have described. */
static void end_alert(struct draft *d)
{
    if (d->category.len == 0)
        return;
    bool person = text_is(d->kind, "person");
    struct text action = d->action.len > 0 ? d->action : TEXT("inform");
    put(&d->alerts, "%s{\"id\":\"a%u\",\"category\":\"%.*s\",\"action\":\"%.*s\",\"reason\":\"x\"",
        d->alert_count == 0 ? "" : ",", d->alert_count + 1, T(d->category), T(action));
    put(&d->alerts, ",\"offences\":[%.*s]", (int)d->offences.len, d->offences.data);
    put_list(&d->alerts, "subject",
             d->subject.len > 0 ? d->subject : (person ? TEXT("suspect") : TEXT("holder")));
    put_list(&d->alerts, "warnings", d->warning);
    put_list(&d->alerts, "handling", d->handling);
    if (d->level.len > 0)
        put(&d->alerts, ",\"classification\":\"%.*s\"", T(d->level));
    struct text from = d->valid_from.len > 0 ? d->valid_from : TEXT("2020-01-01");
    put(&d->alerts, ",\"valid\":{\"from\":\"%.*s\"", T(from));
    if (d->valid_until.len > 0)
        put(&d->alerts, ",\"until\":\"%.*s\"", T(d->valid_until));
    put(&d->alerts, "},\"review\":\"2090-01-01\"");
    put_audience(d);
    if (d->hidden.len > 0)
        put(&d->alerts, ",\"hidden_until\":\"%.*sT00:00:00.000Z\"", T(d->hidden));
    put(&d->alerts, "}");
    d->alert_count++;
    d->offences.len = 0;
    d->subject = d->warning = d->handling = d->action = d->level = TEXT("");
    d->only = d->never = d->valid_from = d->valid_until = d->hidden = TEXT("");
}

static bool take_note(struct draft *d, struct text rest, struct arena *arena, struct fault *fault)
{
    struct sheet sheet = { .len = 0 };
    struct json json;
    struct text code = word_next(&rest);
    put(&sheet, "{\"record\":\"%.*s-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"note\":\"n%u\"", T(d->owner),
        d->note_count + 1);
    put(&sheet, ",\"kind\":\"%.*s\"", T(code));
    if (rest.len > 0)
        put_list(&sheet, "members", rest);
    put(&sheet, ",\"text\":\"x\"}");
    struct bytes bytes = arena_copy(arena, bytes_of(sheet.data, sheet.len));
    if (d->note_count == NOTES_MAX || code_find(CODE_NOTE, code) < 0 ||
        failed(json_parse(bytes, arena, &json)))
        return fault_set(fault, "no such note", code);
    struct json *kept = ARENA_NEW(arena, struct json);
    *kept = json;
    struct err e = note_parse(kept, arena, &d->notes[d->note_count++]);
    return !failed(e) || fault_set(fault, e.rule, code);
}

static bool take_of_alert(struct draft *d, struct text word, struct text rest, struct fault *fault)
{
    struct {
        const char *word;
        struct text *place;
    } places[] = { { "subject", &d->subject },   { "warning", &d->warning },
                   { "handling", &d->handling }, { "action", &d->action },
                   { "level", &d->level },       { "only", &d->only },
                   { "never", &d->never } };
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        if (text_is(word, places[i].word)) {
            *places[i].place = rest;
            return rest.len > 0 || fault_set(fault, "a value is missing", word);
        }
    }
    if (text_is(word, "offence"))
        return take_offence(d, rest, fault);
    if (text_is(word, "hidden") && text_is(word_next(&rest), "until")) {
        d->hidden = rest;
        return true;
    }
    if (!text_is(word, "valid"))
        return fault_set(fault, "no such word about a record", word);
    d->valid_from = text_split(&rest, '.');
    if (rest.data != NULL && text_starts(rest, TEXT(".")))
        d->valid_until = text_slice(rest, 1, rest.len);
    return true;
}

static bool take_phrase(struct draft *d, struct text phrase, struct arena *arena,
                        struct fault *fault)
{
    struct text rest = phrase;
    struct text item;
    struct text word = word_next(&rest);
    char value[80];
    if (text_is(word, "alert")) {
        end_alert(d);
        d->category = rest;
    } else if (text_is(word, "nationality")) {
        while (phrase_next(&rest, ',', &item)) {
            snprintf(value, sizeof(value), "{\"country\":\"%.*s\"}", T(item));
            put_statement(d, "nationality", value);
        }
    } else if (text_is(word, "born")) {
        struct text from = text_split(&rest, '.');
        put_birth(d, from, rest.data == NULL ? from : text_slice(rest, 1, rest.len));
    } else if (text_is(word, "classification")) {
        d->classification = rest;
    } else if (text_is(word, "unit")) {
        d->unit = rest;
    } else if (text_is(word, "originator")) {
        d->originator = rest;
    } else if (text_is(word, "note")) {
        return take_note(d, rest, arena, fault);
    } else if (!text_is(word, "grading")) {
        return take_of_alert(d, word, rest, fault);
    }
    return true;
}

/* Gradings stand under every statement, so they are looked for first. */
static void find_grading(struct draft *d, struct text body)
{
    struct text phrase;
    while (phrase_next(&body, ';', &phrase)) {
        if (!text_is(word_next(&phrase), "grading"))
            continue;
        for (int i = 0; i < 3; i++)
            d->grading[i] = word_next(&phrase);
    }
}

static void put_record(const struct draft *d, struct sheet *sheet)
{
    put(sheet, "{\"schema\":1,\"id\":\"%.*s-01ARZ3NDEKTSV4RRFFQ69G5FAV\",\"owner\":\"%.*s\"",
        T(d->owner), T(d->owner));
    put(sheet, ",\"kind\":\"%.*s\",\"unit\":\"%.*s\"", T(d->kind), T(d->unit));
    if (d->classification.len > 0)
        put(sheet, ",\"classification\":\"%.*s\"", T(d->classification));
    if (d->originator.len > 0)
        put(sheet, ",\"originators\":[{\"member\":\"%.*s\"}]", T(d->originator));
    put(sheet, ",\"statements\":[%.*s]", (int)d->statements.len, d->statements.data);
    put(sheet, ",\"alerts\":[%.*s]}", (int)d->alerts.len, d->alerts.data);
}

static bool read_record(struct draft *d, struct arena *arena, struct treaty_view *out,
                        struct fault *fault)
{
    struct sheet *sheet = ARENA_NEW(arena, struct sheet);
    struct json *json = ARENA_NEW(arena, struct json);
    struct record *record = ARENA_NEW(arena, struct record);
    struct findings findings;
    put_record(d, sheet);
    struct err e = json_parse(bytes_of(sheet->data, sheet->len), arena, json);
    if (failed(e))
        return fault_set(fault, e.rule, (struct text){ sheet->data, sheet->len });
    findings_init(&findings, arena);
    e = record_parse(json, arena, &findings, record);
    for (size_t i = 0; failed(e) && i < findings.count; i++) {
        if (findings.list[i].severity == SEVERITY_ERROR)
            return fault_set(fault, findings.list[i].rule, findings.list[i].pointer);
    }
    if (!failed(e))
        e = treaty_view_of(record, d->notes, d->note_count, arena, out);
    return !failed(e) || fault_set(fault, e.rule, TEXT(""));
}

bool shorthand_view(struct text body, struct text owner, struct arena *arena,
                    struct treaty_view *out, struct fault *fault)
{
    struct draft *d = ARENA_NEW(arena, struct draft);
    struct text phrase;
    struct text rest = body;
    if (d == NULL || !phrase_next(&rest, ';', &d->kind))
        return fault_set(fault, "a record begins with its kind", body);
    d->owner = owner;
    d->unit = TEXT("bureau");
    find_grading(d, body);
    put_statement(d, "remark", "{\"text\":\"x\"}");
    while (phrase_next(&rest, ';', &phrase)) {
        if (!take_phrase(d, phrase, arena, fault))
            return false;
    }
    end_alert(d);
    return read_record(d, arena, out, fault);
}
