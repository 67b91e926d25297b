// Objects behind the handles of the driver API, and the one lock around all of it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <set>
#include <unordered_set>
#include <vector>

#include "grid.h"
#include "memory.h"
#include "module.h"
#include "settings.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace emulator
{

enum Result
{
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_CONTEXT = 201,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    LAUNCH_OUT_OF_RESOURCES = 701,
    COOPERATIVE_TOO_LARGE = 720,
    CAPTURE_UNSUPPORTED = 900,
    CAPTURE_INVALIDATED = 901,
    CAPTURE_MERGE = 902,
    CAPTURE_UNMATCHED = 903,
    CAPTURE_UNJOINED = 904,
    CAPTURE_ISOLATION = 905,
    CAPTURE_IMPLICIT = 906,
    CAPTURED_EVENT = 907,
    CAPTURE_WRONG_THREAD = 908
};

// Everything of the driver happens under it, kernels too: one grid at a time. NVRTC does not take it.
extern std::mutex driver_lock;
using Lock = std::lock_guard<std::mutex>;

using Work = std::function<int()>;

// How far a stream has come; outlives the stream.
struct Progress
{
    unsigned long long done = 0;
};

struct Dependency
{
    std::shared_ptr<Progress> of;
    unsigned long long number = 0;
    bool met() const { return !of || of->done >= number; }
};

struct Pending
{
    Work work;
    std::vector<Dependency> after;
    unsigned long long number, order;
};

struct Node
{
    int kind; // as CUgraphNodeType
    Work work;
    std::vector<size_t> after;
};

enum NodeKind
{
    KERNEL_NODE = 0,
    COPY_NODE = 1,
    SET_NODE = 2
};

struct Graph
{
    std::vector<std::shared_ptr<Node>> nodes;
};

struct Stream;

struct Capture
{
    std::unique_ptr<Graph> graph{new Graph};
    Stream* origin;
    int mode;
    pthread_t thread;
    bool invalid = false, ended = false;
    std::set<Stream*> streams;
};

struct Stream
{
    Stream(Context* owner, bool is_blocking) : context(owner), blocking(is_blocking) {}

    Context* context;
    bool blocking; // ordered with the legacy default stream
    std::deque<Pending> queue;
    unsigned long long submitted = 0;
    std::shared_ptr<Progress> progress{new Progress};
    std::shared_ptr<Capture> capture;
    std::vector<size_t> tail; // nodes that the next captured one follows
};

struct EventRecord
{
    bool done = false;
    double milliseconds = 0;
    Dependency at;
};

struct Event
{
    Context* context;
    bool timed;
    std::shared_ptr<EventRecord> record;
    std::shared_ptr<Capture> capture;
    std::vector<size_t> nodes;
};

struct Context
{
    int device;
    int retained = 0;
    int sticky = 0;
    std::unique_ptr<Stream> null_stream;
    std::set<Stream*> streams; // without the default one
    std::set<Event*> events;
    std::set<Module*> modules;
};

// Graphs belong to nobody.
extern std::unordered_set<Graph*> graphs, executables;
extern bool initialized;

// The current context of this thread, or the error of every call that needs one.
int enter(Context*& context);
Context* context_of_device(int device);
void destroy_contents(Context* context);
bool known_function(const Function* function);

// Streams
int find_stream(Context* context, void* handle, Stream*& stream);
// Error of a call that must not be made while something is captured.
int forbid_while_capturing();
// Whether work of this stream runs at the call itself.
bool runs_at_once(Stream* stream);
int submit(Stream* stream, NodeKind kind, Work work);
// Runs queued work until the stream is empty, or all streams of the context are.
int finish_stream(Stream* stream);
int finish_context(Context* context);
// One piece of work, for those who ask again and again whether it is done.
void advance(Context* context, const Dependency& towards);
int finish(Context* context, const Dependency& dependency);
Dependency last_of(Stream* stream);
int fail_with(Context* context, int error);
void drop_streams(Context* context);
double now_milliseconds();

} // namespace emulator
