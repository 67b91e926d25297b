// Addresses are never used twice, so that a use after free faults; fresh memory is filled with 0xff, which is NaN in floats.
#include "memory.h"
#include "settings.h"

#include <algorithm>
#include <cstring>
#include <sys/mman.h>
#include <unordered_set>
#include <vector>

namespace emulator
{

namespace
{

constexpr size_t page = 4096;
// Larger allocations stay zero: poisoning them would make untouched memory cost real memory.
constexpr size_t largest_poisoned = 64u << 20;

char* arena;
size_t arena_bytes, arena_used;
Allocation** owners; // of every page
std::unordered_set<Allocation*> allocations;

bool reserve_arena()
{
    for (size_t bytes = (size_t)2 << 40; bytes >= (size_t)1 << 32; bytes /= 2)
    {
        void* space = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (space == MAP_FAILED)
            continue;
        void* table = mmap(nullptr, bytes / page * sizeof(Allocation*), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (table == MAP_FAILED)
        {
            munmap(space, bytes);
            continue;
        }
        arena = (char*)space;
        arena_bytes = bytes;
        owners = (Allocation**)table;
        return true;
    }
    return false;
}

} // namespace

Allocation* allocate(Context* context, size_t size, bool host)
{
    if (!arena && !reserve_arena())
        return nullptr;
    if (size > (size_t)1 << 40)
        return nullptr;
    size_t rounded = (size + 255) / 256 * 256, pages = (rounded + page - 1) / page * page;
    if (!host && allocated_bytes(context) + rounded > settings.memory)
        return nullptr;
    if (arena_used + pages + page > arena_bytes)
        return nullptr;
    char* base = arena + arena_used;
    if (mprotect(base, pages, PROT_READ | PROT_WRITE) != 0)
        return nullptr;
    arena_used += pages + page;
    auto allocation = new Allocation{context, base + pages - rounded, size, rounded, pages, base, host, nullptr, 0};
    if (pages <= largest_poisoned)
        memset(base, 0xff, pages);
    std::fill_n(owners + (base - arena) / page, pages / page, allocation);
    allocations.insert(allocation);
    return allocation;
}

void release(Allocation* allocation)
{
    // A new mapping gives the pages back; the addresses stay reserved.
    mmap(allocation->base, allocation->pages, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    std::fill_n(owners + (allocation->base - arena) / page, allocation->pages / page, nullptr);
    if (allocation->shadow)
        munmap(allocation->shadow, allocation->shadow_bytes);
    allocations.erase(allocation);
    delete allocation;
}

void release_all(Context* context)
{
    std::vector<Allocation*> own;
    for (Allocation* allocation : allocations)
        if (allocation->context == context)
            own.push_back(allocation);
    for (Allocation* allocation : own)
        release(allocation);
}

Allocation* find_allocation(const void* address)
{
    auto offset = (size_t)((const char*)address - arena);
    return arena && offset < arena_used ? owners[offset / page] : nullptr;
}

bool was_allocated(const void* address)
{
    return arena && (const char*)address >= arena && (const char*)address < arena + arena_used;
}

bool inside_allocation(const void* address, size_t size)
{
    Allocation* allocation = find_allocation(address);
    auto at = (const char*)address;
    return allocation && at >= allocation->address && size <= allocation->size && at + size <= allocation->address + allocation->size;
}

size_t allocated_bytes(Context* context)
{
    size_t sum = 0;
    for (Allocation* allocation : allocations)
        if (allocation->context == context && !allocation->host)
            sum += allocation->rounded;
    return sum;
}

size_t total_bytes()
{
    size_t sum = 0;
    for (Allocation* allocation : allocations)
        sum += allocation->host ? 0 : allocation->rounded;
    return sum;
}

size_t allocations_alive()
{
    return (size_t)std::count_if(allocations.begin(), allocations.end(), [](Allocation* a) { return !a->host; });
}

ShadowCell* shadow_of(Allocation* allocation)
{
    if (!allocation->shadow)
    {
        allocation->shadow_bytes = (allocation->size / 4 + 2) * sizeof(ShadowCell);
        void* space = mmap(nullptr, allocation->shadow_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        allocation->shadow = space == MAP_FAILED ? nullptr : (ShadowCell*)space;
    }
    return allocation->shadow;
}

} // namespace emulator
