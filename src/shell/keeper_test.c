#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/clock.h"
#include "shell/files.h"
#include "shell/keeper.h"
#include "shell/log.h"
#include "shell/random.h"
#include "shell/sandbox.h"
#include "shell/x509.h"

#define SECRET TEXT("correct horse battery")

enum { MEMORY = 16 << 20, ASKERS = 4, QUESTIONS = 100 };

static uint8_t *memory;
static struct arena arena;
static char dir[64], path[96];
static struct keeper *keeper;

static int set_up(void **state)
{
    (void)state;
    log_setup(LOG_ERROR, LOG_KEY_VALUE, STDERR_FILENO);
    snprintf(dir, sizeof(dir), "/tmp/comity-keeper-XXXXXX");
    memory = malloc(MEMORY);
    if (failed(random_start()) || !memory || !mkdtemp(dir))
        return 1;
    snprintf(path, sizeof(path), "%s/keeper", dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    free(memory);
    return system(command);
}

static struct keeper_birth birth(void)
{
    struct keeper_birth b = { .realm = TEXT("demo"),
                              .member = TEXT("BEN"),
                              .generation = 1,
                              .keep_root = true,
                              .now = clock_now() };
    random_bytes(b.root_seed.bytes, sizeof(b.root_seed.bytes));
    random_bytes(b.seed.bytes, sizeof(b.seed.bytes));
    return b;
}

static int open_keeper(void **state)
{
    (void)state;
    arena = arena_over(memory, MEMORY);
    struct keeper_birth b = birth();
    unlink(path);
    return failed(keeper_file_create(path, &b, SECRET)) ||
           failed(keeper_start(path, SECRET, &keeper));
}

static int close_keeper(void **state)
{
    (void)state;
    keeper_stop(keeper);
    keeper = NULL;
    return 0;
}

static struct keeper_answer ask(enum keeper_kind kind)
{
    struct keeper_question question = { .kind = kind };
    if (kind == KEEPER_NEW_MONTH_KEY || kind == KEEPER_OPEN_MONTH_KEY) {
        question.month.month = 202611;
        question.month.retention = TEXT("case");
    }
    struct keeper_answer answer = { .kind = KEEPER_KINDS };
    assert_string_equal(keeper_ask(keeper, &question, &arena, &answer).rule, "");
    return answer;
}

static void it_answers_from_another_process(void **state)
{
    (void)state;
    struct keeper_answer status = ask(KEEPER_STATUS);
    assert_true(text_is(status.status.member, "BEN"));
    assert_int_not_equal(keeper_pid(keeper), getpid());
}

static void the_chain_that_it_signs_is_believed(void **state)
{
    (void)state;
    struct keeper_answer status = ask(KEEPER_STATUS);
    struct keeper_question question = { .kind = KEEPER_CERTIFY_TLS };
    struct secret_key seed = { { 7 } };
    struct sign_secret unused;
    sign_keypair(&seed, &unused, &question.tls.key);
    struct keeper_answer answer;
    assert_string_equal(keeper_ask(keeper, &question, &arena, &answer).rule, "");
    struct bytes chain[] = { answer.tls.x509, status.status.node_x509, status.status.root_x509 };
    struct x509_peer peer;
    struct err e = x509_check_chain(chain, 3, clock_now(), &status.status.root, &peer);
    assert_string_equal(e.rule, "");
    assert_true(sign_public_equal(&peer.leaf, &question.tls.key));
}

static void what_it_answered_survives_its_killing(void **state)
{
    (void)state;
    struct keeper_answer made = ask(KEEPER_NEW_MONTH_KEY);
    assert_int_equal(kill(keeper_pid(keeper), SIGKILL), 0);
    struct keeper_question question = { .kind = KEEPER_STATUS };
    struct keeper_answer answer;
    for (size_t i = 0; i < KEEPER_LINES + 1; i++)
        assert_string_equal(keeper_ask(keeper, &question, &arena, &answer).rule, "keeper.gone");
    keeper_stop(keeper);
    assert_false(failed(keeper_start(path, SECRET, &keeper)));
    struct keeper_answer again = ask(KEEPER_OPEN_MONTH_KEY);
    assert_true(secret_equal(&again.month.key, &made.month.key));
    assert_int_equal(again.month.version, made.month.version);
}

static void a_malformed_message_is_refused_and_ends_nothing(void **state)
{
    (void)state;
    struct bytes answer = { NULL, 0 };
    static const uint8_t nonsense[] = { 9, 9, 9 };
    struct keeper_answer parsed;
    assert_false(failed(keeper_ask_bytes(keeper, BYTES_OF(nonsense), &arena, &answer)));
    assert_false(failed(keeper_answer_parse(answer, &parsed)));
    assert_true(failed(parsed.err));
    it_answers_from_another_process(state);
    static uint8_t long_message[KEEPER_MESSAGE_MAX + 1];
    assert_string_equal(keeper_ask_bytes(keeper, BYTES_OF(long_message), &arena, &answer).rule,
                        "keeper.message-too-long");
    it_answers_from_another_process(state);
}

/* Serves two lines in a child of our own, so that a test can hold both ends. */
static pid_t serve_raw(int ours[static KEEPER_LINES])
{
    int theirs[KEEPER_LINES];
    for (size_t i = 0; i < KEEPER_LINES; i++) {
        int ends[2];
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        ours[i] = ends[0];
        theirs[i] = ends[1];
    }
    pid_t pid = fork();
    if (pid == 0)
        _exit(keeper_serve(theirs, path, SECRET));
    for (size_t i = 0; i < KEEPER_LINES; i++)
        close(theirs[i]);
    uint8_t report[5];
    assert_int_equal(recv(ours[0], report, sizeof(report), MSG_WAITALL), 5);
    assert_int_equal(report[4], ERR_NONE);
    return pid;
}

static bool status_over(int fd)
{
    struct keeper_question question = { .kind = KEEPER_STATUS };
    struct bytes asked = { NULL, 0 };
    assert_false(failed(keeper_question_format(&question, &arena, &asked)));
    uint32_t head = htonl((uint32_t)asked.len);
    uint8_t first = 0;
    return send(fd, &head, 4, MSG_NOSIGNAL) == 4 &&
           send(fd, asked.data, asked.len, MSG_NOSIGNAL) == (ssize_t)asked.len &&
           recv(fd, &first, 1, 0) == 1;
}

static void a_line_that_breaks_the_framing_is_hung_up_on_alone(void **state)
{
    (void)state;
    close_keeper(state);
    int lines[KEEPER_LINES];
    pid_t pid = serve_raw(lines);
    uint32_t head = htonl(KEEPER_MESSAGE_MAX + 1);
    assert_int_equal(send(lines[0], &head, 4, MSG_NOSIGNAL), 4);
    uint8_t byte = 0;
    assert_int_equal(recv(lines[0], &byte, 1, 0), 0); /* hung up */
    assert_true(status_over(lines[1]));
    /* half a frame on one line holds nobody up, and its end ends the process */
    assert_int_equal(send(lines[1], &head, 2, MSG_NOSIGNAL), 2);
    close(lines[0]);
    close(lines[1]);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_false(failed(keeper_start(path, SECRET, &keeper)));
}

static void a_wrong_secret_or_file_is_named_at_start(void **state)
{
    (void)state;
    struct keeper *other = NULL;
    assert_string_equal(keeper_start(path, TEXT("incorrect horse"), &other).rule, "seal.wrong-key");
    assert_string_equal(keeper_start(path, TEXT("short"), &other).rule, "keeper.weak-secret");
    assert_string_equal(keeper_start("/tmp/no/such/keeper", SECRET, &other).rule, "file.missing");
    assert_int_equal(chmod(path, 0640), 0);
    assert_string_equal(keeper_start(path, SECRET, &other).rule, "file.too-open");
    assert_int_equal(chmod(path, 0600), 0);
    assert_null(other);
    struct keeper_birth b = birth();
    assert_string_equal(keeper_file_create(path, &b, SECRET).rule, "keeper.exists");
}

static void every_damaged_file_is_refused(void **state)
{
    (void)state;
    struct bytes whole = { NULL, 0 };
    assert_false(failed(files_read(path, 4 << 20, &arena, &whole)));
    uint8_t *copy = arena_take(&arena, whole.len);
    assert_non_null(copy);
    char other[128];
    snprintf(other, sizeof(other), "%s-damaged", path);
    const size_t places[] = { 0, 20, 40, whole.len / 2, whole.len - 1 };
    struct keeper_state *loaded = malloc(sizeof(*loaded));
    struct secret_key key;
    size_t mark = arena.used;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        memcpy(copy, whole.data, whole.len);
        copy[places[i]] ^= 1;
        assert_false(failed(files_write(other, bytes_of(copy, whole.len), 0600)));
        assert_true(failed(keeper_file_load(other, SECRET, &arena, loaded, &key)));
        assert_false(failed(files_write(other, bytes_of(whole.data, places[i]), 0600)));
        assert_true(failed(keeper_file_load(other, SECRET, &arena, loaded, &key)));
        arena_rewind(&arena, mark);
    }
    free(loaded);
}

