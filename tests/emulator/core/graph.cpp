// Capture of streams into graphs, and their replay.
#include "driver.h"

#include <algorithm>

namespace emulator
{

std::unordered_set<Graph*> graphs, executables;

static std::set<std::shared_ptr<Capture>> captures; // under way

int forbid_while_capturing()
{
    int error = SUCCESS;
    for (auto next = captures.begin(); next != captures.end();)
    {
        auto capture = *next;
        // Its stream is gone, by a reset of the context for instance.
        next = capture->ended ? captures.erase(next) : std::next(next);
        if (capture->ended)
            continue;
        bool own = pthread_equal(capture->thread, pthread_self());
        // Mode 0 forbids everybody what might synchronise, 1 only the capturing thread, 2 nobody.
        if (capture->mode == 2 || (capture->mode == 1 && !own))
            continue;
        capture->invalid = true;
        error = CAPTURE_UNSUPPORTED;
    }
    return error;
}

static void end_capture(Capture& capture)
{
    capture.ended = true;
    for (Stream* stream : capture.streams)
    {
        stream->tail.clear();
        stream->capture = nullptr;
    }
}

// Whether everything that was captured comes before the end of the stream that began.
static bool all_joined(const Graph& graph, const std::vector<size_t>& tail)
{
    std::vector<bool> reached(graph.nodes.size());
    std::vector<size_t> open = tail;
    while (!open.empty())
    {
        size_t node = open.back();
        open.pop_back();
        if (reached[node])
            continue;
        reached[node] = true;
        open.insert(open.end(), graph.nodes[node]->after.begin(), graph.nodes[node]->after.end());
    }
    return std::find(reached.begin(), reached.end(), false) == reached.end();
}

static int replay(const Graph& graph, unsigned long long seed)
{
    const auto& nodes = graph.nodes;
    if (seed == 0)
    {
        for (const auto& node : nodes)
            if (int error = node->work())
                return error;
        return SUCCESS;
    }
    // Any order that the dependencies allow.
    Random random(seed);
    std::vector<size_t> missing(nodes.size()), ready;
    std::vector<std::vector<size_t>> followers(nodes.size());
    for (size_t i = 0; i < nodes.size(); i++)
    {
        missing[i] = nodes[i]->after.size();
        for (size_t before : nodes[i]->after)
            followers[before].push_back(i);
        if (missing[i] == 0)
            ready.push_back(i);
    }
    while (!ready.empty())
    {
        std::swap(ready[random.below((unsigned)ready.size())], ready.back());
        size_t node = ready.back();
        ready.pop_back();
        if (int error = nodes[node]->work())
            return error;
        for (size_t next : followers[node])
            if (--missing[next] == 0)
                ready.push_back(next);
    }
    return SUCCESS;
}

} // namespace emulator

using namespace emulator;

EXPORT int cuStreamBeginCapture_v2(void* handle, int mode)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (mode < 0 || mode > 2)
        return INVALID_VALUE;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (stream == context->null_stream.get() || stream->capture)
        return CAPTURE_UNSUPPORTED;
    auto capture = std::make_shared<Capture>();
    capture->origin = stream;
    capture->mode = mode;
    capture->thread = pthread_self();
    capture->streams.insert(stream);
    stream->capture = capture;
    stream->tail.clear();
    captures.insert(capture);
    return SUCCESS;
}

EXPORT int cuStreamEndCapture(void* handle, Graph** graph)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (!graph)
        return INVALID_VALUE;
    *graph = nullptr;
    if (int error = find_stream(context, handle, stream))
        return error;
    auto capture = stream->capture;
    if (!capture)
        return 401;
    if (capture->origin != stream)
    {
        capture->invalid = true;
        return CAPTURE_UNMATCHED;
    }
    if (capture->mode != 2 && !pthread_equal(capture->thread, pthread_self()))
        return CAPTURE_WRONG_THREAD;
    bool joined = all_joined(*capture->graph, stream->tail);
    captures.erase(capture);
    end_capture(*capture);
    if (capture->invalid)
        return CAPTURE_INVALIDATED;
    if (!joined)
        return CAPTURE_UNJOINED;
    *graph = capture->graph.release();
    graphs.insert(*graph);
    return SUCCESS;
}

EXPORT int cuStreamIsCapturing(void* handle, int* status)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (!status)
        return INVALID_VALUE;
    if (int error = find_stream(context, handle, stream))
        return error;
    *status = !stream->capture ? 0 : stream->capture->invalid ? 2 : 1;
    return SUCCESS;
}

EXPORT int cuGraphInstantiateWithFlags(Graph** executable, Graph* graph, unsigned long long)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!executable)
        return INVALID_VALUE;
    if (!graphs.count(graph))
        return INVALID_VALUE;
    *executable = new Graph(*graph);
    executables.insert(*executable);
    return SUCCESS;
}

EXPORT int cuGraphLaunch(Graph* executable, void* handle)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (!executables.count(executable))
        return INVALID_VALUE;
    if (int error = find_stream(context, handle, stream))
        return error;
    counters.graph_launches++;
    static unsigned long long launch;
    unsigned long long seed = settings.seed ? hash_bytes(&++launch, sizeof launch, settings.seed) : 0;
    if (runs_at_once(stream))
    {
        fail_with(context, replay(*executable, seed));
        return SUCCESS;
    }
    auto copy = std::make_shared<Graph>(*executable);
    return submit(stream, KERNEL_NODE, [copy, seed] { return replay(*copy, seed); });
}

EXPORT int cuGraphExecDestroy(Graph* executable)
{
    Lock lock(driver_lock);
    if (!executables.erase(executable))
        return INVALID_VALUE;
    delete executable;
    return SUCCESS;
}

EXPORT int cuGraphDestroy(Graph* graph)
{
    Lock lock(driver_lock);
    if (!graphs.erase(graph))
        return INVALID_VALUE;
    delete graph;
    return SUCCESS;
}

EXPORT int cuGraphGetNodes(Graph* graph, Node** nodes, size_t* count)
{
    Lock lock(driver_lock);
    if (!count || !graphs.count(graph))
        return INVALID_VALUE;
    if (nodes)
        for (size_t i = 0; i < *count; i++)
            nodes[i] = i < graph->nodes.size() ? graph->nodes[i].get() : nullptr;
    if (!nodes || *count > graph->nodes.size())
        *count = graph->nodes.size();
    return SUCCESS;
}

EXPORT int cuGraphNodeGetType(Node* node, int* type)
{
    if (!node || !type)
        return INVALID_VALUE;
    *type = node->kind;
    return SUCCESS;
}
