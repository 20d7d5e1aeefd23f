/* Server and client over the loopback, on free ports, with real TLS. */
#include "shell/server_test.h"

#include "seal/certificate.h"

enum { THREADS = 4 };

/* One member: its files in `dir`, and the PEMs that a listener takes. */
struct member {
    struct sign_secret root, node;
    struct sign_public root_key, node_key;
    char root_file[96], cert_file[96], key_file[96];
    struct text cert_pem, key_pem;
};

static struct member benin, niger, stranger;
static struct arena members_arena;
static uint8_t members_memory[1 << 18];

static struct secret_key seed_of(uint8_t fill)
{
    struct secret_key seed;
    memset(seed.bytes, fill, sizeof(seed.bytes));
    return seed;
}

static struct text certificate_pem(const struct member *m, enum card_kind kind,
                                   const struct sign_public *key, struct instant from,
                                   struct instant until)
{
    const struct certificate certificate = {
        .kind = kind, .root = m->root_key, .key = *key, .from = from, .until = until
    };
    const struct sign_secret *by = kind == CARD_TLS ? &m->node : &m->root;
    struct bytes der = { NULL, 0 };
    assert_false(failed(certificate_make(&certificate, by, &members_arena, &der)));
    return x509_cert_pem(&members_arena, der);
}

static struct text chain_pem(const struct member *m, const struct sign_public *leaf_key,
                             struct instant from, struct instant until)
{
    struct arena *a = &members_arena;
    struct instant begun = instant_plus(clock_now(), -30 * INSTANT_DAY);
    struct instant ends = instant_plus(clock_now(), 30 * INSTANT_DAY);
    struct text root = certificate_pem(m, CARD_ROOT, &m->root_key, begun, ends);
    struct text node = certificate_pem(m, CARD_NODE, &m->node_key, begun, ends);
    struct text leaf = certificate_pem(m, CARD_TLS, leaf_key, from, until);
    assert_false(failed(files_write(m->root_file, text_bytes(root), 0644)));
    struct text pem = arena_join(a, leaf, arena_join(a, node, root));
    return arena_join(a, pem, (struct text){ "", 1 });
}

static void member_files(struct member *m, struct text pem)
{
    m->cert_pem = pem;
    assert_false(failed(files_write(m->cert_file, bytes_of(pem.data, pem.len - 1), 0644)));
    assert_false(failed(files_write(m->key_file, text_bytes(m->key_pem), 0600)));
}

static void member_make(struct member *m, const char *name, uint8_t fill)
{
    struct sign_secret unused;
    struct sign_public leaf_key;
    struct secret_key seeds[] = { seed_of(fill), seed_of((uint8_t)(fill + 1)),
                                  seed_of((uint8_t)(fill + 2)) };
    sign_keypair(&seeds[0], &m->root, &m->root_key);
    sign_keypair(&seeds[1], &m->node, &m->node_key);
    sign_keypair(&seeds[2], &unused, &leaf_key);
    snprintf(m->root_file, sizeof(m->root_file), "%s/%s-root.pem", dir, name);
    snprintf(m->cert_file, sizeof(m->cert_file), "%s/%s-cert.pem", dir, name);
    snprintf(m->key_file, sizeof(m->key_file), "%s/%s-key.pem", dir, name);
    m->key_pem = x509_key_pem(&members_arena, &seeds[2]);
    struct instant now = clock_now();
    member_files(m, chain_pem(m, &leaf_key, instant_plus(now, -INSTANT_HOUR),
                              instant_plus(now, INSTANT_DAY)));
}

static int set_up(void **state)
{
    if (make_dir(state) != 0)
        return 1;
    members_arena = arena_over(members_memory, sizeof(members_memory));
    member_make(&benin, "ben", 10);
    member_make(&niger, "ner", 20);
    member_make(&stranger, "xxx", 30);
    return 0;
}
static bool admits_niger(void *context, const struct x509_peer *peer)
{
    (void)context;
    return sign_public_equal(&peer->root, &niger.root_key);
}

