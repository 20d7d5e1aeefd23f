/* Which files there are; the meaning of their lines is config.c's. */
#include "shell/config.h"

#include <dirent.h>
#include <stdlib.h>

#include "shell/files.h"

#define CONFIG_SYSTEM_FILE "/etc/comity/comity.conf"
#define CONFIG_SYSTEM_DIR "/etc/comity/conf.d"

static struct err load_file(struct config *config, const char *path, struct arena *arena,
                            struct config_place *place)
{
    *place = (struct config_place){ .file = path };
    struct bytes in = { NULL, 0 };
    struct err e = files_read(path, CONFIG_FILE_MAX, arena, &in);
    if (e.code == ERR_NOT_FOUND)
        return err_none();
    if (failed(e))
        return e;
    return config_read(config, path, in, arena, place);
}

static int is_conf(const struct dirent *entry)
{
    struct text name = text_literal(entry->d_name);
    return entry->d_name[0] != '.' && text_ends(name, TEXT(".conf"));
}

static struct err load_dir(struct config *config, const char *dir, struct arena *arena,
                           struct config_place *place)
{
    struct dirent **names = NULL;
    int count = scandir(dir, &names, is_conf, alphasort);
    struct err e = err_none();
    if (count > CONFIG_FILES_MAX)
        e = err_make(ERR_LIMIT, "config.too-many-files");
    for (int i = 0; i < count; i++) {
        if (!failed(e)) {
            const char *path = files_join(arena, dir, names[i]->d_name);
            e = path ? load_file(config, path, arena, place) : err_make(ERR_LIMIT, "arena.full");
        }
        free(names[i]);
    }
    free(names);
    return e;
}

struct err config_load(const char *dir_opt, struct arena *arena, struct config *out,
                       struct config_place *place_out)
{
    struct config config = config_default();
    *place_out = (struct config_place){ .file = NULL };
    const char *own = dir_opt ? files_join(arena, dir_opt, "comity.conf") : NULL;
    if (dir_opt && !own)
        return err_make(ERR_LIMIT, "arena.full");
    struct err e;
    if (own && files_exists(own)) {
        e = load_file(&config, own, arena, place_out);
    } else {
        e = load_file(&config, CONFIG_SYSTEM_FILE, arena, place_out);
        if (!failed(e))
            e = load_dir(&config, CONFIG_SYSTEM_DIR, arena, place_out);
    }
    if (!failed(e))
        *out = config;
    return e;
}
