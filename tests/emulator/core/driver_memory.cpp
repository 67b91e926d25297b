// Allocation, copies and fills.
#include "driver.h"

#include <cstring>

using namespace emulator;

typedef unsigned long long Address;

static bool device_range(Address address, size_t bytes)
{
    auto at = (char*)address;
    if (inside_allocation(at, bytes))
        return true;
    // Globals of modules are device memory too.
    Context* context;
    if (enter(context) != SUCCESS)
        return false;
    for (Module* module : context->modules)
        if (at >= module->writable.address && at + bytes <= module->writable.address + module->writable.size)
            return true;
    return false;
}

static bool page_locked(const void* address)
{
    Allocation* allocation = find_allocation(address);
    return allocation && allocation->host;
}

EXPORT int cuMemAlloc_v2(Address* address, size_t bytes)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!address || bytes == 0)
        return INVALID_VALUE;
    if (int error = forbid_while_capturing())
        return error;
    Allocation* allocation = allocate(context, bytes, false);
    if (!allocation)
        return OUT_OF_MEMORY;
    *address = (Address)allocation->address;
    return SUCCESS;
}

static int free_memory(void* address, bool host)
{
    Lock lock(driver_lock);
    Context* context;
    int sticky = enter(context);
    if (sticky == NOT_INITIALIZED || sticky == INVALID_CONTEXT)
        return sticky;
    if (!address)
        return host ? INVALID_VALUE : sticky;
    if (int error = forbid_while_capturing())
        return error;
    Allocation* allocation = find_allocation(address);
    if (!allocation || allocation->address != address || allocation->host != host)
        return INVALID_VALUE;
    finish_context(allocation->context);
    release(allocation);
    return context->sticky;
}

EXPORT int cuMemFree_v2(Address address)
{
    return free_memory((void*)address, false);
}

EXPORT int cuMemGetInfo_v2(size_t* free, size_t* total)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!free || !total)
        return INVALID_VALUE;
    size_t used = allocated_bytes(context);
    *total = settings.memory;
    *free = used < *total ? *total - used : 0;
    return SUCCESS;
}

EXPORT int cuMemHostAlloc(void** address, size_t bytes, unsigned flags)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!address || bytes == 0 || flags > 7)
        return INVALID_VALUE;
    if (int error = forbid_while_capturing())
        return error;
    Allocation* allocation = allocate(context, bytes, true);
    if (!allocation)
        return OUT_OF_MEMORY;
    *address = allocation->address;
    return SUCCESS;
}

EXPORT int cuMemFreeHost(void* address)
{
    return free_memory(address, true);
}

EXPORT int cuMemHostGetDevicePointer_v2(Address* address, void* host, unsigned flags)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!address || flags != 0 || !page_locked(host))
        return INVALID_VALUE;
    *address = (Address)host;
    return SUCCESS;
}

namespace
{

enum class Direction
{
    to_device,
    to_host,
    within
};

struct Copy
{
    void* to;
    const void* from;
    size_t bytes;
    Direction direction;
};

int run_copy(const Copy& copy)
{
    // Checked when it runs: in between the memory may have been freed.
    bool good = (copy.direction == Direction::to_host || device_range((Address)copy.to, copy.bytes))
        && (copy.direction == Direction::to_device || device_range((Address)copy.from, copy.bytes));
    if (!good)
        return 700;
    memmove(copy.to, copy.from, copy.bytes);
    return SUCCESS;
}

int copy(const Copy& copy, void* handle, bool wait)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (copy.bytes == 0)
        return SUCCESS;
    if (!copy.to || !copy.from)
        return INVALID_VALUE;
    if ((copy.direction != Direction::to_host && !device_range((Address)copy.to, copy.bytes))
        || (copy.direction != Direction::to_device && !device_range((Address)copy.from, copy.bytes)))
        return INVALID_VALUE;
    if (wait && copy.direction != Direction::within)
        if (int error = forbid_while_capturing())
            return error;
    if (runs_at_once(stream))
        return fail_with(context, run_copy(copy));
    int error;
    if (copy.direction == Direction::to_device && !stream->capture && !wait && !page_locked(copy.from))
    {
        // Pageable memory is read at the call; page-locked memory when the copy runs.
        auto staged = std::make_shared<std::vector<char>>((const char*)copy.from, (const char*)copy.from + copy.bytes);
        error = submit(stream, COPY_NODE, [copy, staged] { return run_copy({copy.to, staged->data(), copy.bytes, copy.direction}); });
    }
    else
        error = submit(stream, COPY_NODE, [copy] { return run_copy(copy); });
    if (error || stream->capture)
        return error;
    bool to_pageable = copy.direction == Direction::to_host && !page_locked(copy.to);
    return (wait && copy.direction != Direction::within) || to_pageable ? finish_stream(stream) : SUCCESS;
}

template <class T> int fill(Address address, T value, size_t count, void* handle)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (count == 0)
        return SUCCESS;
    if (address % sizeof(T) != 0 || count > ~(size_t)0 / sizeof(T) || !device_range(address, count * sizeof(T)))
        return INVALID_VALUE;
    return submit(stream, SET_NODE, [=] {
        if (!device_range(address, count * sizeof(T)))
            return 700;
        auto to = (T*)address;
        for (size_t i = 0; i < count; i++)
            to[i] = value;
        return 0;
    });
}

} // namespace

EXPORT int cuMemcpyHtoD_v2(Address to, const void* from, size_t bytes)
{
    return copy({(void*)to, from, bytes, Direction::to_device}, nullptr, true);
}

EXPORT int cuMemcpyDtoH_v2(void* to, Address from, size_t bytes)
{
    return copy({to, (void*)from, bytes, Direction::to_host}, nullptr, true);
}

EXPORT int cuMemcpyDtoD_v2(Address to, Address from, size_t bytes)
{
    return copy({(void*)to, (void*)from, bytes, Direction::within}, nullptr, true);
}

EXPORT int cuMemcpyHtoDAsync_v2(Address to, const void* from, size_t bytes, void* stream)
{
    return copy({(void*)to, from, bytes, Direction::to_device}, stream, false);
}

EXPORT int cuMemcpyDtoHAsync_v2(void* to, Address from, size_t bytes, void* stream)
{
    return copy({to, (void*)from, bytes, Direction::to_host}, stream, false);
}

EXPORT int cuMemcpyDtoDAsync_v2(Address to, Address from, size_t bytes, void* stream)
{
    return copy({(void*)to, (void*)from, bytes, Direction::within}, stream, false);
}

EXPORT int cuMemsetD8_v2(Address to, unsigned char value, size_t count)
{
    return fill<unsigned char>(to, value, count, nullptr);
}

EXPORT int cuMemsetD8Async(Address to, unsigned char value, size_t count, void* stream)
{
    return fill<unsigned char>(to, value, count, stream);
}

EXPORT int cuMemsetD32_v2(Address to, unsigned value, size_t count)
{
    return fill<unsigned>(to, value, count, nullptr);
}

EXPORT int cuMemsetD32Async(Address to, unsigned value, size_t count, void* stream)
{
    return fill<unsigned>(to, value, count, stream);
}
