/* Scenes 3 to 6: a look-up at the border, whose law acts, the report home, and what is refused. */
#include <string.h>

#include "cli/demo.h"
#include "flow/photo.h"
#include "shell/clock.h"

static struct text none(void)
{
    return TEXT("");
}

/* The query of an officer at Sèmè-Kraké, one lane, one post. */
static struct json border_query(struct demo *demo)
{
    struct arena *arena = demo->cli->arena;
    struct json body = json_object();
    struct json query = json_object();
    struct json birth = json_object();
    struct json reference = json_object();
    json_set_integer(arena, &birth, "about", 1985);
    json_set(arena, &query, "name", json_literal("OUSSEINI Abdoulaye"));
    json_set(arena, &query, "birth", birth);
    json_set(arena, &reference, "post", json_literal("seme-krake"));
    json_set(arena, &reference, "lane", json_literal("2"));
    json_set(arena, &body, "query", query);
    json_set(arena, &body, "purpose", json_literal("border-check"));
    json_set(arena, &body, "reference", reference);
    return body;
}

static struct text warnings_of(struct demo *demo, const struct json *hit)
{
    const struct json *list = json_get(hit, "warnings");
    struct text out = TEXT("");
    for (size_t i = 0; i < json_count(list); i++) {
        struct text label = demo_label(demo, demo->cli->lang, "code.warning.",
                                       json_item_text(list, i));
        if (out.len > 0)
            out = arena_join(demo->cli->arena, out, TEXT(", "));
        out = arena_join(demo->cli->arena, out, label);
    }
    return out;
}

static int64_t count_relation(const struct json *hit, const char *relation)
{
    const struct json *reasons = json_get(hit, "reasons");
    int64_t count = 0;
    for (size_t i = 0; i < json_count(reasons); i++)
        count += text_is(json_get_text(json_item(reasons, i), "relation"), relation);
    return count;
}

static const struct json *find_hit(const struct demo *demo, const struct json *answer)
{
    const struct json *hits = json_get(answer, "hits");
    for (size_t i = 0; i < json_count(hits); i++) {
        if (text_equal(json_get_text(json_item(hits, i), "record"), demo->wanted))
            return json_item(hits, i);
    }
    return NULL;
}

bool scene_border(struct demo *demo)
{
    struct json answer;
    struct json body = border_query(demo);
    int64_t entry = 0;
    demo_line(demo, "demo.types", none(), none(), none());
    int64_t begun = clock_monotonic_us();
    if (!demo_post(demo, BEN, OFFICER, TEXT("/v1/search"), &body, &answer))
        return false;
    int64_t us = clock_monotonic_us() - begun;
    const struct json *hit = find_hit(demo, &answer);
    if (hit == NULL)
        return false;
    (void)json_get_integer(&answer, "entry", &entry);
    demo_line(demo, "demo.warning", warnings_of(demo, hit), none(), none());
    demo_line(demo, "demo.found", json_get_text(hit, "name"), json_get_text(hit, "owner"),
              demo_label(demo, demo->cli->lang, "cli.band-", json_get_text(hit, "band")));
    demo_line(demo, "demo.reasons-count",
              demo_number(demo, count_relation(hit, "agree") + count_relation(hit, "close")),
              demo_number(demo, count_relation(hit, "contradict")),
              demo_number(demo, count_relation(hit, "not-compared")));
    demo_line(demo, "demo.logged", demo_number(demo, entry), demo_ms(demo, us), none());
    return true;
}

/* Benin's rule was set before anything arrived: identify, and call the magistrate. */
bool scene_sovereignty(struct demo *demo)
{
    struct json answer;
    struct json body = border_query(demo);
    if (!demo_post(demo, BEN, OFFICER, TEXT("/v1/search"), &body, &answer))
        return false;
    const struct json *hit = find_hit(demo, &answer);
    const struct json *alert = json_item(json_get(hit, "alerts"), 0);
    const struct json *effect = json_get(alert, "effect");
    if (alert->kind != JSON_OBJECT || !text_is(json_get_text(effect, "effect"), "reduced"))
        return false;
    enum text_lang lang = demo->cli->lang;
    demo_line(demo, "demo.asks",
              demo_label(demo, lang, "code.action.", json_get_text(alert, "action")), none(),
              none());
    demo_line(demo, "demo.effect",
              demo_label(demo, lang, "code.action.", json_get_text(effect, "reduced_to")),
              json_get_text(effect, "call"), json_get_text(effect, "rule"));
    return true;
}