static struct server_listener partners(void)
{
    return (struct server_listener){ .kind = SERVER_PARTNERS,
                                     .address = "127.0.0.1:0",
                                     .cert_pem = benin.cert_pem.data,
                                     .key_pem = benin.key_pem.data,
                                     .handle = echo,
                                     .admit = admits_niger };
}

static struct client_setup setup_for(const struct server *server, const struct member *who)
{
    static char address[32];
    snprintf(address, sizeof(address), "127.0.0.1:%u", server_port(server, 0));
    return (struct client_setup){ .address = address,
                                  .root_file = benin.root_file,
                                  .cert_file = who ? who->cert_file : NULL,
                                  .key_file = who ? who->key_file : NULL,
                                  .root = benin.root_key };
}

static void partners_meet_over_mutual_tls(void **state)
{
    (void)state;
    struct server_listener listener = partners();
    struct server *server = start(&listener);
    struct client_setup setup = setup_for(server, &niger);
    struct client_request post = { .method = "POST",
                                   .path = TEXT("/v1/batch?from=1"),
                                   .content_type = "application/octet-stream",
                                   .body = bytes_of(memory, 0),
                                   .headers = { { "Idempotency-Key", TEXT("k-1") } } };
    static uint8_t big[1 << 20];
    post.body = BYTES_OF(big);
    struct client_reply reply;
    assert_string_equal(call_once(&setup, &post, &reply).rule, "");
    assert_int_equal(reply.status, 200);
    assert_true(text_is(reply.etag, "\"7\""));
    assert_true(text_is(reply.content_type, "application/json"));
    struct json body = parsed(reply.body);
    assert_true(text_is(json_get_text(&body, "method"), "POST"));
    assert_true(text_is(json_get_text(&body, "path"), "/v1/batch"));
    assert_true(text_is(json_get_text(&body, "key"), "k-1"));
    assert_int_equal(integer_of(&body, "len"), sizeof(big));
    assert_int_equal(integer_of(&body, "root"), niger.root_key.bytes[0]);
    server_stop(server, 1000);
}

static void a_foreign_certificate_and_none_are_refused(void **state)
{
    (void)state;
    struct server_listener listener = partners();
    struct server *server = start(&listener);
    struct client_reply reply = { 0 };
    struct client_setup as_stranger = setup_for(server, &stranger);
    assert_string_equal(call_once(&as_stranger, &get, &reply).rule, "client.refused-by-peer");
    struct client_setup as_nobody = setup_for(server, NULL);
    assert_true(failed(call_once(&as_nobody, &get, &reply)));
    assert_int_equal(reply.status, 0);
    assert_int_equal(server_counts(server).requests, 0);
    server_stop(server, 1000);
}

static void a_server_with_a_wrong_root_or_name_is_refused(void **state)
{
    (void)state;
    struct server_listener listener = partners();
    struct server *server = start(&listener);
    struct client_reply reply = { 0 };
    struct client_setup setup = setup_for(server, &niger);
    setup.root_file = stranger.root_file;
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.wrong-peer");
    setup = setup_for(server, &niger);
    setup.root = stranger.root_key; /* its name is asked for, over benin's chain */
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.wrong-peer");
    setup.root_file = NULL;
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.no-root");
    assert_int_equal(server_counts(server).requests, 0);
    server_stop(server, 1000);
}

