#include "node/home.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/encode.h"
#include "core/json.h"
#include "shell/files.h"

enum { HOME_FILE_MAX = 4096, HOME_ARENA = 64 << 10 };

void home_path(const struct home *home, const char *name, char out[static HOME_PATH_MAX + 64])
{
    (void)snprintf(out, HOME_PATH_MAX + 64, "%s/%s", home->dir, name);
}

struct text home_realm(const struct home *home)
{
    return text_literal(home->realm);
}

static struct err parse(const struct json *in, struct home *out)
{
    struct text realm = json_get_text(in, "realm");
    int64_t generation = 0;
    if (realm.len == 0 || realm.len > HOME_REALM_MAX ||
        !json_get_integer(in, "generation", &generation) || generation < 1 ||
        generation > UINT32_MAX)
        return err_make(ERR_CORRUPT, "node.bad-home");
    memcpy(out->realm, realm.data, realm.len);
    out->realm[realm.len] = 0;
    out->generation = (uint32_t)generation;
    if (failed(member_code_parse(json_get_text(in, "member"), &out->member)) ||
        failed(hex_parse(json_get_text(in, "root"), out->root, sizeof(out->root))))
        return err_make(ERR_CORRUPT, "node.bad-home");
    return err_none();
}

struct err home_read(const char *dir, struct home *out)
{
    static _Thread_local uint8_t memory[HOME_ARENA];
    struct arena arena = arena_over(memory, sizeof(memory));
    struct home home = { .generation = 0 };
    char path[HOME_PATH_MAX + 64];
    struct bytes file;
    struct json json;
    if (strlen(dir) >= HOME_PATH_MAX)
        return err_make(ERR_LIMIT, "node.path-too-long");
    (void)snprintf(home.dir, sizeof(home.dir), "%s", dir);
    home_path(&home, "node.json", path);
    struct err e = files_read(path, HOME_FILE_MAX, &arena, &file);
    if (e.code == ERR_NOT_FOUND)
        return err_make(ERR_NOT_FOUND, "node.no-home");
    if (!failed(e))
        e = json_parse(file, &arena, &json);
    if (!failed(e))
        e = parse(&json, &home);
    if (failed(e))
        return e;
    *out = home;
    return err_none();
}

struct err home_write(const struct home *home)
{
    uint8_t memory[HOME_FILE_MAX * 2];
    struct arena arena = arena_over(memory, sizeof(memory));
    char path[HOME_PATH_MAX + 64];
    struct json json = json_object();
    struct bytes bytes;
    json_set_text(&arena, &json, "realm", home_realm(home));
    json_set_text(&arena, &json, "member", member_code_text(&home->member));
    json_set_text(&arena, &json, "root", hex_format(&arena, BYTES_OF(home->root)));
    json_set_integer(&arena, &json, "generation", home->generation);
    struct err e = json_format(&json, &arena, &bytes);
    if (failed(e))
        return e;
    home_path(home, "node.json", path);
    return files_write(path, bytes, 0600);
}
