// Which mode finds which mistake. The emulator is worth having only as long as this table holds.
#include "check.h"
#include "planted_kernels.h"

namespace
{

enum Outcome
{
    reported,   // the launch fails and the report says why
    differs,    // wrong results, at least with one of the seeds
    noticed,    // with at least one of the seeds either of the two
    silent,     // right results in spite of the mistake
    open        // depends on details that nobody promised
};

struct Bug
{
    const char* kernel;
    unsigned blocks, threads, dynamic_bytes;
    bool cooperative;
    std::function<unsigned(unsigned)> expected;
    Outcome fifo, random, checked;
    const char* words; // in the report
};

struct Observed
{
    int error;
    bool right;
    std::string report;
};

struct Args
{
    Address out, scratch;
    int n;
};

Observed observe(const Bug& bug, unsigned long long seed, bool checked)
{
    cuda.tbnemu_set_seed(seed);
    cuda.tbnemu_set_check(checked);
    cuda.tbnemu_clear_report();
    Loaded loaded(planted_source);
    // 100 elements are 400 bytes: 112 short of the granule that the allocation gets.
    size_t count = std::max(100u, bug.blocks * bug.threads);
    Buffer<unsigned> out(count, 0u), scratch((size_t)1024, 0u);
    Launch how{bug.blocks, bug.threads, bug.dynamic_bytes, nullptr, bug.cooperative};
    CALL(cuMemsetD32_v2(scratch.address, 0, 1024));
    int error = launch(loaded.function(bug.kernel), how, Args{out.address, scratch.address, 100});
    if (error == 0)
        error = cuda.cuCtxSynchronize();
    Observed seen{error, true, findings()};
    cuda.tbnemu_reset();
    std::vector<unsigned> values = out.read();
    for (unsigned i = 0; i < bug.blocks * bug.threads && bug.expected; i++)
        seen.right &= values[i] == bug.expected(i);
    CALL(cuModuleUnload(loaded.module));
    return seen;
}

std::string describe(const Observed& seen)
{
    return "error " + std::to_string(seen.error) + (seen.right ? ", right results, " : ", wrong results, ") + (seen.report.empty() ? "no finding" : seen.report);
}

void expect_outcome(const Bug& bug, Outcome expected, const std::vector<Observed>& all)
{
    bool any_differs = false, any_noticed = false;
    for (const Observed& seen : all)
    {
        any_differs |= !seen.right && seen.error == 0;
        any_noticed |= !seen.right || seen.error != 0;
        if (expected == reported)
        {
            expect(seen.error >= 700 && seen.error < 720, "not reported: " + describe(seen));
            expect_contains(seen.report, bug.words);
            expect_contains(seen.report, bug.kernel);
        }
        else if (expected == differs || expected == silent)
            expect(seen.error == 0 && seen.report.empty(), "unexpected: " + describe(seen));
        if (expected == silent)
            expect(seen.right, "wrong results");
    }
    if (expected == differs)
        expect(any_differs, "right results with every seed");
    if (expected == noticed)
        expect(any_noticed, "right results with every seed");
}

void check_bug(const Bug& bug)
{
    std::string name = std::string("planted ") + bug.kernel;
    check_emulated((name + " fifo").c_str(), [&] { expect_outcome(bug, bug.fifo, {observe(bug, 0, false)}); });
    check_emulated((name + " random").c_str(), [&] {
        std::vector<Observed> all;
        for (unsigned long long seed = 1; seed <= 8; seed++)
            all.push_back(observe(bug, seed, false));
        expect_outcome(bug, bug.random, all);
    });
    check_emulated((name + " checked").c_str(), [&] {
        std::vector<Observed> all;
        for (unsigned long long seed = bug.checked == noticed ? 1 : 0; seed <= 4; seed++)
            all.push_back(observe(bug, seed, true));
        expect_outcome(bug, bug.checked, all);
    });
}

unsigned identity(unsigned i)
{
    return i;
}

unsigned one(unsigned)
{
    return 1;
}

unsigned previous(unsigned i)
{
    return i ? i : 1;
}

// v += partner's v, four times, between i and 63 - i: both hold the same sum from the first step on.
unsigned reduced(unsigned)
{
    return 63 * 8;
}

unsigned exchanged(unsigned i)
{
    unsigned v[32];
    for (unsigned lane = 0; lane < 32; lane++)
        v[lane] = lane + 1;
    for (int step = 0; step < 3; step++)
        for (unsigned lane = 0; lane < 32; lane += 2)
            v[lane] = v[lane + 1] = v[lane] + v[lane + 1];
    return i < 16 ? v[i] + v[i ^ 2] : v[i];
}

unsigned simulated(unsigned i)
{
    const unsigned n = 64;
    unsigned state[2][n] = {};
    for (int step = 0; step < 6; step++)
        for (unsigned k = 0; k < n; k++)
            state[~step & 1][k] = state[step & 1][k] + state[step & 1][(k + n / 2) % n] + k + 1;
    return state[0][i];
}

} // namespace

