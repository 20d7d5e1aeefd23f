/* The modelled disk: a fault at every single effect of a fixed list of steps, and recovery. */
#include "store/memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "test_workload.h"

static struct hash states[WORKLOAD_STEPS + 1];
static uint64_t effects_of_all;

static int learn_states(void **state)
{
    (void)state;
    struct store *store = test_open_memory(0);
    workload_states(store, states);
    effects_of_all = store_memory_effects(store);
    store_close(store);
    return 0;
}

static bool is_state(struct store *store, size_t step)
{
    struct hash found;
    assert_false(failed(store_dump_hash(store, &found)));
    return hash_equal(&found, &states[step]);
}

/* Steps from `from` until one fails (its number) or all are done (WORKLOAD_STEPS). */
static size_t run_from(struct store *store, size_t from, struct err *err_out)
{
    for (size_t i = from; i < WORKLOAD_STEPS; i++) {
        *err_out = workload_step(store, i);
        if (failed(*err_out))
            return i;
    }
    return WORKLOAD_STEPS;
}

/* Which of the two states that a fault in `step` may leave was found; the work goes on there. */
static void finish_from(struct store *store, size_t step, bool *whole_out)
{
    struct err e = err_none();
    bool before = is_state(store, step);
    assert_true(before || is_state(store, step + 1));
    *whole_out = !before;
    assert_int_equal(run_from(store, before ? step : step + 1, &e), WORKLOAD_STEPS);
    assert_true(is_state(store, WORKLOAD_STEPS));
}

static void a_crash_at_any_effect_leaves_a_whole_commit(void **state)
{
    (void)state;
    size_t kept = 0;
    size_t dropped = 0;
    for (uint64_t effect = 1; effect <= effects_of_all; effect++) {
        for (uint64_t seed = 0; seed < 8; seed++) {
            struct err e = err_none();
            bool whole = false;
            struct store *store = test_open_memory(seed);
            store_memory_script(store, effect, STORE_FAULT_CRASH);
            size_t step = run_from(store, 0, &e);
            assert_int_not_equal(step, WORKLOAD_STEPS);
            assert_string_equal(e.rule, "store.crashed");
            e = store_begin(store);
            assert_string_equal(e.rule, "store.crashed");
            assert_false(
                failed(seed == 0 ? store_memory_reopen(store) : store_memory_crash(store, seed)));
            finish_from(store, step, &whole);
            kept += whole ? 1 : 0;
            dropped += whole ? 0 : 1;
            store_close(store);
        }
    }
    printf("%llu effects, 8 seeds: step found whole %zu times, not at all %zu times\n",
           (unsigned long long)effects_of_all, kept, dropped);
    assert_true(kept > 0 && dropped > 0);
}

/* Returns how often `fault` made a step fail. */
static size_t fail_everywhere(enum store_fault fault, const char *rule, int then)
{
    size_t failures = 0;
    for (uint64_t effect = 1; effect <= effects_of_all; effect++) {
        struct err e = err_none();
        bool whole = false;
        struct store *store = test_open_memory(effect);
        store_memory_script(store, effect, fault);
        size_t step = run_from(store, 0, &e);
        if (step == WORKLOAD_STEPS) { /* an effect of another kind */
            store_close(store);
            continue;
        }
        failures++;
        assert_string_equal(e.rule, rule);
        /* nothing of it is visible; a blob's erasure alone may have happened */
        assert_true(is_state(store, step) || workload_erases_blob(step));
        if (then == 1) {
            assert_false(failed(store_memory_reopen(store)));
            assert_true(is_state(store, step) || workload_erases_blob(step));
        }
        if (then == 2)
            assert_false(failed(store_memory_crash(store, effect)));
        finish_from(store, step, &whole);
        store_close(store);
    }
    return failures;
}

static void a_full_disk_changes_nothing_and_the_store_goes_on(void **state)
{
    (void)state;
    for (int then = 0; then < 3; then++)
        assert_true(fail_everywhere(STORE_FAULT_WRITE_FAIL, "store.disk-full", then) > 10);
}

static void a_failed_fsync_is_no_commit_and_the_store_goes_on(void **state)
{
    (void)state;
    for (int then = 0; then < 3; then++)
        assert_true(fail_everywhere(STORE_FAULT_FSYNC_FAIL, "store.fsync", then) > 10);
}

/* A disk that lies: found out when something stands behind the hole, else the last commit is
 * gone, wholly. */
