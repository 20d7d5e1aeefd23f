#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/demo.h"
#include "shell/clock.h"
#include "shell/files.h"

enum { OPT_PACE, OPT_DATA, OPT_HOME, OPT_END };

static const struct args_option options[] = {
    [OPT_PACE] = { ARGS_NUMBER, "pace", 'p', "PERCENT", "demo.opt-pace", 0, 1000 },
    [OPT_DATA] = { ARGS_TEXT, "data", 0, "DIR", "demo.opt-data", 0, 0 },
    [OPT_HOME] = { ARGS_TEXT, "home", 0, "DIR", "demo.opt-home", 0, 0 },
    [OPT_END] = { ARGS_FLAG, "end", 0, NULL, "demo.opt-end", 0, 0 },
};
static const struct args_table table = {
    .command = "comity demo", .usage = "demo.usage", .help = "demo.help",
    .options = options, .count = sizeof(options) / sizeof(options[0]), .words_max = 2,
};

static const struct {
    const char *title;
    demo_play *play;
    int pause_ms;
} scenes[] = {
    { "demo.scene-law", scene_law, 1500 },
    { "demo.scene-data", scene_data, 2000 },
    { "demo.scene-border", scene_border, 4000 },
    { "demo.scene-sovereignty", scene_sovereignty, 3000 },
    { "demo.scene-hit", scene_hit, 3000 },
    { "demo.scene-refusal", scene_refusal, 3000 },
    { "demo.scene-cut", scene_cut, 2000 },
    { "demo.scene-leaving", scene_leaving, 2500 },
    { "demo.scene-audit", scene_audit, 2000 },
    { "demo.scene-proof", scene_proof, 2000 },
};

static void set_nodes(struct demo *demo)
{
    static const struct {
        const char *code, *unit, *name;
    } known[DEMO_NODES] = {
        [NGA] = { "NGA", "abuja-bureau", "demo.nga" }, [NER] = { "NER", "diffa-post", "demo.ner" },
        [TCD] = { "TCD", "baga-sola", "demo.tcd" },    [CMR] = { "CMR", "mora-post", "demo.cmr" },
        [BEN] = { "BEN", "seme-krake", "demo.ben" },
    };
    for (int i = 0; i < DEMO_NODES; i++) {
        struct demo_node *node = &demo->nodes[i];
        node->code = known[i].code;
        node->unit = known[i].unit;
        node->name = text_literal(text_say(demo->cli->lang, known[i].name));
        (void)snprintf(node->dir, sizeof(node->dir), "%s/%s", demo->dir, known[i].code);
        for (int p = 0; p < DEMO_PERSONS; p++)
            node->person[p] = (struct cli){ .dir = node->dir, .arena = demo->cli->arena,
                                            .lang = demo->cli->lang };
    }
}

/* -- people ------------------------------------------------------------------------------- */

static bool add_unit(struct demo *demo, enum demo_member who)
{
    static const char template[] =
        "{\"unit\":{\"id\":\"X\",\"name\":\"X\",\"branch\":\"border\",\"parent\":\"headquarters\","
        "\"purposes\":[\"border\",\"law-enforcement\",\"protection\"],\"ceiling\":\"restricted\"}}";
    struct json body;
    struct json answer;
    struct text unit = text_literal(demo->nodes[who].unit);
    if (failed(json_parse(bytes_of(template, sizeof(template) - 1), demo->cli->arena, &body)))
        return false;
    json_set_text(demo->cli->arena, &body.members[0].value, "id", unit);
    struct text path = demo_join(demo, "/v1/units/", unit, "");
    struct cli_call call = { .method = "PUT", .path = path, .body_opt = &body };
    return demo_call(demo, who, CHIEF, &call, &answer);
}

