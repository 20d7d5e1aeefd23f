#include "shell/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int compare_ints(const void *a, const void *b)
{
    int left = *(const int *)a;
    int right = *(const int *)b;
    return (left > right) - (left < right);
}

void sandbox_close_others(const int *keep, size_t count)
{
    int sorted[8] = { STDERR_FILENO };
    size_t n = 1;
    for (size_t i = 0; i < count && n < sizeof(sorted) / sizeof(sorted[0]); i++)
        sorted[n++] = keep[i];
    qsort(sorted, n, sizeof(sorted[0]), compare_ints);
    unsigned next = 0;
    for (size_t i = 0; i < n; i++) {
        if ((unsigned)sorted[i] > next)
            syscall(SYS_close_range, next, (unsigned)sorted[i] - 1, 0);
        next = (unsigned)sorted[i] + 1;
    }
    syscall(SYS_close_range, next, ~0U, 0);
}

/* Files: only below `dir`, only what replacing one takes. */
static int confine_files(const char *dir)
{
    const struct landlock_ruleset_attr all = { .handled_access_fs = (1ULL << 13) - 1 };
    long rules = syscall(SYS_landlock_create_ruleset, &all, sizeof(all), 0);
    int fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    const struct landlock_path_beneath_attr here = {
        .allowed_access = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
                          LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                          LANDLOCK_ACCESS_FS_MAKE_REG,
        .parent_fd = fd,
    };
    int bad = rules < 0 || fd < 0 ||
              syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &here, 0) != 0 ||
              syscall(SYS_landlock_restrict_self, rules, 0) != 0;
    if (rules >= 0)
        close((int)rules);
    if (fd >= 0)
        close(fd);
    return bad;
}

static const unsigned short allowed_calls[] = {
    SYS_read,         SYS_write,          SYS_readv,           SYS_writev,
    SYS_pread64,      SYS_pwrite64,       SYS_recvfrom,        SYS_recvmsg,
    SYS_sendto,       SYS_sendmsg,        SYS_ppoll,           SYS_close,
    SYS_fsync,        SYS_fdatasync,      SYS_fstat,           SYS_newfstatat,
    SYS_statx,        SYS_fchmod,         SYS_openat,          SYS_unlinkat,
    SYS_renameat,     SYS_renameat2,      SYS_lseek,           SYS_mmap,
    SYS_munmap,       SYS_mremap,         SYS_madvise,         SYS_brk,
    SYS_futex,        SYS_getrandom,      SYS_clock_gettime,   SYS_gettimeofday,
    SYS_getpid,       SYS_gettid,         SYS_tgkill,          SYS_rt_sigreturn,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_restart_syscall, SYS_sched_yield,
    SYS_exit,         SYS_exit_group,     SYS_sigaltstack,
#ifdef SYS_poll
    SYS_poll,
#endif
#ifdef SYS_open
    SYS_open,
#endif
#ifdef SYS_unlink
    SYS_unlink,
#endif
#ifdef SYS_rename
    SYS_rename,
#endif
};

#if defined(__x86_64__)
#define SANDBOX_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define SANDBOX_ARCH AUDIT_ARCH_AARCH64
#endif

/* What is not listed fails with EPERM: a bug in us then ends in an error and not in silence. */
static int confine_calls(void)
{
#ifdef SANDBOX_ARCH
    enum { CALLS = sizeof(allowed_calls) / sizeof(allowed_calls[0]), HEAD = 4 };
    struct sock_filter code[HEAD + CALLS + 2] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SANDBOX_ARCH, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
    };
    for (unsigned i = 0; i < CALLS; i++) {
        const struct sock_filter jump =
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, allowed_calls[i], (unsigned char)(CALLS - i), 0);
        code[HEAD + i] = jump;
    }
    const struct sock_filter refuse =
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA));
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    code[HEAD + CALLS] = refuse;
    code[HEAD + CALLS + 1] = allow;
    const struct sock_fprog program = { sizeof(code) / sizeof(code[0]), code };
    return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) != 0;
#else
    return 1;
#endif
}

int sandbox_enter(const char *dir)
{
    const struct rlimit none = { 0, 0 };
    int missing = 0;
    missing += prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0;
    missing += prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0;
    missing += setrlimit(RLIMIT_CORE, &none) != 0;
    missing += confine_files(dir) != 0;
    missing += confine_calls() != 0;
    return missing;
}
