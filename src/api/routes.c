#include "api/call.h"

#include "core/writer.h"

#define SUPERVISOR ROLE_BIT(ROLE_SUPERVISOR)
#define OFFICERS (ROLE_BIT(ROLE_OFFICER) | ROLE_BIT(ROLE_SUPERVISOR))
#define DESK (OFFICERS | ROLE_BIT(ROLE_MACHINE))
#define LEGAL ROLE_BIT(ROLE_LEGAL)
#define ADMIN ROLE_BIT(ROLE_ADMINISTRATOR)
#define AUDITOR ROLE_BIT(ROLE_AUDITOR)
#define ANYONE (DESK | LEGAL | ADMIN | AUDITOR)

static const struct api_row rows[] = {
    { API_GET, "status", ANYONE, route_status },
    { API_POST, "search", DESK, route_search },
    { API_POST, "searches", DESK, route_searches },
    { API_POST, "compare", DESK, route_compare },
    { API_GET, "watches", DESK | LEGAL | AUDITOR, route_watches },
    { API_GET, "watches/{watch}", DESK, route_watch_get },
    { API_POST, "watches/{watch}/renew", DESK, route_watch_renew },
    { API_POST, "watches/{watch}/judge", DESK, route_watch_judge },
    { API_POST, "watches/{watch}/end", DESK, route_watch_end },
    { API_GET, "cases", OFFICERS | LEGAL | AUDITOR, route_cases },
    { API_POST, "cases", OFFICERS, route_case_open },
    { API_GET, "cases/{case}", OFFICERS, route_case_get },
    { API_POST, "cases/{case}/notes", OFFICERS, route_case_note },
    { API_POST, "cases/{case}/links", OFFICERS, route_case_link },
    { API_POST, "cases/{case}/unlink", OFFICERS, route_case_unlink },
    { API_POST, "cases/{case}/assign", OFFICERS | LEGAL, route_case_assign },
    { API_POST, "cases/{case}/review", OFFICERS, route_case_review },
    { API_POST, "cases/{case}/close", OFFICERS, route_case_close },
    { API_POST, "cases/{case}/reopen", OFFICERS, route_case_reopen },
    { API_POST, "records", DESK, route_record_put },
    { API_GET, "records/{record}", DESK | LEGAL, route_record_get },
    { API_PUT, "records/{record}", DESK, route_record_put },
    { API_POST, "records/{record}/withdraw", DESK, route_record_withdraw },
    { API_POST, "records/{record}/erase", OFFICERS | LEGAL, route_record_erase },
    { API_POST, "records/{record}/hold", LEGAL, route_record_hold },
    { API_POST, "records/{record}/release-hold", LEGAL, route_record_hold_end },
    { API_POST, "records/{record}/inaccuracy", OFFICERS | LEGAL, route_record_inaccuracy },
    { API_POST, "records/{record}/restrict", SUPERVISOR | LEGAL, route_record_restrict },
    { API_POST, "records/{record}/notes", OFFICERS | LEGAL, route_record_note },
    { API_POST, "records/{record}/effect", OFFICERS | LEGAL, route_record_effect },
    { API_POST, "records/preview", OFFICERS | LEGAL | AUDITOR, route_record_preview },
    { API_GET, "records/{record}/explain", OFFICERS | LEGAL | AUDITOR, route_record_explain },
    { API_GET, "records/{record}/deliveries", OFFICERS | LEGAL | AUDITOR, route_deliveries },
    { API_GET, "records/{record}/attachments/{attachment}", DESK | LEGAL, route_file_get },
    { API_PUT, "records/{record}/attachments/{attachment}", DESK, route_file_put },
    { API_GET, "waiting", OFFICERS | LEGAL, route_waiting },
    { API_GET, "catalogue", ANYONE, route_catalogue },
    { API_GET, "catalogue/{category}", ANYONE, route_catalogue_category },
    { API_GET, "sources", ANYONE, route_sources },
    { API_GET, "sources/{source}/entries", DESK | ADMIN, route_source_entries },
    { API_POST, "sources/{source}/entries", DESK | ADMIN, route_source_put },
    { API_POST, "sources/{source}/runs", DESK | ADMIN, route_source_run },
    { API_GET, "agreements", ANYONE, route_agreements },
    { API_POST, "agreements", LEGAL, route_agreement_put },
    { API_POST, "agreements/check", LEGAL, route_agreement_check },
    { API_GET, "agreements/{agreement}", ANYONE, route_agreement_get },
    { API_GET, "agreements/{agreement}/set", LEGAL, route_agreement_set },
    { API_POST, "agreements/{agreement}/sign", LEGAL, route_agreement_sign },
    { API_POST, "agreements/{agreement}/withdraw", LEGAL, route_agreement_withdraw },
    { API_POST, "agreements/{agreement}/acts", LEGAL, route_agreement_act },
    { API_GET, "national", LEGAL | AUDITOR | OFFICERS, route_national_get },
    { API_PUT, "national", LEGAL, route_national_put },
    { API_GET, "partners", ANYONE, route_partners },
    { API_GET, "partners/{partner}", ANYONE, route_partner_get },
    { API_POST, "partners/{partner}/halt", OFFICERS | LEGAL | ADMIN, route_partner_halt },
    { API_POST, "partners/{partner}/resume", LEGAL, route_partner_resume },
    { API_PUT, "partners/{partner}/card", LEGAL | ADMIN, route_partner_card },
    { API_GET, "hits", OFFICERS, route_hits },
    { API_POST, "hits", OFFICERS, route_hit_open },
    { API_GET, "hits/{hit}", OFFICERS, route_hit_get },
    { API_POST, "hits/{hit}/answer", OFFICERS, route_hit_answer },
    { API_POST, "hits/{hit}/outcome", OFFICERS, route_hit_outcome },
    { API_GET, "releases", OFFICERS | LEGAL, route_releases },
    { API_POST, "releases", OFFICERS | LEGAL, route_release_give },
    { API_GET, "assurances", OFFICERS | LEGAL, route_assurances },
    { API_POST, "assurances", OFFICERS | LEGAL, route_assurance_give },
    { API_POST, "assurances/revoke", OFFICERS | LEGAL, route_assurance_revoke },
    { API_GET, "questions", OFFICERS | LEGAL, route_questions },
    { API_POST, "questions", OFFICERS, route_ask },
    { API_GET, "subjects", LEGAL | AUDITOR, route_subjects },
    { API_POST, "subjects", LEGAL, route_subject_open },
    { API_GET, "subjects/{subject}", LEGAL, route_subject_get },
    { API_POST, "subjects/{subject}/forward", LEGAL, route_subject_forward },
    { API_POST, "subjects/{subject}/answer", LEGAL, route_subject_answer },
    { API_POST, "subjects/{subject}/close", LEGAL, route_subject_close },
    { API_GET, "duties", SUPERVISOR | LEGAL | AUDITOR, route_duties },
    { API_GET, "audit", AUDITOR, route_audit },
    { API_GET, "audit/odd", AUDITOR, route_audit_odd },
    { API_GET, "audit/export", AUDITOR, route_audit_export },
    { API_GET, "audit/breach", AUDITOR | LEGAL, route_breach },
    { API_GET, "audit/protected", AUDITOR | LEGAL, route_protected_get },
    { API_PUT, "audit/protected", AUDITOR | LEGAL, route_protected_put },
    { API_GET, "audit/samples", AUDITOR, route_audit_samples },
    { API_POST, "audit/samples", AUDITOR, route_audit_sample },
    { API_GET, "audit/samples/{week}", AUDITOR, route_audit_sample_get },
    { API_POST, "audit/findings", AUDITOR, route_audit_finding },
    { API_GET, "users", ADMIN | AUDITOR, route_users },
    { API_PUT, "users/{user}", ADMIN, route_user_put },
    { API_POST, "users/{user}/certificate", ADMIN, route_user_certificate },
    { API_GET, "units", ANYONE, route_units },
    { API_PUT, "units/{unit}", ADMIN, route_unit_put },
    { API_GET, "ledger", ANYONE, route_ledger },
    { API_GET, "ledger/proof", AUDITOR | LEGAL, route_ledger_proof },
    { API_POST, "ledger/verify", AUDITOR | ADMIN | LEGAL, route_ledger_verify },
    { API_POST, "backup", ADMIN, route_backup },
};