static void an_expired_leaf_is_refused_on_both_sides(void **state)
{
    (void)state;
    struct secret_key seed = seed_of(22);
    struct sign_secret unused;
    struct sign_public leaf_key;
    sign_keypair(&seed, &unused, &leaf_key);
    struct instant now = clock_now();
    struct instant begun = instant_plus(now, -2 * INSTANT_DAY);
    struct instant ended = instant_plus(now, -INSTANT_HOUR);
    struct text valid = niger.cert_pem;
    member_files(&niger, chain_pem(&niger, &leaf_key, begun, ended));
    struct server_listener listener = partners();
    struct server *server = start(&listener);
    struct client_reply reply = { 0 };
    struct client_setup setup = setup_for(server, &niger);
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.refused-by-peer");
    struct text expired = niger.cert_pem;
    member_files(&niger, valid);
    assert_string_equal(call_once(&setup, &get, &reply).rule, "");
    /* the server's own: renewed to an expired one while it runs */
    assert_string_equal(server_renew(server, 0, expired.data, niger.key_pem.data).rule, "");
    setup.root_file = niger.root_file;
    setup.root = niger.root_key;
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.wrong-peer");
    assert_string_equal(server_renew(server, 0, valid.data, niger.key_pem.data).rule, "");
    assert_string_equal(call_once(&setup, &get, &reply).rule, "");
    assert_string_equal(server_renew(server, 0, valid.data, benin.key_pem.data).rule,
                        "server.bad-certificate");
    server_stop(server, 1000);
}

static void a_body_one_past_the_limit_is_413(void **state)
{
    (void)state;
    enum { LIMIT = 100000 };
    static uint8_t body[LIMIT + 1];
    struct server_listener listener = partners();
    listener.body_max = LIMIT;
    struct server *server = start(&listener);
    struct client_setup setup = setup_for(server, &niger);
    struct client_request post = { .method = "POST", .path = TEXT("/v1/x") };
    struct client_reply reply = { 0 };
    post.body = bytes_of(body, LIMIT);
    assert_string_equal(call_once(&setup, &post, &reply).rule, "");
    assert_int_equal(reply.status, 200);
    post.body = bytes_of(body, LIMIT + 1);
    assert_string_equal(call_once(&setup, &post, &reply).rule, "");
    assert_int_equal(reply.status, 413);
    struct json problem = parsed(reply.body);
    assert_true(text_is(json_get_text(&problem, "code"), "server.body-too-big"));
    assert_int_equal(server_counts(server).body_bytes, 0);
    server_stop(server, 1000);
}

static void an_answer_beyond_the_clients_limit_is_refused(void **state)
{
    (void)state;
    struct server_listener listener = partners();
    struct server *server = start(&listener);
    struct client_setup setup = setup_for(server, &niger);
    setup.body_max = 10;
    struct client_reply reply = { 0 };
    assert_string_equal(call_once(&setup, &get, &reply).rule, "client.too-big");
    server_stop(server, 1000);
}

/* ---- answers from other threads ---- */

/* As the clerk: takes what has queued and answers all of it at once, last come first. */
static void *answer_all(void *context)
{
    (void)context;
    pthread_mutex_lock(&queue.mutex);
    while (!queue.closed) {
        while (queue.count == 0 && !queue.closed)
            pthread_cond_wait(&queue.changed, &queue.mutex);
        while (queue.count > 0) {
            struct exchange *x = queue.waiting[--queue.count];
            queue.given++;
            pthread_mutex_unlock(&queue.mutex);
            echo(NULL, x);
            pthread_mutex_lock(&queue.mutex);
        }
    }
    pthread_mutex_unlock(&queue.mutex);
    return NULL;
}

struct caller {
    const struct client_setup *setup;
    unsigned calls, good;
};

static void *call_many(void *context)
{
    struct caller *caller = context;
    uint8_t *room = malloc(1 << 16);
    struct client *client = NULL;
    if (!room || failed(client_open(caller->setup, &client)))
        return NULL;
    for (unsigned i = 0; i < caller->calls; i++) {
        struct arena arena = arena_over(room, 1 << 16);
        char path[32];
        int len = snprintf(path, sizeof(path), "/v1/n/%u", i);
        struct client_request request = { .method = "GET", .path = { path, (size_t)len } };
        struct client_reply reply = { 0 };
        struct err e = client_call(client, &request, &arena, &reply);
        struct json json = json_null();
        bool good = !failed(e) && reply.status == 200 &&
                    !failed(json_parse(reply.body, &arena, &json)) &&
                    text_equal(json_get_text(&json, "path"), request.path);
        caller->good += good ? 1 : 0;
    }
    client_close(client);
    free(room);
    return NULL;
}