void planted_checks()
{
    const std::function<unsigned(unsigned)> nothing;
    const Bug bugs[] = {
        {"out_of_bounds_far", 1, 32, 0, false, nothing, reported, reported, reported, "out of bounds"},
        {"null_pointer", 1, 32, 0, false, nothing, reported, reported, reported, "null pointer"},
        {"grid_barrier_without_residency", 2, 32, 0, false, nothing, reported, reported, reported, "live-lock"},
        {"bad_shuffle_source", 1, 32, 0, false, nothing, reported, reported, reported, "bad shuffle"},
        {"primitive_in_divergent_code", 1, 32, 0, false, nothing, reported, reported, reported, "dead-lock"},
        {"two_different_barriers", 1, 64, 0, false, nothing, reported, reported, reported, "divergent barrier"},
        {"return_before_barrier", 1, 64, 0, false, nothing, reported, reported, reported, "divergent barrier"},
        {"missing_barrier_before_read", 1, 64, 0, false, previous, silent, differs, reported, "race"},
        {"missing_barrier_before_write", 1, 64, 0, false, reduced, open, differs, reported, "race"},
        {"missing_syncwarp", 1, 32, 0, false, previous, silent, differs, noticed, ""},
        {"accumulation_without_atomics", 4, 32, 0, false, [](unsigned i) { return i ? 0u : 512u; }, silent, silent, reported, "race"},
        {"atomic_and_plain_read", 1, 32, 0, false, one, silent, silent, reported, "race"},
        {"hand_over_between_blocks", 2, 32, 0, false, [](unsigned i) { return i < 32; }, silent, silent, reported, "race"},
        {"uninitialised_shared", 1, 64, 0, false, one, differs, differs, reported, "uninitialised shared read"},
        {"dynamic_shared_overflow", 1, 32, 124, false, identity, silent, silent, reported, "dynamic shared memory"},
        {"out_of_bounds_slack", 1, 32, 0, false, identity, silent, silent, reported, "at its byte 400"},
        {"simulation_without_grid_barrier", 2, 32, 0, true, simulated, differs, differs, reported, "race"},
        {"correct_simulation", 2, 32, 0, true, simulated, silent, silent, silent, ""},
        {"correct_reduction", 1, 64, 0, false, reduced, silent, silent, silent, ""},
        {"correct_warp_exchange", 1, 32, 0, false, exchanged, silent, silent, silent, ""},
        {"correct_dynamic_shared", 1, 32, 160, false, [](unsigned i) { return 2 * (31 - i); }, silent, silent, silent, ""},
    };
    for (const Bug& bug : bugs)
        check_bug(bug);
    check_emulated("planted findings name their line", [] {
        const Bug bug{"missing_barrier_before_read", 1, 64, 0, false, nullptr, open, open, open, ""};
        Observed seen = observe(bug, 0, true);
        int line = 1;
        std::string text(planted_source);
        size_t at = text.find("args.out[threadIdx.x] = s[threadIdx.x ? threadIdx.x - 1 : 0];");
        for (size_t i = 0; i < at; i++)
            line += text[i] == '\n';
        expect_contains(seen.report, "test.cu:" + std::to_string(line));
    });
    check_emulated("findings need not be fatal", [] {
        cuda.tbnemu_set_fatal(0);
        const Bug bug{"missing_barrier_before_read", 1, 64, 0, false, nullptr, open, open, open, ""};
        Observed seen = observe(bug, 0, true);
        expect_equal(seen.error, 0, "error");
        expect_contains(seen.report, "race");
    });
}