static bool hit_state(struct demo *demo, enum demo_member who, const char *wanted,
                      struct json *out)
{
    int64_t until = clock_monotonic_ms() + 5000;
    struct text path = demo_join(demo, "/v1/hits/", demo->hit, "");
    while (clock_monotonic_ms() < until) {
        struct json list;
        const struct json *items = NULL;
        if (!demo_get(demo, who, TEXT("/v1/hits"), &list))
            return false;
        items = json_get(&list, "items");
        for (size_t i = 0; i < json_count(items); i++) {
            const struct json *one = json_item(items, i);
            if (text_equal(json_get_text(one, "hit"), demo->hit) &&
                text_is(json_get_text(one, "state"), wanted))
                return demo_get(demo, who, path, out);
        }
        demo_pause(demo, 5);
    }
    return false;
}

static bool report_hit(struct demo *demo)
{
    struct arena *arena = demo->cli->arena;
    struct json body = json_object();
    struct json report = json_object();
    struct json answer;
    json_set(arena, &report, "place", json_literal("Sèmè-Kraké"));
    json_set(arena, &report, "code", json_literal("identified"));
    json_set(arena, &report, "language", json_literal("fr"));
    json_set(arena, &report, "text",
             json_literal("Se présente sous le nom d'OUSSEINI Abdoulaye ; retenu pour "
                          "vérification d'identité."));
    json_set(arena, &body, "record", json_string(demo->wanted));
    json_set(arena, &body, "urgent", json_bool(true));
    json_set(arena, &body, "report", report);
    if (!demo_post(demo, BEN, OFFICER, TEXT("/v1/hits"), &body, &answer))
        return false;
    demo->hit = json_get_text(&answer, "hit");
    return true;
}

/* The photograph of the record, from the invented ones of the demo, as its attachment names it. */
static bool add_photo(struct demo *demo, struct json *body)
{
    struct json record;
    struct json photo;
    struct bytes file;
    struct text path = demo_join(demo, "/v1/records/", demo->wanted,
                                 "?purpose=criminal-investigation&case=DEMO-1");
    if (!demo_get(demo, NGA, path, &record))
        return false;
    const struct json *content = json_get(&record, "content");
    struct text name = json_get_text(json_item(json_get(content, "attachments"), 0), "sha256");
    path = demo_join(demo, demo->data, TEXT("/demo/data/photos/"), "");
    path = arena_join(demo->cli->arena, path, demo_join(demo, "", name, ".png"));
    struct err e = cli_read(demo->cli, path, 2 * PHOTO_BYTES_MAX, &file);
    if (!failed(e))
        e = photo_make(file, demo->cli->arena, &photo);
    if (failed(e)) {
        (void)cli_fail(demo->cli, e, path);
        return false;
    }
    json_set(demo->cli->arena, body, "photo", photo);
    return true;
}

