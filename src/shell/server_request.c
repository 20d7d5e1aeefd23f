/* What a request says, read strictly: one spelling of a path, one value a header. */
#include "shell/server_parts.h"

#include <stdlib.h>

#include "core/writer.h"

static const char *const method_names[] = {
    [SERVER_GET] = "GET", [SERVER_HEAD] = "HEAD",   [SERVER_POST] = "POST",
    [SERVER_PUT] = "PUT", [SERVER_PATCH] = "PATCH", [SERVER_DELETE] = "DELETE",
};

const char *server_method_name(enum server_method method)
{
    return method < SERVER_METHODS ? method_names[method] : "?";
}

static bool find_method(enum server_kind kind, const char *name, enum server_method *out)
{
    size_t count = kind == SERVER_METRICS ? SERVER_HEAD + 1 : SERVER_METHODS;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(method_names[i], name) == 0) {
            *out = (enum server_method)i;
            return true;
        }
    }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoded to `out` (as long as `in` at least); false for a broken escape. */
static bool decode(struct text in, bool plus_is_space, uint8_t *out, size_t *len_out)
{
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        char c = in.data[i];
        if (c == '+' && plus_is_space)
            c = ' ';
        if (c == '%') {
            int high = i + 2 < in.len ? hex_digit(in.data[i + 1]) : -1;
            int low = i + 2 < in.len ? hex_digit(in.data[i + 2]) : -1;
            if (high < 0 || low < 0)
                return false;
            c = (char)(high * 16 + low);
            i += 2;
        }
        out[len++] = (uint8_t)c;
    }
    *len_out = len;
    return true;
}

static bool segment_good(struct text segment)
{
    if (segment.len == 0 || text_is(segment, ".") || text_is(segment, ".."))
        return false;
    for (size_t i = 0; i < segment.len; i++) {
        unsigned char c = (unsigned char)segment.data[i];
        if (c < 0x20 || c == 0x7F || c == '\\')
            return false;
    }
    return true;
}

/* One path has one spelling: else a rule about a path could be walked around. "/" alone may end
 * in a slash. */
static bool path_good(struct text path)
{
    if (path.len == 0 || path.data[0] != '/')
        return false;
    struct text rest = text_slice(path, 1, SIZE_MAX);
    if (rest.len == 0)
        return true;
    while (rest.data) {
        if (!segment_good(text_split(&rest, '/')))
            return false;
    }
    return true;
}

static bool read_path(struct exchange *x, struct writer *w)
{
    struct text target = text_literal(x->target);
    struct text raw = text_split(&target, '?');
    if (target.data)
        x->request.query = target;
    if (raw.len > SERVER_PATH_MAX)
        return false;
    for (size_t i = 0; i + 2 < raw.len; i++) { /* a slash inside a segment is no slash */
        if (raw.data[i] == '%' && raw.data[i + 1] == '2' && (raw.data[i + 2] | 0x20) == 'f')
            return false;
    }
    uint8_t decoded[SERVER_PATH_MAX];
    size_t len = 0;
    if (!decode(raw, false, decoded, &len))
        return false;
    size_t begin = w->len;
    writer_put(w, bytes_of(decoded, len));
    return !w->full && !failed(text_parse(bytes_of(w->data + begin, len), &x->request.path)) &&
           path_good(x->request.path);
}

struct wanted {
    const char *name;
    struct text *out;
};

struct header_reader {
    const struct wanted *wanted;
    size_t count;
    struct writer *w;
    bool bad;
};

static bool keep_header(struct header_reader *r, struct text *out, struct text value)
{
    if (out->data)
        return false;
    size_t begin = r->w->len;
    writer_text(r->w, value);
    return !r->w->full && !failed(text_parse(bytes_of(r->w->data + begin, value.len), out));
}

static enum MHD_Result see_header(void *context, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    struct header_reader *r = context;
    for (size_t i = 0; i < r->count; i++) {
        if (strcasecmp(name, r->wanted[i].name) == 0 &&
            !keep_header(r, r->wanted[i].out, text_literal(value ? value : "")))
            r->bad = true;
    }
    return MHD_YES;
}

static bool read_headers(struct exchange *x, struct writer *w)
{
    struct server_request *request = &x->request;
    const struct wanted wanted[] = {
        { "authorization", &request->authorization },
        { "idempotency-key", &request->idempotency_key },
        { "if-match", &request->if_match },
        { "if-none-match", &request->if_none_match },
        { "accept", &request->accept },
        { "accept-language", &request->accept_language },
        { "content-type", &request->content_type },
        { "cookie", &request->cookie },
    };
    struct header_reader r = { wanted, sizeof(wanted) / sizeof(wanted[0]), w, false };
    MHD_get_connection_values(x->connection, MHD_HEADER_KIND, see_header, &r);
    return !r.bad;
}

const char *server_request_read(struct exchange *x, const char *method, unsigned *status_out)
{
    enum { STRINGS_MAX = SERVER_HEADERS_MAX * 2 };
    x->request.kind = x->gate->setup.kind;
    x->request.uid = x->wire ? x->wire->uid : (uid_t)-1;
    if (x->wire)
        x->request.peer = x->wire->peer;
    *status_out = 405;
    if (!find_method(x->request.kind, method, &x->request.method))
        return "server.method-not-allowed";
    *status_out = 503;
    x->strings = malloc(STRINGS_MAX);
    if (!x->strings || !x->target)
        return "server.busy";
    struct writer w = writer_over((uint8_t *)x->strings, STRINGS_MAX);
    *status_out = 400;
    if (!read_path(x, &w))
        return "server.bad-path";
    if (!read_headers(x, &w))
        return "server.bad-request";
    return NULL;
}

struct err server_query(const struct server_request *request, const char *name, struct arena *arena,
                        struct text *out)
{
    struct text rest = request->query;
    struct text found = { NULL, 0 };
    while (rest.data && rest.len > 0) {
        struct text value = text_split(&rest, '&');
        struct text key = text_split(&value, '=');
        if (!text_is(key, name))
            continue;
        if (found.data)
            return err_make(ERR_INVALID, "server.bad-query");
        found = value.data ? value : TEXT("");
    }
    if (!found.data)
        return err_make(ERR_NOT_FOUND, "server.no-parameter");
    uint8_t *decoded = arena_take(arena, found.len);
    size_t len = 0;
    struct text text = { NULL, 0 };
    if (!decoded)
        return err_make(ERR_LIMIT, "arena.full");
    if (!decode(found, true, decoded, &len) || failed(text_parse(bytes_of(decoded, len), &text)))
        return err_make(ERR_INVALID, "server.bad-query");
    *out = text;
    return err_none();
}
