// Modules, functions and launches.
#include "driver.h"

#include <cstring>

namespace emulator
{

bool known_function(const Function* function)
{
    Context* context;
    return is_function(function) && enter(context) == SUCCESS && function->module->context == context;
}

} // namespace emulator

using namespace emulator;

EXPORT int cuModuleLoadData(Module** module, const void* image)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!module || !image)
        return INVALID_VALUE;
    int error = 0;
    Module* loaded = load_module(image, error);
    if (!loaded)
        return error;
    loaded->context = context;
    context->modules.insert(loaded);
    *module = loaded;
    return SUCCESS;
}

EXPORT int cuModuleLoadDataEx(Module** module, const void* image, unsigned, int*, void**)
{
    return cuModuleLoadData(module, image);
}

EXPORT int cuModuleUnload(Module* module)
{
    Lock lock(driver_lock);
    Context* context;
    int sticky = enter(context);
    if (sticky == NOT_INITIALIZED || sticky == INVALID_CONTEXT)
        return sticky;
    if (!context->modules.count(module))
        return INVALID_HANDLE;
    finish_context(context);
    context->modules.erase(module);
    delete module;
    return context->sticky;
}

EXPORT int cuModuleGetFunction(Function** function, Module* module, const char* name)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!function || !name)
        return INVALID_VALUE;
    if (!context->modules.count(module))
        return INVALID_HANDLE;
    auto found = module->functions.find(name);
    if (found == module->functions.end())
        return NOT_FOUND;
    *function = &found->second;
    return SUCCESS;
}

EXPORT int cuModuleGetGlobal_v2(unsigned long long* address, size_t* bytes, Module* module, const char* name)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!name)
        return INVALID_VALUE;
    if (!context->modules.count(module))
        return INVALID_HANDLE;
    auto found = module->globals.find(name);
    if (found == module->globals.end())
        return NOT_FOUND;
    if (address)
        *address = (unsigned long long)found->second.address;
    if (bytes)
        *bytes = found->second.size;
    return SUCCESS;
}

static int largest_block(const Function& function)
{
    return function.kernel->max_threads > 0 && function.kernel->max_threads < 1024 ? function.kernel->max_threads : 1024;
}

EXPORT int cuFuncGetAttribute(int* value, int attribute, Function* function)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!value || attribute < 0 || attribute > 15)
        return INVALID_VALUE;
    if (!known_function(function))
        return INVALID_HANDLE;
    switch (attribute)
    {
    case 0: *value = largest_block(*function); break;
    case 1: *value = (int)function->module->shared_bytes; break; // of the whole module
    case 4: *value = 32; break; // registers
    case 5: case 6: *value = 90; break;
    case 8: *value = function->max_dynamic_bytes; break;
    case 9: *value = -1; break; // preferred carve-out
    default: *value = 0; break;
    }
    return SUCCESS;
}

EXPORT int cuFuncSetAttribute(Function* function, int attribute, int value)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!known_function(function))
        return INVALID_HANDLE;
    if (attribute == 9)
        return value >= -1 && value <= 100 ? SUCCESS : INVALID_VALUE;
    if (attribute != 8 || value < 0 || (size_t)value + function->module->shared_bytes > (227u << 10))
        return INVALID_VALUE;
    function->max_dynamic_bytes = value > 48 << 10 ? value : 48 << 10;
    return SUCCESS;
}

EXPORT int cuFuncGetParamInfo(Function* function, size_t index, size_t* offset, size_t* size)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!known_function(function))
        return INVALID_HANDLE;
    if (index >= (size_t)function->kernel->count || !offset)
        return INVALID_VALUE;
    *offset = function->kernel->offsets[index];
    if (size)
        *size = function->kernel->sizes[index];
    return SUCCESS;
}

static int blocks_per_multiprocessor(const Function& function, int threads, size_t dynamic)
{
    size_t shared = function.module->shared_bytes + dynamic + 1024;
    int blocks = 1024 / ((threads + 31) / 32 * 32);
    if (blocks > 16)
        blocks = 16;
    if ((size_t)blocks > (228u << 10) / shared)
        blocks = (int)((228u << 10) / shared);
    return threads > largest_block(function) ? 0 : blocks;
}

EXPORT int cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, Function* function, int threads, size_t dynamic)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!blocks || threads <= 0 || threads > 1024)
        return INVALID_VALUE;
    if (!known_function(function))
        return INVALID_HANDLE;
    *blocks = blocks_per_multiprocessor(*function, threads, dynamic);
    return SUCCESS;
}

