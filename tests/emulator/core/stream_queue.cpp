// What a stream has been given and when it runs. Normally at once; in lazy mode as late as possible, streams interleaved by seed.
#include "driver.h"

#include <algorithm>
#include <ctime>

namespace emulator
{

namespace
{

Random lazy_random;
unsigned long long next_order, pending_count;

std::vector<Stream*> all_streams(Context* context)
{
    std::vector<Stream*> streams(context->streams.begin(), context->streams.end());
    if (context->null_stream)
        streams.push_back(context->null_stream.get());
    return streams;
}

bool can_run(const Stream* stream)
{
    if (stream->queue.empty())
        return false;
    const auto& after = stream->queue.front().after;
    return std::all_of(after.begin(), after.end(), [](const Dependency& d) { return d.met(); });
}

void run_front(Stream* stream)
{
    Pending pending = std::move(stream->queue.front());
    stream->queue.pop_front();
    pending_count--;
    // After an error the context does no work any more, but what waits for it must not wait for ever.
    if (stream->context->sticky == 0)
        fail_with(stream->context, pending.work());
    stream->progress->done = pending.number;
}

// One piece of work: the oldest that can run, or by seed any that can.
bool run_one(Context* context)
{
    std::vector<Stream*> able;
    for (Stream* stream : all_streams(context))
        if (can_run(stream))
            able.push_back(stream);
    if (able.empty())
        return false;
    std::sort(able.begin(), able.end(), [](Stream* a, Stream* b) { return a->queue.front().order < b->queue.front().order; });
    run_front(able[settings.seed ? lazy_random.below((unsigned)able.size()) : 0]);
    return true;
}

void enqueue(Stream* stream, Work work)
{
    Context* context = stream->context;
    Pending pending{std::move(work), {}, ++stream->submitted, ++next_order};
    if (stream == context->null_stream.get())
    {
        for (Stream* other : context->streams)
            if (other->blocking)
                pending.after.push_back({other->progress, other->submitted});
    }
    else if (stream->blocking)
        pending.after.push_back({context->null_stream->progress, context->null_stream->submitted});
    stream->queue.push_back(std::move(pending));
    pending_count++;
}

int capture_node(Stream* stream, NodeKind kind, Work work)
{
    Capture& capture = *stream->capture;
    if (capture.invalid)
        return CAPTURE_INVALIDATED;
    capture.graph->nodes.push_back(std::shared_ptr<Node>(new Node{kind, std::move(work), stream->tail}));
    stream->tail = {capture.graph->nodes.size() - 1};
    return SUCCESS;
}

// The legacy stream would have to wait for a stream that only records.
bool legacy_meets_capture(Stream* stream)
{
    bool found = false;
    if (stream == stream->context->null_stream.get())
        for (Stream* other : stream->context->streams)
            if (other->blocking && other->capture)
                other->capture->invalid = found = true;
    return found;
}

} // namespace

int fail_with(Context* context, int error)
{
    if (error && !context->sticky)
        context->sticky = error;
    return error;
}

double now_milliseconds()
{
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec * 1e-6;
}

int find_stream(Context* context, void* handle, Stream*& stream)
{
    // 1 and 2 stand for the legacy and the per-thread default stream.
    if (handle == nullptr || handle == (void*)1 || handle == (void*)2)
    {
        stream = context->null_stream.get();
        return SUCCESS;
    }
    stream = (Stream*)handle;
    return context->streams.count(stream) ? SUCCESS : INVALID_HANDLE;
}

bool runs_at_once(Stream* stream)
{
    if (stream->capture || settings.lazy || legacy_meets_capture(stream))
        return false;
    if (pending_count)
        finish_context(stream->context);
    return true;
}

int submit(Stream* stream, NodeKind kind, Work work)
{
    if (stream->capture)
        return capture_node(stream, kind, std::move(work));
    if (legacy_meets_capture(stream))
        return CAPTURE_IMPLICIT;
    // As on a device, the call that hands over work does not tell how the work ended; the next one does.
    if (runs_at_once(stream))
        fail_with(stream->context, work());
    else
    {
        if (pending_count == 0)
            lazy_random.reseed(settings.seed);
        enqueue(stream, std::move(work));
    }
    return SUCCESS;
}

Dependency last_of(Stream* stream)
{
    return {stream->progress, stream->submitted};
}

int finish(Context* context, const Dependency& dependency)
{
    while (!dependency.met() && run_one(context))
    {
    }
    return context->sticky;
}

void advance(Context* context, const Dependency& towards)
{
    if (!towards.met())
        run_one(context);
}

int finish_stream(Stream* stream)
{
    Context* context = stream->context;
    if (pending_count == 0)
        return context->sticky;
    // The default stream ends when the streams ordered with it do.
    if (stream == context->null_stream.get())
        for (Stream* other : context->streams)
            if (other->blocking)
                finish(context, last_of(other));
    return finish(context, last_of(stream));
}

int finish_context(Context* context)
{
    while (pending_count && run_one(context))
    {
    }
    return context->sticky;
}

void drop_streams(Context* context)
{
    for (Stream* stream : all_streams(context))
    {
        pending_count -= stream->queue.size();
        if (stream->capture)
            stream->capture->ended = true;
        if (stream != context->null_stream.get())
            delete stream;
        else
            stream->queue.clear();
    }
    context->streams.clear();
}

} // namespace emulator
