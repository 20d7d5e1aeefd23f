#include "model/id_checks.h"

/* Addresses on the Internet: normal forms, so that one address has one key. Keys are in upper case
 * already; capitals of the part before the @ mean nothing anywhere that matters. */

static struct text without_prefix(struct text t, const char *prefix)
{
    struct text p = text_literal(prefix);
    return text_starts(t, p) && t.len > p.len ? text_slice(t, p.len, t.len) : t;
}

static struct text without_end(struct text t, const char *end)
{
    struct text e = text_literal(end);
    return text_ends(t, e) && t.len > e.len ? text_slice(t, 0, t.len - e.len) : t;
}

/* "Name <a@b>" and "mailto:a@b" are a@b. */
void id_check_email(struct id_work *w)
{
    struct text t = without_prefix(w->key, "MAILTO:");
    const char *open = memchr(t.data, '<', t.len);
    if (open != NULL && text_ends(t, TEXT(">")) && (size_t)(open - t.data) + 2 < t.len) {
        size_t from = (size_t)(open - t.data) + 1;
        t = text_slice(t, from, t.len - from - 1);
    }
    t = without_end(t, ".");
    w->out->key = t;
    const char *at = memchr(t.data, '@', t.len);
    size_t local = at == NULL ? 0 : (size_t)(at - t.data);
    struct text domain = at == NULL ? TEXT("") : text_slice(t, local + 1, t.len);
    if (local == 0 || domain.len == 0 || memchr(domain.data, '@', domain.len) != NULL)
        id_say(w, IDENTIFIER_WRONG_CHARACTER);
}

void id_check_website(struct id_work *w)
{
    struct text t = without_prefix(without_prefix(w->key, "HTTPS://"), "HTTP://");
    w->out->key = without_end(without_prefix(t, "WWW."), "/");
}

void id_check_domain(struct id_work *w)
{
    w->out->key = without_end(w->key, "."); /* the root */
}
