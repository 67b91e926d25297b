// Primary contexts and the current one of each thread.
#include "driver.h"

#include <algorithm>

namespace emulator
{

static std::vector<std::unique_ptr<Context>> contexts; // one per device, for good
static thread_local std::vector<Context*> current;

Context* context_of_device(int device)
{
    while ((int)contexts.size() <= device)
    {
        contexts.push_back(std::make_unique<Context>());
        contexts.back()->device = (int)contexts.size() - 1;
    }
    return contexts[(size_t)device].get();
}

static bool known_context(const Context* context)
{
    return std::any_of(contexts.begin(), contexts.end(), [=](const auto& own) { return own.get() == context; });
}

int enter(Context*& context)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (current.empty() || !current.back() || !current.back()->retained)
        return INVALID_CONTEXT;
    context = current.back();
    return context->sticky;
}

void destroy_contents(Context* context)
{
    drop_streams(context);
    for (Event* event : context->events)
        delete event;
    context->events.clear();
    for (Module* module : context->modules)
        delete module;
    context->modules.clear();
    release_all(context);
    context->null_stream.reset();
    context->sticky = 0;
}

void clear_sticky()
{
    for (const auto& context : contexts)
        context->sticky = 0;
}

} // namespace emulator

using namespace emulator;

static int check_device(int device)
{
    return !initialized ? NOT_INITIALIZED : device < 0 || device >= settings.devices ? INVALID_DEVICE : SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRetain(Context** context, int device)
{
    Lock lock(driver_lock);
    if (int error = check_device(device))
        return error;
    if (!context)
        return INVALID_VALUE;
    Context* own = context_of_device(device);
    if (own->retained++ == 0)
        own->null_stream.reset(new Stream(own, true));
    *context = own;
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int device)
{
    Lock lock(driver_lock);
    if (int error = check_device(device))
        return error;
    Context* own = context_of_device(device);
    if (own->retained == 0)
        return INVALID_CONTEXT;
    if (--own->retained == 0)
        destroy_contents(own);
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxReset_v2(int device)
{
    Lock lock(driver_lock);
    if (int error = check_device(device))
        return error;
    Context* own = context_of_device(device);
    destroy_contents(own);
    if (own->retained)
        own->null_stream.reset(new Stream(own, true));
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxGetState(int device, unsigned* flags, int* active)
{
    Lock lock(driver_lock);
    if (int error = check_device(device))
        return error;
    if (!flags || !active)
        return INVALID_VALUE;
    *flags = 0;
    *active = context_of_device(device)->retained > 0;
    return SUCCESS;
}

EXPORT int cuCtxSetCurrent(Context* context)
{
    Lock lock(driver_lock);
    if (!initialized)
        return NOT_INITIALIZED;
    if (context && !known_context(context))
        return INVALID_CONTEXT;
    if (current.empty())
        current.push_back(context);
    else
        current.back() = context;
    return SUCCESS;
}

EXPORT int cuCtxGetCurrent(Context** context)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (!context)
        return INVALID_VALUE;
    *context = current.empty() ? nullptr : current.back();
    return SUCCESS;
}

EXPORT int cuCtxGetDevice(int* device)
{
    if (!initialized)
        return NOT_INITIALIZED;
    if (current.empty() || !current.back())
        return INVALID_CONTEXT;
    if (!device)
        return INVALID_VALUE;
    *device = current.back()->device;
    return SUCCESS;
}

EXPORT int cuCtxPushCurrent_v2(Context* context)
{
    Lock lock(driver_lock);
    if (!initialized)
        return NOT_INITIALIZED;
    if (!context || !known_context(context))
        return INVALID_CONTEXT;
    current.push_back(context);
    return SUCCESS;
}

EXPORT int cuCtxPopCurrent_v2(Context** context)
{
    Lock lock(driver_lock);
    if (!initialized)
        return NOT_INITIALIZED;
    if (current.empty() || !current.back())
        return INVALID_CONTEXT;
    if (context)
        *context = current.back();
    current.pop_back();
    return SUCCESS;
}

EXPORT int cuCtxSynchronize()
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (int error = forbid_while_capturing())
        return error;
    return finish_context(context);
}
