// A fiber is a stack and a saved stack pointer. x86-64 and aarch64 switch by hand; elsewhere ucontext does it, some
// fifteen times slower, because it makes system calls. aarch64 and ucontext were not run by the author.
#include "fibers.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#include <vector>

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <ucontext.h>
#endif

namespace emulator
{

namespace
{

// Not less: a signal (.NET suspends threads by signal) may arrive on a fiber, and its frame holds all vector registers.
constexpr size_t stack_bytes = 64 << 10, guard_bytes = 4 << 10, slab_fibers = 64;
constexpr size_t region_bytes = (stack_bytes + guard_bytes) * 65536;

char* region;
size_t region_used;
std::vector<Fiber*> all_fibers, free_fibers;

void reserve_region()
{
    region = (char*)mmap(nullptr, region_bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (region == MAP_FAILED)
    {
        fprintf(stderr, "emulator: no address space for fiber stacks\n");
        abort();
    }
}

void add_slab()
{
    if (!region)
        reserve_region();
    for (size_t i = 0; i < slab_fibers; i++)
    {
        if (region_used + stack_bytes + guard_bytes > region_bytes)
        {
            fprintf(stderr, "emulator: too many waiting threads\n");
            abort();
        }
        char* base = region + region_used;
        region_used += stack_bytes + guard_bytes;
        if (mprotect(base + guard_bytes, stack_bytes, PROT_READ | PROT_WRITE) != 0)
        {
            perror("emulator: fiber stack");
            abort();
        }
        // Stacks that all start at the same offset in a page would fight for the same cache sets.
        size_t colour = all_fibers.size() % 14 * 192;
        auto fiber = new Fiber{nullptr, base + guard_bytes + stack_bytes - 64 - colour, true};
        all_fibers.push_back(fiber);
        free_fibers.push_back(fiber);
    }
}

} // namespace

#if defined(__x86_64__)
__asm__(R"(
.text
.globl emu_switch
.hidden emu_switch
.type emu_switch, @function
emu_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emu_switch, .-emu_switch
)");

static void prepare(Fiber* fiber, void (*entry)())
{
    // The entry must start with the stack pointer at 8 mod 16, as after a call: a null as return address, then the entry.
    auto stack = (void**)((uintptr_t)fiber->top & ~(uintptr_t)15);
    *--stack = nullptr;
    *--stack = (void*)entry;
    for (int i = 0; i < 6; i++)
        *--stack = nullptr;
    fiber->saved = stack;
}
#elif defined(__aarch64__)
__asm__(R"(
.text
.globl emu_switch
.hidden emu_switch
.type emu_switch, %function
emu_switch:
    sub sp, sp, #160
    stp x19, x20, [sp, #0]
    stp x21, x22, [sp, #16]
    stp x23, x24, [sp, #32]
    stp x25, x26, [sp, #48]
    stp x27, x28, [sp, #64]
    stp x29, x30, [sp, #80]
    stp d8, d9, [sp, #96]
    stp d10, d11, [sp, #112]
    stp d12, d13, [sp, #128]
    stp d14, d15, [sp, #144]
    mov x9, sp
    str x9, [x0]
    mov sp, x1
    ldp x19, x20, [sp, #0]
    ldp x21, x22, [sp, #16]
    ldp x23, x24, [sp, #32]
    ldp x25, x26, [sp, #48]
    ldp x27, x28, [sp, #64]
    ldp x29, x30, [sp, #80]
    ldp d8, d9, [sp, #96]
    ldp d10, d11, [sp, #112]
    ldp d12, d13, [sp, #128]
    ldp d14, d15, [sp, #144]
    add sp, sp, #160
    ret
.size emu_switch, .-emu_switch
)");

static void prepare(Fiber* fiber, void (*entry)())
{
    auto stack = (void**)((uintptr_t)fiber->top & ~(uintptr_t)15) - 20;
    for (int i = 0; i < 20; i++)
        stack[i] = nullptr;
    stack[11] = (void*)entry; // x30
    fiber->saved = stack;
}
#else
static void prepare(Fiber* fiber, void (*entry)())
{
    static std::vector<ucontext_t*> contexts;
    auto context = new ucontext_t;
    contexts.push_back(context);
    getcontext(context);
    context->uc_stack.ss_size = stack_bytes / 2;
    context->uc_stack.ss_sp = fiber->top - stack_bytes / 2;
    context->uc_link = nullptr;
    makecontext(context, entry, 0);
    fiber->saved = context;
}

extern "C" void emu_switch(void** from, void* to)
{
    ucontext_t here;
    *from = &here;
    swapcontext(&here, (ucontext_t*)to);
}
#endif

Fiber* take_fiber(void (*entry)())
{
    if (free_fibers.empty())
        add_slab();
    Fiber* fiber = free_fibers.back();
    free_fibers.pop_back();
    if (fiber->fresh)
    {
        prepare(fiber, entry);
        fiber->fresh = false;
    }
    return fiber;
}

void put_fiber(Fiber* fiber)
{
    free_fibers.push_back(fiber);
}

void forget_all_fibers()
{
    free_fibers = all_fibers;
    for (Fiber* fiber : all_fibers)
        fiber->fresh = true;
}

bool on_fiber_stack(const void* address)
{
    return region && (const char*)address >= region && (const char*)address < region + region_used;
}

} // namespace emulator
