/* The typed calls behind spec/openapi.yaml: a request and a snapshot in; an answer, and the
 * commands that must be durable before it leaves, out. No socket, thread or clock; what a front
 * adds is in node/front.c. Every route is one row of api/routes.c.
 *
 * A request that reads personal data carries `purpose` and the reference that purpose demands (body
 * members of a search, query parameters of a GET). Its answer is computed here and held back
 * until its access entry is durable (I3): work.commands then has one VERB_LOOK. */
#ifndef COMITY_API_API_H
#define COMITY_API_API_H

#include "clerk/clerk.h"
#include "clerk/shelf/shelf.h"

enum api_method { API_GET, API_POST, API_PUT, API_DELETE, API_METHODS };
enum { API_COMMANDS_MAX = 256, API_PATH_PARTS_MAX = 8, API_LIST_MAX = 200 };
enum { API_SEARCHES_MAX = 64 }; /* questions of a call, all of one commit */

struct api_request {
    enum api_method method;
    struct text path;  /* decoded, begins with /v1/ */
    struct text query; /* raw, behind the ? */
    struct bytes body; /* JSON or empty */
    struct text idempotency; /* empty: none */
    struct caller caller;    /* as authenticated; purpose and reference are filled in here */
};

/* What a request sees: the state of one commit. */
struct api_world {
    const struct clerk *clerk;
    struct store_view *view;
    struct shelf *shelf;
    struct instant now;
    struct arena *arena;
    struct index_scoring scoring;
    uint64_t screened;      /* documents up to this number (clerk/watch/screen.h); 0: not known */
};

/* What only the node around us can do before the commands run. */
enum api_duty {
    API_NO_DUTY,
    API_SIGN,       /* fill commands[0].body.signature: the root's, of the act below over `hash` */
    API_HASH_PASSWORD, /* replace commands[0].body.password by its hash */
    API_BACKUP,     /* write a backup, or the list of erasures, to `path` */
    API_VERIFY,     /* check the own ledger */
    API_CERTIFY,    /* certify the machine key `hash`; commands[0] then binds it to its user */
};

struct api_work {
    struct err err;        /* failed: nothing else holds */
    struct text subject;
    unsigned status;       /* of the answer when all goes well */
    struct json answer;    /* of a read, or the frame into which a look's entry is put */
    struct command *commands;
    size_t command_count;
    bool each;             /* one result per command, failures among them, status 200 */
    bool look;             /* the answer waits for commands[0], whose entry it gets; with `each`,
                            * each of its `results` that is not refused for one */
    enum api_duty duty;
    struct text role;      /* of API_SIGN: what is done */
    struct text on;        /* its day; empty: today */
    const struct json *more_opt; /* what it says besides (seal/instrument.h) */
    struct text hash;
    struct text path;
    bool erasures; /* of API_BACKUP: the list */
};

void api_handle(const struct api_world *world, struct api_request *request,
                struct api_work *work);
/* After the commands: the answer's status and body, or work->err and subject. */
unsigned api_finish(struct api_work *work, const struct reply *replies, struct arena *arena,
                    struct json *body_out);
/* HTTP status of an error. */
unsigned api_status(struct err e);

/* The routes, for the check against spec/openapi.yaml: "GET /v1/hits/{hit}", … */
size_t api_route_count(void);
struct text api_route(size_t i, struct arena *arena);

#endif
