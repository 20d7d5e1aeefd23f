/* Scenes 1 and 2: the law, and the data that it lets pass. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/demo.h"
#include "shell/clock.h"

enum { AGREEMENT_MAX = 64 << 10, RECORDS_MAX = 4 << 20 };

static struct text none(void)
{
    return TEXT("");
}

/* The model text, and an annex that pins this run's keys. */
static struct err agreement_text(struct demo *demo, struct text *out)
{
    char annex[256];
    struct bytes file;
    struct text text = { NULL, 0 };
    struct text path = demo_join(demo, demo->data, TEXT("/catalogue/agreements/lake-chad.en"), "");
    struct err e = cli_read(demo->cli, path, AGREEMENT_MAX, &file);
    if (!failed(e))
        e = text_parse(file, &text);
    if (failed(e))
        return e;
    text = arena_join(demo->cli->arena, text, TEXT("\nannex\n"));
    for (int i = 0; i < DEMO_NODES; i++) {
        const struct demo_node *node = &demo->nodes[i];
        int len = snprintf(annex, sizeof(annex), "  party %s key %s at \"127.0.0.1:%u\"\n",
                           node->code, node->root, node->port);
        text = arena_join(demo->cli->arena, text, (struct text){ annex, (size_t)len });
    }
    *out = text;
    return arena_check(demo->cli->arena);
}

/* The lines of article 3, as a text in that language prints them. */
static void show_article(struct demo *demo, struct text text, const char *head)
{
    struct text rest = text;
    bool inside = false;
    int shown = 0;
    while (rest.data != NULL && shown < 4) {
        struct text line = text_split(&rest, '\n');
        if (text_starts(line, text_literal(head)))
            inside = true;
        if (!inside || line.len == 0)
            continue;
        demo_line(demo, "demo.quote", line, none(), none());
        shown++;
    }
}

static bool show_languages(struct demo *demo)
{
    struct json agreement;
    struct text path = demo_join(demo, "/v1/agreements/", demo->agreement, "?language=en");
    if (!demo_get(demo, NGA, path, &agreement))
        return false;
    show_article(demo, json_get_text(&agreement, "text"), "article 3");
    path = demo_join(demo, "/v1/agreements/", demo->agreement, "?language=fr");
    if (!demo_get(demo, NGA, path, &agreement))
        return false;
    show_article(demo, json_get_text(&agreement, "text"), "article 3");
    return true;
}

/* Nigeria proposes, everybody signs; the last signatures travel over the links that they open. */
static bool sign_all(struct demo *demo)
{
    struct json body = json_object();
    struct json set;
    struct json answer;
    struct text path = demo_join(demo, "/v1/agreements/", demo->agreement, "/sign");
    for (int i = 0; i < DEMO_NODES; i++) {
        enum demo_member who = (enum demo_member)i;
        struct text export = demo_join(demo, "/v1/agreements/", demo->agreement, "/set");
        if (i > 0 && (!demo_get(demo, (enum demo_member)(i - 1), export, &set) ||
                      !demo_post(demo, who, CHIEF, TEXT("/v1/agreements"), &set, &answer)))
            return false;
        if (!demo_post(demo, who, CHIEF, path, &body, &answer))
            return false;
        demo_line(demo, "demo.signed", demo->nodes[i].name, none(), none());
    }
    return true;
}

static bool in_force_everywhere(struct demo *demo)
{
    int64_t until = clock_monotonic_ms() + 10000;
    struct text path = demo_join(demo, "/v1/agreements/", demo->agreement, "");
    for (int i = 0; i < DEMO_NODES;) {
        struct json agreement;
        size_t mark = demo->cli->arena->used;
        if (!demo_get(demo, (enum demo_member)i, path, &agreement))
            return false;
        bool entered = json_get_bool(&agreement, "entered");
        arena_rewind(demo->cli->arena, mark);
        if (entered)
            i++;
        else if (clock_monotonic_ms() > until)
            return false;
        else
            (void)usleep(5000);
    }
    return true;
}