enum { ROUTES = sizeof(rows) / sizeof(rows[0]), BODY_DEPTH = 1 };

static const char *const method_names[API_METHODS] = {
    [API_GET] = "GET", [API_POST] = "POST", [API_PUT] = "PUT", [API_DELETE] = "DELETE",
};

size_t api_route_count(void)
{
    return ROUTES;
}

struct text api_route(size_t i, struct arena *arena)
{
    struct text method = text_literal(method_names[rows[i].method]);
    struct text head = arena_join(arena, method, TEXT(" /v1/"));
    return arena_join(arena, head, text_literal(rows[i].pattern));
}

/* The path's parts match the pattern; what stands at {…} goes to ids. */
static bool matches(struct call *call, const char *pattern)
{
    struct text rest = text_literal(pattern);
    size_t ids = 0;
    for (size_t i = 0; i < call->part_count; i++) {
        if (rest.data == NULL)
            return false;
        struct text want = text_split(&rest, '/');
        if (text_starts(want, TEXT("{")) && call->parts[i].len > 0)
            call->ids[ids++] = call->parts[i];
        else if (!text_equal(want, call->parts[i]))
            return false;
    }
    return rest.data == NULL;
}

static bool split_path(struct call *call)
{
    struct text rest = call->request->path;
    if (!text_starts(rest, TEXT("/v1/")))
        return false;
    rest = text_slice(rest, 4, rest.len);
    while (rest.data != NULL) {
        if (call->part_count == API_PATH_PARTS_MAX)
            return false;
        call->parts[call->part_count++] = text_split(&rest, '/');
    }
    return true;
}

