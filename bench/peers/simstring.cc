/* SimString (Debian's simstring-dev) on the files of bench-population_files.
 *     simstring FOLDER build
 *     simstring FOLDER QUESTIONS THRESHOLD SECONDS   e.g. misspelt.tsv 0.3 40
 * Prints: asked found p50 p99 results wall_p50 wall_p99 (microseconds, the first two of this thread's
 * processor time), of letter trigrams and their cosine. A question counts
 * as found when the name of the person looked for is among the results, however many there are. */
#include <simstring/simstring.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

using seconds = std::chrono::duration<double>;

struct line {
    unsigned long number;
    std::string name;
};

static std::vector<line> lines_of(const std::string &path)
{
    std::ifstream in(path);
    std::vector<line> out;
    for (std::string row; std::getline(in, row);) {
        size_t tab = row.find('\t');
        size_t end = row.find('\t', tab + 1);
        out.push_back({ std::strtoul(row.c_str(), nullptr, 10), row.substr(tab + 1, end - tab - 1) });
    }
    return out;
}

static double cpu_us()
{
    timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void build(const std::string &folder, const std::vector<line> &persons)
{
    simstring::ngram_generator grams(3, true);
    simstring::writer_base<std::string> db(grams, folder + "/simstring.db");
    std::set<std::string> once;
    for (const line &one : persons) {
        if (once.insert(one.name).second)
            db.insert(one.name);
    }
    db.close();
}

static void ask(const std::string &folder, const std::vector<line> &persons,
                const std::vector<line> &questions, double threshold, double limit)
{
    simstring::reader db;
    db.open(folder + "/simstring.db");
    std::vector<double> us, wall;
    size_t found = 0;
    size_t results = 0;
    double spent = 0;
    for (const line &one : questions) {
        if (spent > limit)
            break;
        std::vector<std::string> got;
        auto begin = std::chrono::steady_clock::now();
        double cpu = cpu_us();
        db.retrieve(one.name, simstring::cosine, threshold, std::back_inserter(got));
        us.push_back(cpu_us() - cpu);
        double took = seconds(std::chrono::steady_clock::now() - begin).count();
        spent += took;
        wall.push_back(took * 1e6);
        results += got.size();
        found += one.number > 0 &&
                 std::find(got.begin(), got.end(), persons[one.number - 1].name) != got.end();
    }
    std::sort(us.begin(), us.end());
    std::sort(wall.begin(), wall.end());
    size_t tail = us.size() * 99 / 100;
    std::printf("%zu %zu %.1f %.1f %zu %.1f %.1f\n", us.size(), found, us[us.size() / 2], us[tail],
                results, wall[us.size() / 2], wall[tail]);
}

int main(int argc, char **argv)
{
    std::string folder = argv[1];
    std::vector<line> persons = lines_of(folder + "/persons.tsv");
    if (argc == 3)
        build(folder, persons);
    else
        ask(folder, persons, lines_of(folder + "/" + argv[2]), std::atof(argv[3]),
            std::atof(argv[4]));
    return 0;
}