/* Valgrind holds descriptors of its own in the process and knows neither landlock nor seccomp. */
static bool under_valgrind(void)
{
    const char *preloaded = getenv("LD_PRELOAD");
    return preloaded && strstr(preloaded, "vgpreload");
}

static void it_cannot_be_read_by_others_and_holds_only_its_lines(void **state)
{
    (void)state;
    if (under_valgrind())
        skip();
    char name[64];
    snprintf(name, sizeof(name), "/proc/%d/fd", keeper_pid(keeper));
    DIR *fds = opendir(name);
    if (!fds) {
        assert_int_not_equal(getuid(), 0); /* not dumpable: /proc is root's */
        return;
    }
    size_t count = 0;
    for (const struct dirent *entry = readdir(fds); entry; entry = readdir(fds))
        count += entry->d_name[0] != '.';
    closedir(fds);
    assert_int_equal(count, 1 + KEEPER_LINES); /* stderr and the lines */
}

static int attempt_forbidden(void)
{
    if (sandbox_enter(dir) != 0)
        return 77;
    char inside[128];
    snprintf(inside, sizeof(inside), "%s/inside", dir);
    if (failed(files_write(inside, text_bytes(TEXT("x")), 0600)))
        return 1;
    if (!failed(files_write("/tmp/comity-outside", text_bytes(TEXT("x")), 0600)))
        return 2;
    uint8_t room[256];
    struct arena small = arena_over(room, sizeof(room));
    struct bytes out = { NULL, 0 };
    if (!failed(files_read("/etc/hostname", 100, &small, &out)))
        return 3;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
        return 4;
    if (fork() >= 0)
        return 5;
    char *const arguments[] = { NULL };
    execve("/bin/true", arguments, arguments);
    return 0;
}