static void a_lost_write_is_never_a_mixture(void **state)
{
    (void)state;
    size_t damaged = 0;
    size_t last_gone = 0;
    size_t blobs = 0;
    for (uint64_t effect = 1; effect <= effects_of_all; effect++) {
        struct err e = err_none();
        struct hash found;
        struct store *store = test_open_memory(effect);
        store_memory_script(store, effect, STORE_FAULT_WRITE_LOST);
        assert_int_equal(run_from(store, 0, &e), WORKLOAD_STEPS);
        assert_true(is_state(store, WORKLOAD_STEPS)); /* nothing is noticed yet */
        e = store_memory_crash(store, effect);
        if (failed(e)) {
            assert_string_equal(e.rule, "store.database-damaged");
            e = store_begin(store);
            assert_string_equal(e.rule, "store.crashed"); /* it answers nothing */
            damaged++;
        } else {
            e = store_dump_hash(store, &found);
            bool blob = failed(e) && strcmp(e.rule, "store.blob-damaged") == 0;
            bool gone = !failed(e) && hash_equal(&found, &states[WORKLOAD_STEPS - 1]);
            bool same = !failed(e) && hash_equal(&found, &states[WORKLOAD_STEPS]);
            assert_true(blob || gone || same);
            blobs += blob ? 1 : 0;
            last_gone += gone ? 1 : 0;
        }
        store_close(store);
    }
    assert_true(damaged > 0 && last_gone > 0 && blobs > 0);
}

struct trace {
    struct hash hash;
    uint64_t effects;
    uint64_t ms;
};

static struct trace run_with_rates(uint64_t seed)
{
    struct store_memory_plan plan = { .seed = seed,
                                      .crash = 20000,
                                      .write_fail = 20000,
                                      .fsync_fail = 50000,
                                      .fsync_slow = 100000,
                                      .fsync_ms = 4,
                                      .slow_ms = 900 };
    struct store *store = NULL;
    struct hasher h;
    hasher_init(&h);
    assert_false(failed(store_memory_open(&plan, &store)));
    for (size_t i = 0; i < 300; i++) {
        struct hash dump;
        struct err e = workload_step(store, i % WORKLOAD_STEPS);
        hasher_add(&h, text_bytes(text_literal(e.rule)));
        if (strcmp(e.rule, "store.crashed") == 0)
            assert_false(failed(store_memory_crash(store, i)));
        if (i % 10 == 0) {
            assert_false(failed(store_dump_hash(store, &dump)));
            hasher_add(&h, BYTES_OF(dump.bytes));
        }
    }
    struct trace trace = { hasher_end(&h), store_memory_effects(store), store_memory_ms(store) };
    store_close(store);
    return trace;
}

static void the_same_seed_gives_the_same_faults(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        struct trace a = run_with_rates(seed);
        struct trace b = run_with_rates(seed);
        struct trace other = run_with_rates(seed + 100);
        assert_true(hash_equal(&a.hash, &b.hash));
        assert_int_equal(a.effects, b.effects);
        assert_int_equal(a.ms, b.ms);
        assert_false(hash_equal(&a.hash, &other.hash));
    }
}

static void fsyncs_take_virtual_time(void **state)
{
    (void)state;
    struct store_memory_plan plan = { .fsync_ms = 4, .slow_ms = 900 };
    struct store *store = NULL;
    assert_false(failed(store_memory_open(&plan, &store)));
    assert_false(failed(workload_step(store, 0)));
    assert_int_equal(store_memory_ms(store), 4);
    uint64_t effects = store_memory_effects(store);
    assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_PASSIVE)));
    assert_int_equal(store_memory_ms(store), 8);
    store_memory_script(store, effects + 5, STORE_FAULT_FSYNC_SLOW);
    assert_false(failed(store_checkpoint(store, STORE_CHECKPOINT_PASSIVE)));
    assert_int_equal(store_memory_ms(store), 908);
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_at_any_effect_leaves_a_whole_commit),
        cmocka_unit_test(a_full_disk_changes_nothing_and_the_store_goes_on),
        cmocka_unit_test(a_failed_fsync_is_no_commit_and_the_store_goes_on),
        cmocka_unit_test(a_lost_write_is_never_a_mixture),
        cmocka_unit_test(the_same_seed_gives_the_same_faults),
        cmocka_unit_test(fsyncs_take_virtual_time),
    };
    return cmocka_run_group_tests(tests, learn_states, NULL);
}