static bool parse_body(struct call *call)
{
    call->body = json_object();
    if (call->request->body.len == 0)
        return true;
    struct err e = json_parse(call->request->body, call->arena, &call->body);
    if (!failed(e) && call->body.kind != JSON_OBJECT)
        e = err_make(ERR_INVALID, "api.body-not-object");
    if (failed(e))
        call_error(call, e);
    return !failed(e);
}

/* The row that fits; a path that exists for other methods only is said so. */
static const struct api_row *find_row(struct call *call)
{
    bool other = false;
    for (size_t i = 0; i < ROUTES; i++) {
        if (!matches(call, rows[i].pattern))
            continue;
        if (rows[i].method == call->request->method)
            return &rows[i];
        other = true;
    }
    call_fail(call, other ? ERR_INVALID : ERR_NOT_FOUND,
              other ? "api.wrong-method" : "api.no-such-path", call->request->path);
    return NULL;
}

void api_handle(const struct api_world *world, struct api_request *request,
                struct api_work *work)
{
    struct call call = { .world = world, .request = request, .work = work,
                         .arena = world->arena };
    memset(work, 0, sizeof(*work));
    work->status = 200;
    work->answer = json_null();
    if (!split_path(&call)) {
        call_fail(&call, ERR_NOT_FOUND, "api.no-such-path", request->path);
        return;
    }
    const struct api_row *row = find_row(&call);
    if (row == NULL)
        return;
    if ((request->caller.roles & row->roles) == 0) {
        call_fail(&call, ERR_DENIED, "clerk.role", request->path);
        return;
    }
    /* the bytes of an attachment are what they are */
    if (row->handler == route_file_put || parse_body(&call))
        row->handler(&call);
    struct err full = arena_check(world->arena);
    if (failed(full))
        call_error(&call, full);
}

unsigned api_status(struct err e)
{
    switch (e.code) {
    case ERR_NONE:
        return 200;
    case ERR_INVALID:
        return 400;
    case ERR_LIMIT:
        return 413;
    case ERR_DENIED:
        return 403;
    case ERR_CONFLICT:
        return 409;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_UNAVAILABLE:
        return 503;
    case ERR_CORRUPT:
    case ERR_IO:
    case ERR_CODES:
        break;
    }
    return 500;
}

/* The entry, and what the search began (do_look.c). */
static void take_look(const struct json *reply, struct arena *arena, struct json *body)
{
    static const char *const names[] = { "entry", "watch", "until" };
    json_take_all(arena, body, reply, names, sizeof(names) / sizeof(names[0]));
}

/* Each answer its entry. When one was not entered, none leaves (I3). */
static unsigned finish_looks(struct api_work *work, const struct reply *replies,
                             struct arena *arena, struct json *body_out)
{
    const struct json *answers = json_get(&work->answer, "results");
    struct json list = json_array();
    size_t next = 0;
    for (size_t i = 0; i < work->command_count; i++) {
        if (!failed(replies[i].err))
            continue;
        work->err = replies[i].err;
        work->subject = replies[i].subject;
        return api_status(work->err);
    }
    for (size_t i = 0; i < json_count(answers); i++) {
        struct json one = *json_item(answers, i);
        if (json_get(&one, "result") == NULL) /* not refused */
            take_look(&replies[next++].body, arena, &one);
        json_push(arena, &list, one);
    }
    *body_out = work->answer;
    json_set(arena, body_out, "results", list);
    return work->status;
}

unsigned api_finish(struct api_work *work, const struct reply *replies, struct arena *arena,
                    struct json *body_out)
{
    if (work->each && work->look)
        return finish_looks(work, replies, arena, body_out);
    if (work->each) {
        struct json list = json_array();
        for (size_t i = 0; i < work->command_count; i++)
            json_push(arena, &list,
                      failed(replies[i].err)
                          ? call_refused(arena, replies[i].err, replies[i].subject)
                          : replies[i].body);
        *body_out = json_object();
        json_set(arena, body_out, "results", list);
        return 200;
    }
    if (work->command_count > 0 && failed(replies[0].err)) {
        work->err = replies[0].err;
        work->subject = replies[0].subject;
        return api_status(work->err);
    }
    *body_out = work->answer;
    if (work->look)
        take_look(&replies[0].body, arena, body_out);
    else if (work->command_count > 0 && work->duty != API_CERTIFY)
        *body_out = replies[0].body;
    return work->status;
}
