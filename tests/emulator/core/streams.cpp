#include "driver.h"

#include <algorithm>

using namespace emulator;

EXPORT int cuStreamCreate(Stream** stream, unsigned flags)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!stream || flags > 1)
        return INVALID_VALUE;
    *stream = new Stream(context, (flags & 1) == 0);
    context->streams.insert(*stream);
    return SUCCESS;
}

EXPORT int cuStreamCreateWithPriority(Stream** stream, unsigned flags, int)
{
    return cuStreamCreate(stream, flags);
}

EXPORT int cuStreamDestroy_v2(Stream* handle)
{
    Lock lock(driver_lock);
    Context* context;
    int sticky = enter(context);
    if (sticky == NOT_INITIALIZED || sticky == INVALID_CONTEXT)
        return sticky;
    if (!context->streams.count(handle))
        return INVALID_HANDLE;
    finish_stream(handle);
    if (handle->capture)
    {
        Capture& capture = *handle->capture;
        capture.invalid = true;
        capture.streams.erase(handle);
        if (capture.origin == handle)
        {
            capture.ended = true;
            for (Stream* other : capture.streams)
            {
                other->tail.clear();
                other->capture = nullptr;
            }
        }
    }
    context->streams.erase(handle);
    delete handle;
    return sticky;
}

EXPORT int cuStreamSynchronize(void* handle)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (stream->capture)
    {
        stream->capture->invalid = true;
        return CAPTURE_UNSUPPORTED;
    }
    return finish_stream(stream);
}

EXPORT int cuStreamQuery(void* handle)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (stream->capture)
    {
        stream->capture->invalid = true;
        return CAPTURE_UNSUPPORTED;
    }
    Dependency end = last_of(stream);
    if (end.met())
        return SUCCESS;
    advance(context, end);
    return context->sticky ? context->sticky : end.met() ? SUCCESS : NOT_READY;
}

// Events

static bool known_event(const Context* context, Event* event)
{
    return context->events.count(event) != 0;
}

static bool being_captured(const Event* event)
{
    return event->capture && !event->capture->ended;
}

EXPORT int cuEventCreate(Event** event, unsigned flags)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!event || flags > 7)
        return INVALID_VALUE;
    *event = new Event{context, (flags & 2) == 0, nullptr, nullptr, {}};
    context->events.insert(*event);
    return SUCCESS;
}

EXPORT int cuEventDestroy_v2(Event* event)
{
    Lock lock(driver_lock);
    Context* context;
    int sticky = enter(context);
    if (sticky == NOT_INITIALIZED || sticky == INVALID_CONTEXT)
        return sticky;
    if (!known_event(context, event))
        return INVALID_HANDLE;
    context->events.erase(event);
    delete event;
    return sticky;
}

EXPORT int cuEventRecord(Event* event, void* handle)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (!known_event(context, event))
        return INVALID_HANDLE;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (stream->capture)
    {
        if (stream->capture->invalid)
            return CAPTURE_INVALIDATED;
        event->capture = stream->capture;
        event->nodes = stream->tail;
        event->record = nullptr;
        return SUCCESS;
    }
    auto record = std::make_shared<EventRecord>();
    int error = submit(stream, SET_NODE, [record] {
        record->done = true;
        record->milliseconds = now_milliseconds();
        return 0;
    });
    if (error)
        return error;
    record->at = last_of(stream);
    event->record = record;
    event->capture = nullptr;
    return SUCCESS;
}

EXPORT int cuEventQuery(Event* event)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!known_event(context, event))
        return INVALID_HANDLE;
    if (being_captured(event))
    {
        event->capture->invalid = true;
        return CAPTURED_EVENT;
    }
    if (int error = forbid_while_capturing())
        return error;
    if (!event->record || event->record->at.met())
        return SUCCESS;
    advance(context, event->record->at);
    return context->sticky ? context->sticky : event->record->at.met() ? SUCCESS : NOT_READY;
}

EXPORT int cuEventSynchronize(Event* event)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!known_event(context, event))
        return INVALID_HANDLE;
    if (being_captured(event))
    {
        event->capture->invalid = true;
        return CAPTURED_EVENT;
    }
    if (int error = forbid_while_capturing())
        return error;
    return event->record ? finish(context, event->record->at) : SUCCESS;
}

EXPORT int cuEventElapsedTime(float* milliseconds, Event* start, Event* end)
{
    Lock lock(driver_lock);
    Context* context;
    if (int error = enter(context))
        return error;
    if (!milliseconds)
        return INVALID_VALUE;
    if (!known_event(context, start) || !known_event(context, end) || !start->record || !end->record || !start->timed || !end->timed)
        return INVALID_HANDLE;
    if (!start->record->done || !end->record->done)
        return NOT_READY;
    *milliseconds = (float)(end->record->milliseconds - start->record->milliseconds);
    return SUCCESS;
}

EXPORT int cuStreamWaitEvent(void* handle, Event* event, unsigned flags)
{
    Lock lock(driver_lock);
    Context* context;
    Stream* stream;
    if (int error = enter(context))
        return error;
    if (flags > 1)
        return INVALID_VALUE;
    if (!known_event(context, event))
        return INVALID_HANDLE;
    if (int error = find_stream(context, handle, stream))
        return error;
    if (being_captured(event))
    {
        if (stream == context->null_stream.get())
            return CAPTURE_IMPLICIT;
        if (stream->capture && stream->capture != event->capture)
        {
            stream->capture->invalid = event->capture->invalid = true;
            return CAPTURE_MERGE;
        }
        if (!stream->capture)
        {
            stream->capture = event->capture;
            stream->capture->streams.insert(stream);
            stream->tail.clear();
        }
        for (size_t node : event->nodes)
            if (std::find(stream->tail.begin(), stream->tail.end(), node) == stream->tail.end())
                stream->tail.push_back(node);
        return SUCCESS;
    }
    if (stream->capture)
    {
        if (!event->record)
            return SUCCESS;
        stream->capture->invalid = true;
        return CAPTURE_ISOLATION;
    }
    if (!event->record || event->record->at.met())
        return SUCCESS;
    int error = submit(stream, SET_NODE, [] { return 0; });
    if (!error && !stream->queue.empty())
        stream->queue.back().after.push_back(event->record->at);
    return error;
}
