#include "shell/text.h"

#include <stdlib.h>

#include "core/writer.h"

struct sentence {
    const char *id;
    const char *in[TEXT_LANGS]; /* NULL where a language lacks it */
};

static const struct sentence sentences[] = {
#include "shell/text_table.inc"
};

static int sentence_order(const void *id, const void *row)
{
    return strcmp(id, ((const struct sentence *)row)->id);
}

static const struct sentence *sentence_find(const char *id)
{
    return bsearch(id, sentences, sizeof(sentences) / sizeof(sentences[0]), sizeof(sentences[0]),
                   sentence_order);
}

bool text_known(const char *id)
{
    return sentence_find(id) != NULL;
}

const char *text_say(enum text_lang lang, const char *id)
{
    const struct sentence *found = sentence_find(id);
    if (!found)
        return id;
    if (lang < TEXT_LANGS && found->in[lang])
        return found->in[lang];
    return found->in[TEXT_EN] ? found->in[TEXT_EN] : id;
}

static const struct text_param *param_find(struct text name, const struct text_param *params,
                                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_is(name, params[i].name))
            return &params[i];
    }
    return NULL;
}

/* Length of "{name}" at the start of `in` that names a parameter, which goes to *param; else 0. */
static size_t param_at(struct text in, const struct text_param *params, size_t count,
                       const struct text_param **param)
{
    if (in.len == 0 || in.data[0] != '{')
        return 0;
    const char *end = memchr(in.data, '}', in.len);
    if (!end)
        return 0;
    size_t len = (size_t)(end - in.data) + 1;
    *param = param_find(text_slice(in, 1, len - 2), params, count);
    return *param ? len : 0;
}

struct text text_fill(struct arena *arena, enum text_lang lang, const char *id,
                      const struct text_param *params, size_t count)
{
    struct text in = text_literal(text_say(lang, id));
    struct writer w = writer_in(arena);
    while (in.len > 0) {
        const struct text_param *param = NULL;
        size_t used = param_at(in, params, count, &param);
        if (used > 0)
            writer_text(&w, param->value);
        else
            writer_u8(&w, (uint8_t)in.data[0]);
        in = text_slice(in, used > 0 ? used : 1, SIZE_MAX);
    }
    struct bytes out = { NULL, 0 };
    if (failed(writer_keep(&w, arena, &out)))
        return TEXT("");
    return (struct text){ (const char *)out.data, out.len };
}

enum text_lang text_lang_of(struct text tag)
{
    bool french = tag.len >= 2 && (tag.data[0] | 0x20) == 'f' && (tag.data[1] | 0x20) == 'r';
    bool ends = tag.len == 2 || (tag.len > 2 && strchr("_-.@,; ", tag.data[2]) != NULL);
    return french && ends ? TEXT_FR : TEXT_EN;
}

enum text_lang text_lang_of_environment(void)
{
    static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *value = getenv(names[i]);
        if (value && value[0] != '\0')
            return text_lang_of(text_literal(value));
    }
    return TEXT_EN;
}
