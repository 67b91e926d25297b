// What kernel libraries call.
#include "grid.h"
#include "shadow.h"

#include <cstdio>

namespace emulator
{

static void preemption_point()
{
    if (grid.rng.below(16) == 0)
        yield_here();
}

static void fail(int what, const char* text, const char* file, int line)
{
    std::string place = std::string(file) + ":" + std::to_string(line);
    if (what == EMU_ASSERT)
    {
        const EmuThread& view = grid.current->view;
        printf("%s: block: [%u,%u,%u], thread: [%u,%u,%u] Assertion `%s` failed.\n", place.c_str(), view.block.x, view.block.y, view.block.z, view.thread.x,
            view.thread.y, view.thread.z, text);
        fflush(stdout);
    }
    abort_launch(what == EMU_ASSERT ? 710 : 719, what == EMU_ASSERT ? "assertion" : "trap", place + ": " + text, text + (" " + place));
}

const EmuApi kernel_api = {block_barrier, warp_primitive, grid_barrier, sleep_here, preemption_point, new_epoch, check_access, fail};

} // namespace emulator
