// Device memory and page-locked host memory: one reserved stretch of addresses in which every allocation ends at a guard page.
#pragma once

#include <cstddef>

#include "shadow.h"

namespace emulator
{

struct Context;

struct Allocation
{
    Context* context;
    char* address;
    size_t size, rounded, pages; // rounded: to 256 bytes; pages: bytes mapped
    char* base;
    bool host;
    ShadowCell* shadow;
    size_t shadow_bytes;
};

// Null if the limit or the address space is used up.
Allocation* allocate(Context* context, size_t size, bool host);
void release(Allocation* allocation);
void release_all(Context* context);
// The allocation around an address, also for the bytes between its size and the guard page; null elsewhere.
Allocation* find_allocation(const void* address);
bool was_allocated(const void* address);
// Whether `size` bytes from `address` lie inside one allocation.
bool inside_allocation(const void* address, size_t size);
size_t allocated_bytes(Context* context);
size_t allocations_alive();
size_t total_bytes();
ShadowCell* shadow_of(Allocation* allocation);

} // namespace emulator
