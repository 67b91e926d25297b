// A fault of a kernel is turned into an error of its launch: the handler lets the thread continue in a function that
// leaves the fiber. Faults anywhere else go to whoever handled them before, .NET for instance.
#include "faults.h"
#include "fibers.h"
#include "grid.h"
#include "memory.h"
#include "module.h"
#include "report.h"

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <sys/mman.h>
#include <ucontext.h>

namespace emulator
{

namespace
{

struct sigaction previous_segv, previous_bus;
char* fault_address;
char* fault_pc;
bool fault_on_guard;

[[noreturn]] void after_fault()
{
    char hexadecimal[32];
    snprintf(hexadecimal, sizeof hexadecimal, "%p", (void*)fault_address);
    const Module& module = *grid.launch.module;
    bool in_kernel = fault_pc >= module.image.address && fault_pc < module.image.address + module.image.size;
    std::string text = (in_kernel ? source_of(module, fault_pc) : std::string("?")) + ": access at " + hexadecimal + " by block " + std::to_string(grid.current->block->number) + " thread " + std::to_string(grid.current->number);
    Allocation* before = find_allocation(fault_address - 4096);
    if (fault_on_guard)
        text += ": the thread's stack is used up";
    else if ((uintptr_t)fault_address < 65536)
        text += ": a null pointer";
    else if (before)
        text += ": outside of an allocation of " + std::to_string(before->size) + " bytes, at its byte " + std::to_string(fault_address - before->address);
    else if (was_allocated(fault_address))
        text += ": the memory was freed, or never allocated";
    abort_launch(700, "out of bounds", text, "fault " + std::string(grid.launch.kernel->name) + std::to_string(fault_pc - module.image.address));
}

void pass_on(const struct sigaction& previous, int signal, siginfo_t* info, void* context)
{
    if (previous.sa_flags & SA_SIGINFO)
        previous.sa_sigaction(signal, info, context);
    else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN)
        previous.sa_handler(signal);
    else
        sigaction(signal, &previous, nullptr); // the fault comes again and ends the process
}

void handle(int signal, siginfo_t* info, void* opaque)
{
    auto& context = *(ucontext_t*)opaque;
#if defined(__x86_64__)
    auto& stack_pointer = context.uc_mcontext.gregs[REG_RSP];
    auto& program_counter = context.uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
    auto& stack_pointer = context.uc_mcontext.sp;
    auto& program_counter = context.uc_mcontext.pc;
#else
    static unsigned long long stack_pointer, program_counter;
#endif
    if (!grid.running || !on_fiber_stack((void*)stack_pointer))
    {
        pass_on(signal == SIGBUS ? previous_bus : previous_segv, signal, info, opaque);
        return;
    }
    fault_address = (char*)info->si_addr;
    fault_pc = (char*)program_counter;
    fault_on_guard = on_fiber_stack(fault_address);
    // The fiber is given up, so its stack is free from the top; 8 mod 16 as after a call.
    auto top = (uintptr_t)grid.current->fiber->top & ~(uintptr_t)15;
#if defined(__x86_64__)
    top -= 8;
#endif
    stack_pointer = (decltype(+stack_pointer))top;
    program_counter = (decltype(+program_counter))(uintptr_t)&after_fault;
}

// Threads of .NET have a signal stack of their own; other threads get one, or the handler of a stack overflow had none.
void give_signal_stack()
{
    thread_local bool done = false;
    if (done)
        return;
    done = true;
    stack_t have;
    if (sigaltstack(nullptr, &have) != 0 || !(have.ss_flags & SS_DISABLE))
        return;
    stack_t own{};
    own.ss_size = 128 << 10;
    own.ss_sp = mmap(nullptr, own.ss_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (own.ss_sp != MAP_FAILED)
        sigaltstack(&own, nullptr);
}

} // namespace

void prepare_for_faults()
{
    static bool installed = false;
    give_signal_stack();
    if (installed)
        return;
    installed = true;
    struct sigaction action{};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, &previous_segv);
    sigaction(SIGBUS, &action, &previous_bus);
}

} // namespace emulator