bool scene_hit(struct demo *demo)
{
    struct arena *arena = demo->cli->arena;
    struct json row;
    struct json answer;
    struct json body = json_object();
    int64_t clock = 0;
    int64_t begun = clock_monotonic_us();
    if (!report_hit(demo) || !hit_state(demo, NGA, "reported", &row))
        return false;
    demo_line(demo, "demo.hit-arrives", demo_ms(demo, clock_monotonic_us() - begun), none(),
              none());
    struct text code = json_get_text(json_get(&row, "report"), "code");
    demo_line(demo, "demo.hit-read", demo_label(demo, TEXT_FR, "code.outcome.", code),
              demo_label(demo, TEXT_EN, "code.outcome.", code), none());
    (void)json_get_integer(&row, "answer_ms", &clock);
    demo_line(demo, "demo.hit-clock", demo_number(demo, clock / 3600000),
              json_get_text(&row, "due"), none());
    json_set(arena, &body, "confirmed", json_bool(true));
    json_set(arena, &body, "code", json_literal("identified"));
    json_set(arena, &body, "text", json_literal("It is he. See the photograph."));
    if (!add_photo(demo, &body))
        return false;
    struct text path = demo_join(demo, "/v1/hits/", demo->hit, "/answer");
    if (!demo_post(demo, NGA, OFFICER, path, &body, &answer) ||
        !hit_state(demo, BEN, "confirmed", &row))
        return false;
    const struct json *photo = json_get(json_get(&row, "answer"), "photo");
    struct text hash = json_get_text(photo, "sha256");
    if (hash.len != 64)
        return false;
    demo_line(demo, "demo.hit-confirmed", text_slice(hash, 0, 12), none(), none());
    struct json outcome = json_object();
    json_set(arena, &outcome, "outcome", json_literal("detained"));
    path = demo_join(demo, "/v1/hits/", demo->hit, "/outcome");
    if (!demo_post(demo, BEN, OFFICER, path, &outcome, &answer) ||
        !hit_state(demo, NGA, "closed", &row))
        return false;
    demo_line(demo, "demo.hit-closed",
              demo_number(demo, (int64_t)json_count(json_get(&row, "story"))),
              none(), none());
    return true;
}

/* -- refusal ------------------------------------------------------------------------------ */

static bool ask_forbidden(struct demo *demo)
{
    struct arena *arena = demo->cli->arena;
    struct json body = json_object();
    struct json question = json_object();
    json_set(arena, &question, "text", json_literal("All telephone numbers of the person"));
    json_set(arena, &body, "partner", json_literal("NGA"));
    json_set(arena, &body, "form", json_literal("trace"));
    json_set(arena, &body, "purpose", json_literal("immigration"));
    json_set(arena, &body, "question", question);
    struct cli_call call = { .method = "POST", .path = TEXT("/v1/questions"),
                             .body_opt = &body };
    if (!demo_refused(demo, TCD, OFFICER, &call, "clerk.no-clause"))
        return false;
    demo_line(demo, "demo.ask-refused", demo->nodes[TCD].name, none(), none());
    return true;
}

bool scene_refusal(struct demo *demo)
{
    struct json list;
    struct json answer;
    struct json body = json_object();
    struct arena *arena = demo->cli->arena;
    if (!ask_forbidden(demo) || !demo_get(demo, NGA, TEXT("/v1/releases"), &list))
        return false;
    const struct json *items = json_get(&list, "items");
    const struct json *child = NULL;
    for (size_t i = 0; i < json_count(items); i++) {
        int64_t persons = 0;
        const struct json *one = json_item(items, i);
        if (child == NULL && text_is(json_get_text(one, "partner"), "BEN") &&
            json_get_integer(one, "persons", &persons) && persons == 2 &&
            json_count(json_get(one, "offices")) == 0)
            child = one;
    }
    if (child == NULL)
        return false;
    demo_line(demo, "demo.child-waits", demo_number(demo, (int64_t)json_count(items)), none(),
              none());
    int64_t before = demo_status(demo, BEN, "searchable");
    json_set_text(arena, &body, "record", json_get_text(child, "record"));
    json_set(arena, &body, "partner", json_literal("BEN"));
    if (!demo_post(demo, NGA, OFFICER, TEXT("/v1/releases"), &body, &answer) ||
        json_get_bool(&answer, "complete"))
        return false;
    demo_line(demo, "demo.child-one", none(), none(), none());
    struct cli_call again = { .method = "POST", .path = TEXT("/v1/releases"), .body_opt = &body };
    if (!demo_refused(demo, NGA, OFFICER, &again, "release.already-said"))
        return false;
    if (!demo_post(demo, NGA, SUPERVISOR, TEXT("/v1/releases"), &body, &answer) ||
        !json_get_bool(&answer, "complete") || demo_settle(demo, NGA, BEN) < 0)
        return false;
    demo_line(demo, "demo.child-two",
              demo_number(demo, demo_status(demo, BEN, "searchable") - before), none(), none());
    return true;
}