static int check_shape(const Function& function, const GridLaunch& launch)
{
    const EmuIndex &grid = launch.grid, &block = launch.block;
    auto product = [](const EmuIndex& i) { return (unsigned long long)i.x * i.y * i.z; };
    if (product(grid) == 0 || product(block) == 0 || block.x > 1024 || block.y > 1024 || block.z > 64 || product(block) > 1024)
        return INVALID_VALUE;
    if (grid.x > 0x7fffffff || grid.y > 65535 || grid.z > 65535 || product(grid) > 0xffffffffull)
        return INVALID_VALUE;
    if (launch.dynamic_bytes > (unsigned)function.max_dynamic_bytes)
        return INVALID_VALUE;
    if (product(block) > (unsigned)largest_block(function))
        return LAUNCH_OUT_OF_RESOURCES;
    if (launch.cooperative && product(grid) > 4ull * (unsigned)blocks_per_multiprocessor(function, (int)product(block), launch.dynamic_bytes))
        return COOPERATIVE_TOO_LARGE;
    return SUCCESS;
}

// The launch as data, for later: arguments are copied at the call, as the driver does.
struct StoredLaunch
{
    GridLaunch launch;
    std::vector<std::vector<char>> values;
    std::vector<void*> pointers;
};

// Arguments given as one buffer instead of one by one.
static int unpack_extra(const EmuKernel& kernel, void** extra, std::vector<void*>& pointers)
{
    char* buffer = nullptr;
    size_t bytes = 0;
    for (; *extra; extra += 2)
    {
        if (*extra == (void*)1)
            buffer = (char*)extra[1];
        else if (*extra == (void*)2)
            bytes = *(size_t*)extra[1];
        else
            return INVALID_VALUE;
    }
    if (!buffer)
        return INVALID_VALUE;
    for (int i = 0; i < kernel.count; i++)
    {
        if (kernel.offsets[i] + kernel.sizes[i] > bytes)
            return INVALID_VALUE;
        pointers.push_back(buffer + kernel.offsets[i]);
    }
    return SUCCESS;
}

static int launch_kernel(Function* function, GridLaunch launch, void* handle, void** arguments, void** extra)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (!known_function(function))
        return INVALID_HANDLE;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (int error = check_shape(*function, launch))
        return error;
    const EmuKernel& kernel = *function->kernel;
    std::vector<void*> pointers;
    if (extra && !arguments)
    {
        if (int error = unpack_extra(kernel, extra, pointers))
            return error;
        arguments = pointers.data();
    }
    if (kernel.count > 0 && !arguments)
        return INVALID_VALUE;
    launch.module = function->module;
    launch.kernel = &kernel;
    if (runs_at_once(stream))
    {
        launch.arguments = arguments;
        if (settings.seed)
            launch.seed = hash_bytes(&++function->launches, sizeof function->launches, settings.seed);
        counters.launches++;
        fail_with(context, run_grid(launch));
        return SUCCESS;
    }
    auto stored = std::make_shared<StoredLaunch>();
    stored->launch = launch;
    for (int i = 0; i < kernel.count; i++)
        stored->values.emplace_back((char*)arguments[i], (char*)arguments[i] + kernel.sizes[i]);
    for (auto& value : stored->values)
        stored->pointers.push_back(value.data());
    return submit(stream, KERNEL_NODE, [stored, function] {
        GridLaunch again = stored->launch;
        again.arguments = stored->pointers.data();
        if (settings.seed)
            again.seed = hash_bytes(&++function->launches, sizeof function->launches, settings.seed);
        counters.launches++;
        return run_grid(again);
    });
}

EXPORT int cuLaunchKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* stream, void** arguments, void** extra)
{
    GridLaunch launch;
    launch.grid = {gx, gy, gz};
    launch.block = {bx, by, bz};
    launch.dynamic_bytes = shared;
    return launch_kernel(function, launch, stream, arguments, extra);
}

EXPORT int cuLaunchCooperativeKernel(Function* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, void* stream, void** arguments)
{
    GridLaunch launch;
    launch.grid = {gx, gy, gz};
    launch.block = {bx, by, bz};
    launch.dynamic_bytes = shared;
    launch.cooperative = true;
    return launch_kernel(function, launch, stream, arguments, nullptr);
}
