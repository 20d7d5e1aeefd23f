/* Runs a fuzz target over every file of a folder: each whole, and each of its prefixes. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_MAX_LEN = 1024, INPUT_MAX = 1 << 20, PREFIXES_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* From exactly sized memory, so that a sanitizer sees a read past the end. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size + (size == 0));
    if (exact == NULL)
        abort();
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_file(const char *path)
{
    static uint8_t input[INPUT_MAX];
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return;
    size_t size = fread(input, 1, sizeof(input), f);
    fclose(f);
    run(input, size);
    for (size_t len = 0; len < size && len < PREFIXES_MAX; len++)
        run(input, len);
}

int main(int count, char **arguments)
{
    int files = 0;
    DIR *folder = count == 2 ? opendir(arguments[1]) : NULL;
    if (folder == NULL) {
        fprintf(stderr, "usage: %s FOLDER\n", arguments[0]);
        return 2;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[PATH_MAX_LEN];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "%s/%s", arguments[1], entry->d_name);
        run_file(path);
        files++;
    }
    closedir(folder);
    printf("%d files\n", files);
    return files == 0;
}