static void a_thousand_sleeping_requests_each_get_their_own_answer(void **state)
{
    (void)state;
    struct server_listener listener = partners();
    listener.handle = enqueue;
    listener.threads = 2;
    struct server *server = start(&listener);
    struct client_setup setup = setup_for(server, &niger);
    pthread_t answerer;
    pthread_t threads[THREADS];
    struct caller callers[THREADS];
    assert_int_equal(pthread_create(&answerer, NULL, answer_all, NULL), 0);
    int64_t begun = clock_monotonic_us();
    for (size_t i = 0; i < THREADS; i++) {
        callers[i] = (struct caller){ &setup, SLEEPERS / THREADS, 0 };
        assert_int_equal(pthread_create(&threads[i], NULL, call_many, &callers[i]), 0);
    }
    unsigned good = 0;
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        good += callers[i].good;
    }
    int64_t took = clock_monotonic_us() - begun;
    print_message("%d suspended answers over mutual TLS in %lld us\n", SLEEPERS, (long long)took);
    assert_int_equal(good, SLEEPERS);
    pthread_mutex_lock(&queue.mutex);
    queue.closed = true;
    pthread_cond_signal(&queue.changed);
    pthread_mutex_unlock(&queue.mutex);
    pthread_join(answerer, NULL);
    assert_int_equal(queue.given, SLEEPERS);
    struct server_counts counts = server_counts(server);
    assert_int_equal(counts.answered, SLEEPERS);
    assert_int_equal(counts.open, 0);
    server_stop(server, 1000);
}

/* ---- starting ---- */

static void a_port_in_use_is_named_by_its_listener(void **state)
{
    (void)state;
    struct server_listener first = partners();
    struct server *server = start(&first);
    char address[32];
    snprintf(address, sizeof(address), "127.0.0.1:%u", server_port(server, 0));
    struct server_listener two[] = { local(), partners() };
    two[1].address = address;
    struct server *second = NULL;
    struct err e = server_start(two, 2, &second);
    assert_string_equal(e.rule, "server.port-in-use");
    assert_int_equal(e.at, 1);
    assert_null(second);
    assert_false(files_exists(socket_path)); /* nothing of the first listener is left */
    server_stop(server, 0);
}

static void bad_addresses_and_certificates_are_refused_at_start(void **state)
{
    (void)state;
    static const char *const bad[] = { "",
                                       "8443",
                                       "127.0.0.1",
                                       ":1",
                                       "::1:80",
                                       "[::1]",
                                       "127.0.0.1:99999",
                                       "192.0.2.1:1",
                                       "no.such.host.invalid:1" };
    struct server *server = NULL;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct server_listener listener = partners();
        listener.address = bad[i];
        if (strcmp(server_start(&listener, 1, &server).rule, "server.bad-address") != 0)
            fail_msg("%s was taken for an address", bad[i]);
    }
    struct server_listener listener = partners();
    listener.key_pem = niger.key_pem.data;
    assert_string_equal(server_start(&listener, 1, &server).rule, "server.bad-certificate");
    struct server_listener metrics = { .kind = SERVER_METRICS,
                                       .address = "0.0.0.0:0",
                                       .handle = echo };
    assert_string_equal(server_start(&metrics, 1, &server).rule, "server.not-loopback");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(partners_meet_over_mutual_tls),
        cmocka_unit_test(a_foreign_certificate_and_none_are_refused),
        cmocka_unit_test(a_server_with_a_wrong_root_or_name_is_refused),
        cmocka_unit_test(an_expired_leaf_is_refused_on_both_sides),
        cmocka_unit_test(a_body_one_past_the_limit_is_413),
        cmocka_unit_test(an_answer_beyond_the_clients_limit_is_refused),
        cmocka_unit_test(a_thousand_sleeping_requests_each_get_their_own_answer),
        cmocka_unit_test(a_port_in_use_is_named_by_its_listener),
        cmocka_unit_test(bad_addresses_and_certificates_are_refused_at_start),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