bool scene_law(struct demo *demo)
{
    struct text text;
    struct json body = json_object();
    struct json answer;
    struct err e = agreement_text(demo, &text);
    if (failed(e)) {
        (void)cli_fail(demo->cli, e, text_literal(demo->data));
        return false;
    }
    json_set_text(demo->cli->arena, &body, "text", text);
    if (!demo_post(demo, NGA, CHIEF, TEXT("/v1/agreements"), &body, &answer))
        return false;
    demo->agreement = json_get_text(&answer, "hash");
    int64_t begun = clock_monotonic_us();
    if (!show_languages(demo) || !sign_all(demo))
        return false;
    if (!in_force_everywhere(demo) || demo_settle_all(demo) < 0)
        return false;
    demo_line(demo, "demo.in-force", text_slice(demo->agreement, 0, 12),
              demo_ms(demo, clock_monotonic_us() - begun), none());
    return true;
}

/* -- data --------------------------------------------------------------------------------- */

/* The real list, by the command that an operator would give. */
static bool import_un(struct demo *demo)
{
    char out[4096];
    int pipe_fds[2];
    char file[DEMO_PATH_MAX];
    struct json account;
    (void)snprintf(file, sizeof(file), "%s/demo/data/un-2026-02-27.xml", demo->data);
    if (pipe(pipe_fds) != 0)
        return false;
    (void)fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        (void)dup2(pipe_fds[1], STDOUT_FILENO);
        (void)close(pipe_fds[0]);
        (void)close(pipe_fds[1]);
        (void)execl("/proc/self/exe", "comity", "--json", "--dir", demo->nodes[BEN].dir, "import",
                    "un", file, (char *)NULL);
        _exit(127);
    }
    (void)close(pipe_fds[1]);
    size_t len = 0;
    ssize_t got = 1;
    while (pid > 0 && got > 0 && len < sizeof(out)) {
        got = read(pipe_fds[0], out + len, sizeof(out) - len);
        len += got > 0 ? (size_t)got : 0;
    }
    (void)close(pipe_fds[0]);
    int status = 1;
    bool ended = pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status);
    if (!ended || failed(json_parse(bytes_of(out, len), demo->cli->arena, &account)))
        return false;
    int64_t numbers[3] = { 0, 0, 0 };
    (void)json_get_integer(&account, "read", &numbers[0]);
    (void)json_get_integer(&account, "accepted", &numbers[1]);
    (void)json_get_integer(&account, "refused", &numbers[2]);
    demo_line(demo, "demo.un", demo_number(demo, numbers[0]), demo_number(demo, numbers[1]),
              demo_number(demo, numbers[2]));
    return numbers[0] > 0;
}

static bool put_records(struct demo *demo, enum demo_member who, int64_t *count)
{
    char lower[4] = { 0 };
    struct bytes file;
    struct text rest = { NULL, 0 };
    for (int i = 0; i < 3; i++)
        lower[i] = (char)(demo->nodes[who].code[i] + 32);
    struct text path = demo_join(demo, demo->data, TEXT("/demo/data/"), "");
    path = arena_join(demo->cli->arena, path, demo_join(demo, "", text_literal(lower), ".ndjson"));
    struct err e = cli_read(demo->cli, path, RECORDS_MAX, &file);
    if (!failed(e))
        e = text_parse(file, &rest);
    if (failed(e)) {
        (void)cli_fail(demo->cli, e, path);
        return false;
    }
    while (rest.data != NULL) {
        struct text line = text_split(&rest, '\n');
        struct json record;
        struct json body = json_object();
        struct json answer;
        size_t mark = demo->cli->arena->used;
        if (line.len == 0)
            continue;
        if (failed(json_parse(text_bytes(line), demo->cli->arena, &record)))
            return false;
        json_set(demo->cli->arena, &body, "record", record);
        if (!demo_post(demo, who, CHIEF, TEXT("/v1/records"), &body, &answer))
            return false;
        if (who == NGA && *count == 0)
            demo->wanted = json_get_text(&answer, "id"); /* HUSSAINI Abdullahi is first */
        else
            arena_rewind(demo->cli->arena, mark);
        (*count)++;
    }
    return true;
}

