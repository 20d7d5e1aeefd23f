/* Requests to a node in memory, two lines each: "WHO METHOD PATH" and a body, WHO and METHOD by
 * their first byte. Whatever is asked, the node stands, answers in JSON or refuses with a rule, and
 * nothing that it stored turns out not to be what was written. */
#include "test_api.h"

#include <stdlib.h>

enum { REQUESTS_MAX = 12, LINE_MAX_LEN = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const people[] = { "officer", "chief", "deputy", "lawyer", "admin", "auditor" };

/* The next line as a string; false at the end. */
static bool next_line(struct bytes *in, char line[static LINE_MAX_LEN])
{
    if (in->len == 0)
        return false;
    const uint8_t *end = memchr(in->data, '\n', in->len);
    size_t len = end != NULL ? (size_t)(end - in->data) : in->len;
    size_t used = len + (end != NULL);
    len = len < LINE_MAX_LEN - 1 ? len : LINE_MAX_LEN - 1;
    memcpy(line, in->data, len);
    line[len] = '\0';
    *in = bytes_of(in->data + used, in->len - used);
    return true;
}

static enum api_method method_of(char c)
{
    return c == 'P' ? API_POST : c == 'U' ? API_PUT : c == 'D' ? API_DELETE : API_GET;
}

static void ask(const char *line, const char *body)
{
    struct bytes text;
    if (strlen(line) < 4 || line[1] != ' ' || line[3] != ' ')
        return;
    const char *who = people[(unsigned char)line[0] % (sizeof(people) / sizeof(people[0]))];
    struct test_answer answer = test_call(&ben, who, method_of(line[2]), line + 4,
                                          body[0] != '\0' ? body : NULL);
    bool refused = answer.rule[0] != '\0';
    if (answer.status < 200 || answer.status > 599 || refused != (answer.status >= 400))
        abort();
    if (answer.status == 500)
        abort(); /* corrupt, or the system's */
    if (!refused && failed(json_format(&answer.body, &arena, &text)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char line[LINE_MAX_LEN];
    static char body[LINE_MAX_LEN];
    struct bytes in = bytes_of(data, size);
    (void)test_begin(NULL);
    office_open(&ben, "BEN");
    test_registry(&ben);
    (void)office_put(&ben, adult);
    for (size_t i = 0; i < REQUESTS_MAX && next_line(&in, line); i++) {
        if (!next_line(&in, body))
            body[0] = '\0';
        ask(line, body);
    }
    office_close(&ben);
    return 0;
}