static void the_sandbox_leaves_its_directory_and_nothing_else(void **state)
{
    (void)state;
    pid_t pid = fork();
    if (pid == 0)
        _exit(attempt_forbidden());
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == 77) {
        print_message("this kernel, or valgrind, lacks a part of the sandbox\n");
        skip();
    }
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void *ask_many(void *context)
{
    unsigned *good = context;
    uint8_t *room = malloc(1 << 18);
    for (int i = 0; room && i < QUESTIONS; i++) {
        struct arena own = arena_over(room, 1 << 18);
        struct keeper_question question = { .kind = KEEPER_STATUS };
        struct keeper_answer answer;
        *good += !failed(keeper_ask(keeper, &question, &own, &answer)) &&
                 text_is(answer.status.member, "BEN");
    }
    free(room);
    return NULL;
}

static void many_threads_may_ask(void **state)
{
    (void)state;
    pthread_t threads[ASKERS];
    unsigned good[ASKERS] = { 0 };
    int64_t begun = clock_monotonic_us();
    for (size_t i = 0; i < ASKERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_many, &good[i]), 0);
    for (size_t i = 0; i < ASKERS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(good[i], QUESTIONS);
    }
    print_message("%d questions in %lld us\n", ASKERS * QUESTIONS,
                  (long long)(clock_monotonic_us() - begun));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_answers_from_another_process, open_keeper, close_keeper),
        cmocka_unit_test_setup_teardown(the_chain_that_it_signs_is_believed, open_keeper,
                                        close_keeper),
        cmocka_unit_test_setup_teardown(what_it_answered_survives_its_killing, open_keeper,
                                        close_keeper),
        cmocka_unit_test_setup_teardown(a_malformed_message_is_refused_and_ends_nothing,
                                        open_keeper, close_keeper),
        cmocka_unit_test_setup_teardown(a_line_that_breaks_the_framing_is_hung_up_on_alone,
                                        open_keeper, close_keeper),
        cmocka_unit_test_setup_teardown(a_wrong_secret_or_file_is_named_at_start, open_keeper,
                                        close_keeper),
        cmocka_unit_test_setup_teardown(every_damaged_file_is_refused, open_keeper, close_keeper),
        cmocka_unit_test_setup_teardown(it_cannot_be_read_by_others_and_holds_only_its_lines,
                                        open_keeper, close_keeper),
        cmocka_unit_test(the_sandbox_leaves_its_directory_and_nothing_else),
        cmocka_unit_test_setup_teardown(many_threads_may_ask, open_keeper, close_keeper),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
