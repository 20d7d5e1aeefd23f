#include "test_files.h"

#include "import/test_sink.h"

static uint8_t memory[IMPORT_ARENA_SIZE];
static struct sink sink;

static struct err load(struct bytes in, struct import_account *account)
{
    struct arena arena = arena_over(memory, sizeof(memory));
    struct import_host host = sink_host(&sink, "x-eu", "brussels");
    struct err e = import_eu(in, &host, &arena, account);
    assert_int_equal(arena.used, 0);
    assert_int_equal(account->read,
                     account->accepted + account->changed + account->unchanged + account->refused);
    sink_sweep(&sink);
    return e;
}

int main(void)
{
    struct test_file f={0}; struct import_account a;
    assert_true(test_file_read("/tmp/eu.jsonl",&f));
    for(int k=0;k<2;k++){
    struct err e=load(test_file_bytes(&f),&a);
    printf("%s read %u acc %u ch %u un %u ref %u nu %u last %u %s %s\n",e.rule,a.read,a.accepted,a.changed,a.unchanged,a.refused,a.not_understood,sink.refusal.line,sink.field,sink.refusal.rule?sink.refusal.rule:"");
    for(size_t i=0;i<a.unknown_count;i++) printf("%s %u\n",a.unknown[i].name,a.unknown[i].count);}
    puts(sink.first);
}
