/* comity demo: five nodes of the Lake Chad Basin on this machine play ten scenes. Every node is a
 * process of its own with its own keys, store and TLS; what is shown was answered by their APIs in
 * this run. */
#ifndef COMITY_CLI_DEMO_H
#define COMITY_CLI_DEMO_H

#include <sys/types.h>

#include "cli/cli.h"

enum { DEMO_NODES = 5, DEMO_PATH_MAX = 2048, DEMO_TOKEN_MAX = 80, DEMO_LINES_MAX = 400 };
enum demo_member { NGA, NER, TCD, CMR, BEN };

/* Who acts at a node. CHIEF is the Unix account; the others are sessions. */
enum demo_person { CHIEF, OFFICER, SUPERVISOR, DEMO_PERSONS };

struct demo_node {
    const char *code;
    const char *unit;  /* of its officer */
    struct text name;  /* of the country */
    char dir[DEMO_PATH_MAX + 16];
    char root[65];
    char tokens[DEMO_PERSONS][DEMO_TOKEN_MAX];
    uint16_t port; /* partners' */
    pid_t pid;     /* 0: not running */
    struct cli person[DEMO_PERSONS];
};

struct demo {
    struct cli *cli;
    const char *data; /* where demo/data and catalogue/agreements lie */
    char dir[DEMO_PATH_MAX];
    char secret[DEMO_PATH_MAX];
    int pace_percent; /* of the pauses; 0: none */
    struct demo_node nodes[DEMO_NODES];
    struct text agreement; /* tree hash */
    struct text wanted;    /* the record of scene 3 */
    struct text hit;
    int64_t begun_ms;
    int64_t began_played_s;
    bool failed;
    struct text report[DEMO_LINES_MAX]; /* lines of report.html */
    size_t report_count;
};

/* demo_node.c: processes */
MUST_USE struct err demo_nodes_make(struct demo *demo);
MUST_USE struct err demo_node_start(struct demo *demo, struct demo_node *node);
void demo_node_kill(struct demo_node *node, int signal);
/* One call as one person; false stops the scene with what went wrong. */
bool demo_call(struct demo *demo, enum demo_member who, enum demo_person person,
               const struct cli_call *call, struct json *out);
/* The same, refused as expected: true when the answer is the problem `code`. */
bool demo_refused(struct demo *demo, enum demo_member who, enum demo_person person,
                  const struct cli_call *call, const char *code);
/* GET and POST in short. `path` is copied. */
bool demo_get(struct demo *demo, enum demo_member who, struct text path, struct json *out);
bool demo_post(struct demo *demo, enum demo_member who, enum demo_person person,
               struct text path, const struct json *body, struct json *out);
/* A member of the node's status, such as "searchable". -1 on failure. */
int64_t demo_status(struct demo *demo, enum demo_member who, const char *member);
/* Waits until `from` has nothing unacknowledged for `to`; milliseconds, -1 after ten seconds. */
int64_t demo_settle(struct demo *demo, enum demo_member from, enum demo_member to);
int64_t demo_settle_all(struct demo *demo);

/* demo_tell.c: what is shown, and kept for the report */
void demo_scene(struct demo *demo, int number, const char *title_id);
/* A line by text id with up to three values: {a}, {b}, {c}. */
void demo_line(struct demo *demo, const char *id, struct text a, struct text b, struct text c);
void demo_pause(struct demo *demo, int ms);
void demo_board(struct demo *demo); /* five nodes, one line each */
struct text demo_number(struct demo *demo, int64_t value);
struct text demo_ms(struct demo *demo, int64_t us);
struct text demo_label(struct demo *demo, enum text_lang lang, const char *list,
                       struct text code);
struct text demo_join(struct demo *demo, const char *a, struct text b, const char *c);
MUST_USE struct err demo_report(struct demo *demo);

/* demo_scenes_*.c: false when the scene could not be played */
typedef bool demo_play(struct demo *demo);
demo_play scene_law, scene_data, scene_border, scene_sovereignty, scene_hit, scene_refusal;
demo_play scene_cut, scene_leaving, scene_audit, scene_proof;

#endif
