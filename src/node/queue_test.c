#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "node/queue.h"

enum { LARGE = 1000 };

static size_t taken(struct queue *queue, struct queue_part parts[static QUEUE_PARTS],
                    size_t *commands_out)
{
    size_t count = queue_take(queue, parts);
    *commands_out = 0;
    for (size_t i = 0; i < count; i++)
        *commands_out += parts[i].count;
    assert_in_range(count, 0, QUEUE_PARTS);
    assert_in_range(*commands_out, 0, QUEUE_COMMANDS);
    return count;
}

static void a_small_job_overtakes_a_large_one(void **state)
{
    (void)state;
    struct queue queue = { 0 };
    struct desk_job large = { .count = LARGE };
    struct desk_job look = { .count = 1 };
    struct queue_part parts[QUEUE_PARTS];
    size_t commands = 0;
    queue_add(&queue, &large);
    queue_add(&queue, &look);
    assert_int_equal(taken(&queue, parts, &commands), 2);
    assert_ptr_equal(parts[0].job, &look);
    assert_true(parts[0].last);
    assert_ptr_equal(parts[1].job, &large); /* which does not wait either */
    assert_int_equal(parts[1].count, QUEUE_SLICE);
    assert_false(parts[1].last);
}

static void a_large_job_ends_whole_beside_any_number_of_small_ones(void **state)
{
    (void)state;
    struct queue queue = { 0 };
    struct desk_job large = { .count = LARGE };
    struct desk_job small[QUEUE_COMMIT];
    struct queue_part parts[QUEUE_PARTS];
    size_t done = 0;
    size_t rounds = 0;
    bool last = false;
    queue_add(&queue, &large);
    while (!last) {
        size_t commands = 0;
        for (size_t i = 0; i < QUEUE_COMMIT; i++) {
            small[i] = (struct desk_job){ .count = 1 };
            queue_add(&queue, &small[i]);
        }
        size_t count = taken(&queue, parts, &commands);
        assert_int_equal(count, QUEUE_PARTS);
        assert_ptr_equal(parts[count - 1].job, &large);
        assert_int_equal(parts[count - 1].from, done);
        done += parts[count - 1].count;
        last = parts[count - 1].last;
        rounds++;
    }
    assert_int_equal(done, LARGE);
    assert_int_equal(rounds, (LARGE + QUEUE_SLICE - 1) / QUEUE_SLICE);
    assert_true(queue_empty(&queue));
}

static void jobs_of_a_kind_keep_their_order(void **state)
{
    (void)state;
    struct queue queue = { 0 };
    struct desk_job jobs[4] = { { .count = QUEUE_SMALL },
                                { .count = QUEUE_SMALL },
                                { .count = QUEUE_SMALL + 1 },
                                { .count = QUEUE_SMALL + 2 } };
    struct queue_part parts[QUEUE_PARTS];
    const struct desk_job *ended[4];
    size_t commands = 0;
    size_t ends = 0;
    for (size_t i = 4; i-- > 0;)
        queue_add(&queue, &jobs[i]);
    while (!queue_empty(&queue)) {
        size_t count = taken(&queue, parts, &commands);
        for (size_t i = 0; i < count; i++) {
            if (parts[i].last)
                ended[ends++] = parts[i].job;
        }
    }
    assert_int_equal(ends, 4);
    assert_ptr_equal(ended[0], &jobs[1]);
    assert_ptr_equal(ended[1], &jobs[0]);
    assert_ptr_equal(ended[2], &jobs[3]);
    assert_ptr_equal(ended[3], &jobs[2]);
}

static void where_nobody_looks_slices_are_as_long_as_a_commit(void **state)
{
    (void)state;
    struct queue queue = { 0 };
    struct desk_job large = { .count = 100000 };
    struct desk_job look = { .count = 1 };
    struct queue_part parts[QUEUE_PARTS];
    size_t commands = 0;
    queue_add(&queue, &look);
    queue_add(&queue, &large);
    for (size_t i = 0; i < QUEUE_QUIET; i++) {
        (void)taken(&queue, parts, &commands);
        assert_int_equal(commands, QUEUE_SLICE + (i == 0));
    }
    (void)taken(&queue, parts, &commands);
    assert_int_equal(commands, QUEUE_COMMIT);
    queue_add(&queue, &look);
    (void)taken(&queue, parts, &commands);
    assert_int_equal(commands, 1 + QUEUE_SLICE);
}

static void nothing_is_taken_of_nothing(void **state)
{
    (void)state;
    struct queue queue = { 0 };
    struct queue_part parts[QUEUE_PARTS];
    assert_true(queue_empty(&queue));
    assert_int_equal(queue_take(&queue, parts), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_job_overtakes_a_large_one),
        cmocka_unit_test(a_large_job_ends_whole_beside_any_number_of_small_ones),
        cmocka_unit_test(jobs_of_a_kind_keep_their_order),
        cmocka_unit_test(where_nobody_looks_slices_are_as_long_as_a_commit),
        cmocka_unit_test(nothing_is_taken_of_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