/* One more change, timed from its answer to the partner's acknowledgement. */
static bool time_one(struct demo *demo)
{
    struct json record;
    struct json answer;
    struct json body = json_object();
    struct text path = demo_join(demo, "/v1/records/", demo->wanted,
                                 "?purpose=criminal-investigation&case=DEMO-1");
    if (!demo_get(demo, NGA, path, &record))
        return false;
    struct json changed = json_copy(demo->cli->arena, json_get(&record, "content"));
    json_set(demo->cli->arena, &changed, "demo:touched", json_bool(true));
    struct json *alerts = NULL;
    for (uint32_t i = 0; i < changed.count; i++) {
        if (text_is(changed.members[i].name, "alerts"))
            alerts = &changed.members[i].value;
    }
    if (alerts == NULL || alerts->count == 0)
        return false;
    json_set(demo->cli->arena, &alerts->items[0], "reason",
             json_literal("Robbery of travellers on the road near Yola; seen again"));
    json_set(demo->cli->arena, &body, "record", changed);
    int64_t begun = clock_monotonic_us();
    if (!demo_post(demo, NGA, CHIEF, TEXT("/v1/records"), &body, &answer) ||
        demo_settle(demo, NGA, NER) < 0)
        return false;
    demo_line(demo, "demo.reaches", demo_ms(demo, clock_monotonic_us() - begun), none(), none());
    return true;
}

struct stayed {
    int64_t shared, denied, held, reasons[3];
};

/* Why what stayed home stayed: the decision's own reason, for each of Nigeria's records and
 * Niger. */
static bool count_reasons(struct demo *demo, struct stayed *out)
{
    struct text rest = { NULL, 0 };
    struct bytes file;
    struct text path = demo_join(demo, demo->data, TEXT("/demo/data/nga.ndjson"), "");
    struct err e = cli_read(demo->cli, path, RECORDS_MAX, &file);
    if (failed(e) || failed(text_parse(file, &rest)))
        return false;
    while (rest.data != NULL) {
        struct text line = text_split(&rest, '\n');
        struct json record;
        struct json found;
        size_t mark = demo->cli->arena->used;
        if (line.len == 0)
            continue;
        if (failed(json_parse(text_bytes(line), demo->cli->arena, &record)))
            return false;
        struct text id = json_get_text(&record, "id");
        if (!demo_get(demo, NGA, demo_join(demo, "/v1/records/", id, "/explain?to=NER"), &found))
            return false;
        const struct json *decision = json_get(&found, "decision");
        struct text outcome = json_get_text(decision, "outcome");
        struct text reason = json_get_text(decision, "reason");
        out->shared += text_is(outcome, "share");
        out->held += text_is(outcome, "hold");
        bool denied = text_is(outcome, "deny");
        out->denied += denied;
        out->reasons[0] += denied && text_is(reason, "no-clause");
        out->reasons[1] += denied && text_starts(reason, TEXT("never"));
        out->reasons[2] += denied && text_is(reason, "recipients");
        arena_rewind(demo->cli->arena, mark);
    }
    return true;
}

bool scene_data(struct demo *demo)
{
    int64_t count = 0;
    struct stayed stayed = { 0 };
    if (!import_un(demo))
        return false;
    for (int i = 0; i < DEMO_NODES; i++) {
        int64_t of_one = 0;
        if (!put_records(demo, (enum demo_member)i, &of_one))
            return false;
        count += of_one;
    }
    int64_t waited = demo_settle_all(demo);
    if (waited < 0)
        return false;
    demo_line(demo, "demo.records", demo_number(demo, count),
              demo_ms(demo, waited * 1000), none());
    if (!time_one(demo) || !count_reasons(demo, &stayed))
        return false;
    demo_line(demo, "demo.shared", demo_number(demo, stayed.shared),
              demo_number(demo, stayed.denied), demo_number(demo, stayed.held));
    demo_line(demo, "demo.reasons", demo_number(demo, stayed.reasons[0]),
              demo_number(demo, stayed.reasons[1]), demo_number(demo, stayed.reasons[2]));
    demo_board(demo);
    return true;
}
