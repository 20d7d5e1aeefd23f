/* A token in bytes: u8 length and letters in UTF-8; u8 script, word, flags; u8 forms, each form
 * and its tight fold; u8 skeletons of each family; u8 classes, each u16 and u8. A word of letters
 * is u8 length and letters. */
#include "core/reader.h"
#include "core/writer.h"
#include "index/names/token.h"

_Static_assert(1 + NATIVE_MAX + 4 + 2 * FORMS_MAX * (1 + FORM_MAX) +
                       2 * SKELETONS_MAX * (1 + FORM_MAX) + 3 + 3 * TOKEN_CLASSES_MAX <=
                   TOKEN_BYTES_MAX,
               "every token has room");

static void put_letters(struct writer *w, const struct letters *letters)
{
    writer_u8(w, letters->len);
    writer_put(w, bytes_of(letters->at, letters->len));
}

static void put_skeletons(struct writer *w, const struct skeletons *skeletons)
{
    writer_u8(w, skeletons->count);
    for (size_t i = 0; i < skeletons->count; i++)
        put_letters(w, &skeletons->at[i]);
}

size_t token_write(const struct token *token, uint8_t out[static TOKEN_BYTES_MAX])
{
    struct writer w = writer_over(out, TOKEN_BYTES_MAX);
    uint8_t native[NATIVE_MAX];
    size_t len = codes_write(&token->codes, native);
    writer_u8(&w, (uint8_t)len);
    writer_put(&w, bytes_of(native, len));
    writer_u8(&w, (uint8_t)token->script);
    writer_u8(&w, (uint8_t)token->word);
    writer_u8(&w, (uint8_t)(token->initial | token->mixed << 1 | token->patronymic << 2));
    writer_u8(&w, token->form_count);
    for (size_t i = 0; i < token->form_count; i++) {
        put_letters(&w, &token->form[i]);
        put_letters(&w, &token->tight[i]);
    }
    put_skeletons(&w, &token->skeletons);
    put_skeletons(&w, &token->syllables);
    writer_u8(&w, token->class_count);
    for (size_t i = 0; i < token->class_count; i++) {
        writer_u16(&w, token->classes[i].id);
        writer_u8(&w, token->classes[i].kind);
    }
    return w.len;
}

uint32_t token_letters_hash(const uint8_t *bytes)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 1; i <= bytes[0]; i++)
        h = (h ^ bytes[i]) * UINT64_C(0x100000001b3);
    h = (h ^ h >> 32) * UINT64_C(0xd6e8feb86659fd93);
    return (uint32_t)(h >> 32);
}

static bool take_letters(struct reader *r, struct letters *out)
{
    out->len = reader_u8(r);
    if (out->len > FORM_MAX)
        return false;
    struct bytes letters = reader_take(r, out->len);
    if (letters.len != out->len)
        return false;
    memcpy(out->at, letters.data, letters.len);
    return true;
}

static bool take_skeletons(struct reader *r, struct skeletons *out)
{
    out->count = reader_u8(r);
    bool good = out->count <= SKELETONS_MAX;
    for (size_t i = 0; good && i < out->count; i++)
        good = take_letters(r, &out->at[i]);
    return good;
}

static bool take_forms(struct reader *r, struct token *out)
{
    out->form_count = reader_u8(r);
    bool good = out->form_count <= FORMS_MAX;
    for (size_t i = 0; good && i < out->form_count; i++)
        good = take_letters(r, &out->form[i]) && take_letters(r, &out->tight[i]);
    return good && take_skeletons(r, &out->skeletons) && take_skeletons(r, &out->syllables);
}

static bool take_classes(struct reader *r, struct token *out)
{
    out->class_count = reader_u8(r);
    if (out->class_count > TOKEN_CLASSES_MAX)
        return false;
    for (size_t i = 0; i < out->class_count; i++) {
        out->classes[i].id = reader_u16(r);
        out->classes[i].kind = reader_u8(r);
        if (out->classes[i].kind > CLASS_NICKNAME)
            return false;
    }
    return true;
}

struct token_forms token_forms(struct bytes token)
{
    size_t at = token.len > 0 ? (size_t)token.data[0] + 5 : 0; /* letters, script, word, flags */
    bool good = at > 0 && at <= token.len;
    return (struct token_forms){ token, at, good ? token.data[at - 1] : 0 };
}

static bool take_form(struct token_forms *forms, struct text *out)
{
    const struct bytes token = forms->token;
    if (forms->at >= token.len)
        return false;
    size_t len = token.data[forms->at++];
    if (len > FORM_MAX || len > token.len - forms->at)
        return false;
    *out = (struct text){ (const char *)token.data + forms->at, len };
    forms->at += len;
    return true;
}

bool token_forms_next(struct token_forms *forms, struct text *form, struct text *tight)
{
    if (forms->left == 0)
        return false;
    forms->left--;
    return take_form(forms, form) && take_form(forms, tight);
}

struct err token_read(struct bytes in, struct token *out)
{
    struct reader r = reader_over(in);
    uint8_t len = reader_u8(&r);
    struct err e = codes_read(reader_take(&r, len), &out->codes);
    if (failed(e))
        return e;
    out->script = (enum script)reader_u8(&r);
    out->word = (enum word_kind)reader_u8(&r);
    uint8_t flags = reader_u8(&r);
    out->initial = (flags & 1) != 0;
    out->mixed = (flags & 2) != 0;
    out->patronymic = (flags & 4) != 0;
    bool good = out->script <= SCRIPT_OTHER && out->word <= WORD_PARTICLE && flags <= 7 &&
                take_forms(&r, out) && take_classes(&r, out);
    if (!good || failed(reader_end(&r)))
        return err_make(ERR_CORRUPT, "index.segment-corrupt");
    return err_none();
}
