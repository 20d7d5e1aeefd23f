/* comity init: a directory, keys, an empty store, and the first administrator. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "clerk/clerk.h"
#include "node/desk.h"
#include "node/node.h"
#include "shell/files.h"
#include "store/sqlite.h"

enum { INIT_ARENA = 1 << 20 };

static struct json unit_body(const struct node_birth *birth, struct arena *arena)
{
    static const char *const purposes[] = { "law-enforcement", "protection", "border", "sanctions",
                                            "judicial-cooperation", "administration", "oversight",
                                            "exercise" };
    struct json body = json_object();
    struct json unit = json_object();
    struct json list = json_array();
    for (size_t i = 0; i < sizeof(purposes) / sizeof(purposes[0]); i++)
        json_push(arena, &list, json_literal(purposes[i]));
    json_set_text(arena, &unit, "id", birth->unit);
    json_set_text(arena, &unit, "name", birth->unit);
    json_set(arena, &unit, "branch", json_literal("police"));
    json_set(arena, &unit, "purposes", list);
    json_set(arena, &unit, "ceiling", json_literal("restricted"));
    json_set(arena, &body, "unit", unit);
    return body;
}

static struct json user_body(const struct node_birth *birth, struct arena *arena)
{
    static const char *const all[] = { "administrator", "officer", "supervisor", "legal",
                                       "auditor" };
    struct json body = json_object();
    struct json user = json_object();
    struct json roles = json_array();
    for (size_t i = 0; i < (birth->all_roles ? sizeof(all) / sizeof(all[0]) : 1); i++)
        json_push(arena, &roles, json_literal(all[i]));
    json_set_text(arena, &user, "id", birth->user);
    json_set_text(arena, &user, "name", birth->name);
    json_set_text(arena, &user, "unit", birth->unit);
    json_set(arena, &user, "roles", roles);
    json_set(arena, &user, "languages", json_array());
    json_set(arena, &user, "clearance", json_literal("restricted"));
    json_set(arena, &body, "user", user);
    json_set_integer(arena, &body, "uid", (int64_t)getuid());
    return body;
}

/* The first two facts are the node's own: there is nobody yet who could say them. */
static struct err first_people(struct desk *desk, const struct home *home,
                               const struct node_birth *birth)
{
    void *memory = malloc(INIT_ARENA);
    struct arena arena = arena_over(memory, memory == NULL ? 0 : INIT_ARENA);
    struct caller node = { .who = { .member = home->member, .user = TEXT("node") },
                           .roles = ROLE_BIT_NODE };
    struct json unit = unit_body(birth, &arena);
    struct json user = user_body(birth, &arena);
    struct command commands[] = {
        { .verb = VERB_UNIT_PUT, .by = node, .body = &unit },
        { .verb = VERB_USER_PUT, .by = node, .body = &user },
    };
    struct err e = arena_check(&arena);
    for (size_t i = 0; !failed(e) && i < sizeof(commands) / sizeof(commands[0]); i++)
        e = desk_one(desk, &commands[i], &arena).err;
    free(memory);
    return e;
}

static struct err open_store(const struct home *home, struct store **out)
{
    char path[HOME_PATH_MAX + 64];
    struct store_sqlite_options options = { .create = true };
    home_path(home, "store", path);
    struct err e = files_make_dir(path, 0700);
    return failed(e) ? e : store_sqlite_open(text_literal(path), &options, out);
}

static struct err populate(const struct home *home, const struct node_birth *birth)
{
    struct keeper *keeper = NULL;
    struct store *store = NULL;
    struct clerk *clerk = NULL;
    struct desk *desk = NULL;
    struct clerk_config config = { .realm = home_realm(home),
                                   .member = member_code_text(&home->member),
                                   .generation = home->generation };
    memcpy(config.root_key, home->root, sizeof(config.root_key));
    struct err e = keeping_start(home, birth->passphrase, &keeper);
    if (!failed(e))
        e = open_store(home, &store);
    if (!failed(e))
        e = clerk_open(&config, store, &clerk);
    if (!failed(e)) {
        struct desk_setup setup = { .clerk = clerk, .keeper = keeper };
        e = desk_start(&setup, &desk);
    }
    if (!failed(e))
        e = first_people(desk, home, birth);
    if (desk != NULL)
        desk_stop(desk);
    clerk_close(clerk);
    store_close(store);
    keeper_stop(keeper);
    return e;
}

struct err node_init(const struct node_birth *birth, struct home *home_out)
{
    struct home home = { .generation = 1 };
    struct home existing;
    if (!failed(home_read(birth->dir, &existing)))
        return err_make(ERR_CONFLICT, "node.home-exists");
    if (strlen(birth->dir) >= HOME_PATH_MAX || birth->realm.len > HOME_REALM_MAX)
        return err_make(ERR_LIMIT, "node.path-too-long");
    if (!realm_valid(birth->realm))
        return err_make(ERR_INVALID, "node.bad-realm");
    (void)snprintf(home.dir, sizeof(home.dir), "%s", birth->dir);
    memcpy(home.realm, birth->realm.data, birth->realm.len);
    struct err e = member_code_parse(birth->member, &home.member);
    if (!failed(e) && (!slug_valid(birth->unit) || !slug_valid(birth->user)))
        e = err_make(ERR_INVALID, "node.bad-user");
    if (!failed(e))
        e = files_make_dir(home.dir, 0700);
    if (!failed(e))
        e = keeping_birth(&home, birth->passphrase);
    if (!failed(e))
        e = populate(&home, birth);
    if (!failed(e))
        e = home_write(&home); /* last: a directory without it is no node */
    if (!failed(e))
        *home_out = home;
    return e;
}