static bool add_person(struct demo *demo, enum demo_member who, enum demo_person person)
{
    struct arena *arena = demo->cli->arena;
    struct demo_node *node = &demo->nodes[who];
    struct json body = json_object();
    struct json user = json_object();
    struct json roles = json_array();
    struct json login = json_object();
    struct json answer;
    bool officer = person == OFFICER;
    struct text id = officer ? TEXT("a.officer") : TEXT("b.supervisor");
    json_push(arena, &roles, json_literal(officer ? "officer" : "supervisor"));
    json_set_text(arena, &user, "id", id);
    json_set_text(arena, &user, "name", id);
    json_set_text(arena, &user, "unit", text_literal(node->unit));
    json_set(arena, &user, "roles", roles);
    json_set(arena, &user, "languages", json_array());
    json_set(arena, &user, "clearance", json_literal("restricted"));
    json_set(arena, &body, "user", user);
    json_set(arena, &body, "password", json_literal("invented password"));
    struct text path = demo_join(demo, "/v1/users/", id, "");
    struct cli_call call = { .method = "PUT", .path = path, .body_opt = &body };
    if (!demo_call(demo, who, CHIEF, &call, &answer))
        return false;
    json_set_text(arena, &login, "user", id);
    json_set(arena, &login, "password", json_literal("invented password"));
    if (!demo_post(demo, who, person, TEXT("/v1/session"), &login, &answer))
        return false;
    struct text token = json_get_text(&answer, "token");
    if (token.len >= DEMO_TOKEN_MAX)
        return false;
    memcpy(node->tokens[person], token.data, token.len);
    node->tokens[person][token.len] = 0;
    node->person[person].token = node->tokens[person];
    return true;
}

/* Benin's own rule stands before any foreign alert arrives (I13). */
static bool set_rules(struct demo *demo)
{
    struct json body = json_object();
    struct json answer;
    json_set(demo->cli->arena, &body, "text",
             json_literal("national rules of BEN version 1\n"
                          "effect of wanted.arrest from NGA is reduced to identify call "
                          "duty-magistrate\n"));
    struct cli_call call = { .method = "PUT", .path = TEXT("/v1/national"), .body_opt = &body };
    return demo_call(demo, BEN, CHIEF, &call, &answer);
}

static bool people(struct demo *demo)
{
    for (int i = 0; i < DEMO_NODES; i++) {
        enum demo_member who = (enum demo_member)i;
        bool acts = who == BEN || who == NGA || who == TCD;
        if (!acts)
            continue;
        if (!add_unit(demo, who) || !add_person(demo, who, OFFICER) ||
            (who == NGA && !add_person(demo, who, SUPERVISOR)))
            return false;
    }
    return set_rules(demo);
}

/* -- the play ----------------------------------------------------------------------------- */

static struct err prepare(struct demo *demo)
{
    char secret[] = "an invented passphrase of the demo\n";
    struct err e = files_make_dir(demo->dir, 0700);
    if (!failed(e))
        e = files_write(demo->secret, bytes_of(secret, sizeof(secret) - 1), 0600);
    if (!failed(e))
        e = demo_nodes_make(demo);
    for (int i = 0; !failed(e) && i < DEMO_NODES; i++)
        e = demo_node_start(demo, &demo->nodes[i]);
    return e;
}

static int play(struct demo *demo)
{
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        demo_scene(demo, (int)i + 1, scenes[i].title);
        if (!scenes[i].play(demo) || demo->failed) {
            cli_say(demo->cli, "demo.scene-failed", text_literal(scenes[i].title));
            return CLI_FAILED;
        }
        demo_pause(demo, scenes[i].pause_ms);
    }
    int64_t ms = clock_monotonic_ms() - demo->begun_ms;
    (void)printf("\n");
    demo_line(demo, "demo.end", demo_ms(demo, ms * 1000), TEXT(""), TEXT(""));
    struct err e = demo_report(demo);
    return failed(e) ? cli_fail(demo->cli, e, TEXT("")) : CLI_OK;
}

static void write_pids(const struct demo *demo)
{
    char path[DEMO_PATH_MAX + 32];
    char text[256];
    size_t len = 0;
    for (int i = 0; i < DEMO_NODES; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%ld\n",
                                (long)demo->nodes[i].pid);
    (void)snprintf(path, sizeof(path), "%s/pids", demo->dir);
    (void)!failed(files_write(path, bytes_of(text, len), 0600));
}

