/* A keeper, a server and a client of one node meet: what `comity serve` does at start. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <unistd.h>

#include "shell/client.h"
#include "shell/clock.h"
#include "shell/files.h"
#include "shell/identity.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/server.h"

enum { MEMORY = 1 << 20 };

static uint8_t memory[MEMORY];
static char dir[64];

static void who_are_you(void *context, struct exchange *x)
{
    (void)context;
    const struct sign_public root = exchange_request(x)->peer.root;
    const struct server_reply reply = { .status = 200, .body = BYTES_OF(root.bytes) };
    server_answer(x, &reply);
}

static struct keeper *born(const char *path)
{
    struct keeper_birth birth = { .realm = TEXT("demo"),
                                  .member = TEXT("BEN"),
                                  .generation = 1,
                                  .keep_root = true,
                                  .now = clock_now() };
    random_bytes(birth.root_seed.bytes, sizeof(birth.root_seed.bytes));
    random_bytes(birth.seed.bytes, sizeof(birth.seed.bytes));
    struct keeper *keeper = NULL;
    assert_false(failed(keeper_file_create(path, &birth, TEXT("operator's secret"))));
    assert_false(failed(keeper_start(path, TEXT("operator's secret"), &keeper)));
    return keeper;
}

static void a_node_speaks_tls_with_what_its_keeper_certified(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct keeper *keeper = born(files_join(&arena, dir, "keeper"));
    struct identity identity;
    assert_string_equal(identity_renew(keeper, dir, clock_now(), &arena, &identity).rule, "");
    assert_int_equal(identity.until.ms - identity.from.ms, 7 * INSTANT_DAY);
    const char *tls = files_join(&arena, dir, "tls.pem");
    const char *root = files_join(&arena, dir, "root.pem");
    assert_false(failed(files_check_private(tls)));
    assert_false(failed(files_write(root, text_bytes(identity.root_pem), 0644)));
    const struct server_listener listener = { .kind = SERVER_PARTNERS,
                                              .address = "127.0.0.1:0",
                                              .cert_pem = identity.cert_pem.data,
                                              .key_pem = identity.key_pem.data,
                                              .handle = who_are_you };
    struct server *server = NULL;
    assert_string_equal(server_start(&listener, 1, &server).rule, "");
    char address[32];
    snprintf(address, sizeof(address), "127.0.0.1:%u", server_port(server, 0));
    const struct client_setup setup = { .address = address,
                                        .root_file = root,
                                        .cert_file = tls,
                                        .key_file = tls,
                                        .root = identity.root };
    const struct client_request get = { .method = "GET", .path = TEXT("/") };
    struct client *client = NULL;
    struct client_reply reply = { 0 };
    assert_string_equal(client_open(&setup, &client).rule, "");
    assert_string_equal(client_call(client, &get, &arena, &reply).rule, "");
    assert_true(bytes_equal(reply.body, BYTES_OF(identity.root.bytes)));
    client_close(client);

    /* renewed while it runs: a new leaf, the same root */
    struct identity next;
    assert_string_equal(identity_renew(keeper, dir, clock_now(), &arena, &next).rule, "");
    assert_false(text_equal(next.cert_pem, identity.cert_pem));
    assert_string_equal(server_renew(server, 0, next.cert_pem.data, next.key_pem.data).rule, "");
    assert_string_equal(client_open(&setup, &client).rule, "");
    assert_string_equal(client_call(client, &get, &arena, &reply).rule, "");
    assert_true(bytes_equal(reply.body, BYTES_OF(identity.root.bytes)));
    client_close(client);
    server_stop(server, 1000);
    keeper_stop(keeper);
}

static int set_up(void **state)
{
    (void)state;
    log_setup(LOG_ERROR, LOG_KEY_VALUE, STDERR_FILENO);
    snprintf(dir, sizeof(dir), "/tmp/comity-identity-XXXXXX");
    return failed(random_start()) || !mkdtemp(dir);
}

static int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_node_speaks_tls_with_what_its_keeper_certified),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
