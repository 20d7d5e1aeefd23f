#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell/files.h"

static uint8_t memory[1 << 16];
static char dir[64];

static const char *in_dir(struct arena *arena, const char *name)
{
    return files_join(arena, dir, name);
}

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/comity-files-XXXXXX");
    return mkdtemp(dir) ? 0 : 1;
}

static int remove_dir(void **state)
{
    (void)state;
    char command[96];
    snprintf(command, sizeof(command), "rm -rf %s", dir);
    return system(command);
}

static void what_is_written_is_read_and_nothing_lies_beside_it(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *path = in_dir(&arena, "a");
    assert_false(failed(files_write(path, text_bytes(TEXT("one")), 0600)));
    assert_false(failed(files_write(path, text_bytes(TEXT("two!")), 0640)));
    struct bytes out = { NULL, 0 };
    assert_false(failed(files_read(path, 4, &arena, &out)));
    assert_true(bytes_equal(out, text_bytes(TEXT("two!"))));
    assert_int_equal(out.data[out.len], 0);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_false(files_exists(in_dir(&arena, "a.tmp")));
}

static void a_limit_is_a_limit(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *path = in_dir(&arena, "b");
    struct bytes out = { NULL, 0 };
    assert_false(failed(files_write(path, text_bytes(TEXT("12345")), 0600)));
    assert_string_equal(files_read(path, 4, &arena, &out).rule, "file.too-big");
    struct arena small = arena_over(memory, 4);
    assert_string_equal(files_read(path, 5, &small, &out).rule, "arena.full");
    assert_null(out.data);
}

static void what_is_no_file_is_refused_without_waiting(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    struct bytes out = { NULL, 0 };
    const char *fifo = in_dir(&arena, "fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_string_equal(files_read(fifo, 9, &arena, &out).rule, "file.not-regular");
    assert_string_equal(files_read(dir, 9, &arena, &out).rule, "file.not-regular");
    assert_string_equal(files_read(in_dir(&arena, "no"), 9, &arena, &out).rule, "file.missing");
    assert_string_equal(files_read(in_dir(&arena, "fifo/x"), 9, &arena, &out).rule,
                        "file.not-directory");
}

static void directories_are_made_with_their_parents(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *deep = in_dir(&arena, "x/y/z");
    assert_false(failed(files_make_dir(deep, 0700)));
    assert_false(failed(files_make_dir(deep, 0700)));
    assert_false(failed(files_write(in_dir(&arena, "x/y/z/f"), text_bytes(TEXT("")), 0600)));
    assert_string_equal(files_make_dir(in_dir(&arena, "x/y/z/f"), 0700).rule, "file.not-directory");
}

static void a_full_disk_leaves_the_old_bytes(void **state)
{
    (void)state;
    assert_string_equal(files_write("/dev/full/x", text_bytes(TEXT("x")), 0600).rule,
                        "file.not-directory");
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *path = in_dir(&arena, "kept");
    assert_false(failed(files_write(path, text_bytes(TEXT("old")), 0600)));
    /* the temporary's place is taken by something that cannot be replaced */
    assert_false(failed(files_make_dir(in_dir(&arena, "kept.tmp"), 0700)));
    assert_true(failed(files_write(path, text_bytes(TEXT("new")), 0600)));
    struct bytes out = { NULL, 0 };
    assert_false(failed(files_read(path, 9, &arena, &out)));
    assert_true(bytes_equal(out, text_bytes(TEXT("old"))));
}

static void a_private_file_is_private(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *path = in_dir(&arena, "key");
    assert_false(failed(files_write(path, text_bytes(TEXT("k")), 0640)));
    assert_string_equal(files_check_private(path).rule, "file.too-open");
    assert_int_equal(chmod(path, 0600), 0);
    assert_false(failed(files_check_private(path)));
}

static void a_lock_is_held_once(void **state)
{
    (void)state;
    struct arena arena = arena_over(memory, sizeof(memory));
    const char *path = in_dir(&arena, "lock");
    int first = -1;
    int second = -1;
    assert_false(failed(files_lock(path, &first)));
    assert_string_equal(files_lock(path, &second).rule, "file.locked");
    assert_int_equal(second, -1);
    files_unlock(first);
    assert_false(failed(files_lock(path, &second)));
    files_unlock(second);
}

static void a_disk_has_space(void **state)
{
    (void)state;
    struct files_space space;
    assert_false(failed(files_space("/tmp", &space)));
    assert_in_range(space.free_permille, 0, 1000);
    assert_true(failed(files_space("/no/such/place", &space)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_and_nothing_lies_beside_it),
        cmocka_unit_test(a_limit_is_a_limit),
        cmocka_unit_test(what_is_no_file_is_refused_without_waiting),
        cmocka_unit_test(directories_are_made_with_their_parents),
        cmocka_unit_test(a_full_disk_leaves_the_old_bytes),
        cmocka_unit_test(a_private_file_is_private),
        cmocka_unit_test(a_lock_is_held_once),
        cmocka_unit_test(a_disk_has_space),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