/* comity demo stop: ends the nodes of the last play. */
static int stop(struct demo *demo)
{
    char path[DEMO_PATH_MAX + 32];
    struct bytes file;
    (void)snprintf(path, sizeof(path), "%s/pids", demo->dir);
    struct err e = files_read(path, 256, demo->cli->arena, &file);
    if (failed(e))
        return CLI_OK; /* none runs */
    struct text rest = { (const char *)file.data, file.len };
    while (rest.data != NULL) {
        struct text line = text_split(&rest, '\n');
        pid_t pid = 0;
        for (size_t i = 0; i < line.len && i < 9 && line.data[i] >= '0' && line.data[i] <= '9'; i++)
            pid = 10 * pid + (line.data[i] - '0');
        if (pid > 1)
            (void)kill(pid, SIGTERM);
    }
    (void)!failed(files_remove(path));
    return CLI_OK;
}

/* comity demo shell BEN: a shell whose `comity` speaks to that node. */
static int open_shell(struct demo *demo, struct text code)
{
    const char *shell = getenv("SHELL");
    for (int i = 0; i < DEMO_NODES; i++) {
        if (!text_is(code, demo->nodes[i].code))
            continue;
        (void)setenv("COMITY_DIR", demo->nodes[i].dir, 1);
        (void)execl(shell != NULL ? shell : "/bin/sh", "sh", (char *)NULL);
    }
    cli_say(demo->cli, "demo.no-such-node", code);
    return CLI_NOT_FOUND;
}

static void remove_old(const char *dir)
{
    pid_t pid = fork();
    if (pid == 0) {
        (void)execlp("rm", "rm", "-rf", dir, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}

static int run(struct demo *demo, bool end)
{
    (void)stop(demo);
    remove_old(demo->dir);
    demo->begun_ms = clock_monotonic_ms();
    (void)signal(SIGPIPE, SIG_IGN);
    struct err e = prepare(demo);
    int code = failed(e) ? cli_fail(demo->cli, e, text_literal(demo->dir)) : CLI_OK;
    if (code == CLI_OK && !people(demo))
        code = CLI_FAILED;
    if (code == CLI_OK)
        code = play(demo);
    if (end || code != CLI_OK) {
        for (int i = 0; i < DEMO_NODES; i++)
            demo_node_kill(&demo->nodes[i], SIGTERM);
    } else {
        write_pids(demo);
        cli_say(demo->cli, "demo.running", text_literal(demo->dir));
    }
    return code;
}

int cli_demo(struct cli *cli, int argc, char **argv)
{
    struct args args;
    int code = CLI_OK;
    if (!cli_args(cli, &table, argc, argv, &args, &code))
        return code;
    struct demo *demo = calloc(1, sizeof(*demo));
    if (demo == NULL)
        return CLI_UNAVAILABLE;
    struct text home = args.values[OPT_HOME].set ? args.values[OPT_HOME].text : TEXT("demo/run");
    struct text data = args.values[OPT_DATA].set ? args.values[OPT_DATA].text : TEXT(".");
    char *data_dir = arena_take(cli->arena, data.len + 1);
    char cwd[DEMO_PATH_MAX / 2];
    if (data_dir != NULL && home.len < DEMO_PATH_MAX / 2 && getcwd(cwd, sizeof(cwd)) != NULL) {
        memcpy(data_dir, data.data, data.len);
        demo->cli = cli;
        demo->data = data_dir;
        bool absolute = text_starts(home, TEXT("/"));
        (void)snprintf(demo->dir, sizeof(demo->dir), "%s%s%.*s", absolute ? "" : cwd,
                       absolute ? "" : "/", (int)home.len, home.data);
        (void)snprintf(demo->secret, sizeof(demo->secret), "%.*s/secret",
                       (int)(sizeof(demo->secret) - 16), demo->dir);
        demo->pace_percent = args.values[OPT_PACE].set ? (int)args.values[OPT_PACE].number : 100;
        set_nodes(demo);
        if (args.word_count > 0 && text_is(args.words[0], "stop"))
            code = stop(demo);
        else if (args.word_count > 1 && text_is(args.words[0], "shell"))
            code = open_shell(demo, args.words[1]);
        else
            code = run(demo, args.values[OPT_END].set);
    } else {
        code = CLI_FAILED;
    }
    free(demo);
    return code;
}
