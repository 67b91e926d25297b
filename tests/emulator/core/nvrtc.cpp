// The functions of NVRTC. Compilations of different threads run in parallel; nothing here takes the driver's lock.
#include "compile.h"
#include "module.h"

#include <cstring>

#define EXPORT extern "C" __attribute__((visibility("default")))

using namespace emulator;

enum
{
    NVRTC_SUCCESS = 0,
    NVRTC_INVALID_INPUT = 3,
    NVRTC_INVALID_PROGRAM = 4,
    NVRTC_INVALID_OPTION = 5,
    NVRTC_COMPILATION = 6
};

struct Program
{
    CompileJob job;
    bool compiled = false;
    std::string log, ptx, cubin;
};

EXPORT int nvrtcVersion(int* major, int* minor)
{
    if (!major || !minor)
        return NVRTC_INVALID_INPUT;
    *major = 12;
    *minor = 4;
    return NVRTC_SUCCESS;
}

EXPORT const char* nvrtcGetErrorString(int result)
{
    static const char* const names[] = {"NVRTC_SUCCESS", "NVRTC_ERROR_OUT_OF_MEMORY", "NVRTC_ERROR_PROGRAM_CREATION_FAILURE", "NVRTC_ERROR_INVALID_INPUT",
        "NVRTC_ERROR_INVALID_PROGRAM", "NVRTC_ERROR_INVALID_OPTION", "NVRTC_ERROR_COMPILATION", "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE",
        "NVRTC_ERROR_NO_NAME_EXPRESSIONS_AFTER_COMPILATION", "NVRTC_ERROR_NO_LOWERED_NAMES_BEFORE_COMPILATION", "NVRTC_ERROR_NAME_EXPRESSION_NOT_VALID",
        "NVRTC_ERROR_INTERNAL_ERROR", "NVRTC_ERROR_TIME_FILE_WRITE_FAILED"};
    return result >= 0 && result < (int)(sizeof names / sizeof *names) ? names[result] : "NVRTC_ERROR unknown";
}

EXPORT int nvrtcGetNumSupportedArchs(int* count)
{
    if (!count)
        return NVRTC_INVALID_INPUT;
    *count = (int)known_architectures.size();
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetSupportedArchs(int* architectures)
{
    if (!architectures)
        return NVRTC_INVALID_INPUT;
    memcpy(architectures, known_architectures.data(), known_architectures.size() * sizeof(int));
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcCreateProgram(Program** program, const char* source, const char* name, int headers, const char* const* texts, const char* const* names)
{
    if (!program || !source || headers < 0 || (headers > 0 && (!texts || !names)))
        return NVRTC_INVALID_INPUT;
    auto made = new Program;
    made->job.source = source;
    made->job.name = name && *name ? name : "default_program";
    for (int i = 0; i < headers; i++)
        made->job.headers[names[i]] = texts[i];
    *program = made;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcDestroyProgram(Program** program)
{
    if (!program || !*program)
        return NVRTC_INVALID_PROGRAM;
    delete *program;
    *program = nullptr;
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcCompileProgram(Program* program, int count, const char* const* options)
{
    if (!program)
        return NVRTC_INVALID_PROGRAM;
    if (count < 0 || (count > 0 && !options))
        return NVRTC_INVALID_INPUT;
    program->compiled = false;
    program->log.clear();
    program->ptx.clear();
    program->cubin.clear();
    program->job.options = CompileOptions();
    if (!parse_options(count, options, program->job.options, program->log))
        return NVRTC_INVALID_OPTION;
    if (!compile(program->job, program->ptx, program->log))
        return NVRTC_COMPILATION;
    if (program->job.options.real)
        cubin_of_ptx(program->ptx, program->cubin);
    program->compiled = true;
    return NVRTC_SUCCESS;
}

static int give_size(Program* program, size_t* size, size_t value)
{
    if (!program)
        return NVRTC_INVALID_PROGRAM;
    if (!size)
        return NVRTC_INVALID_INPUT;
    *size = value;
    return NVRTC_SUCCESS;
}

static int give_bytes(Program* program, char* to, const char* from, size_t bytes)
{
    if (!program)
        return NVRTC_INVALID_PROGRAM;
    if (!to)
        return NVRTC_INVALID_INPUT;
    memcpy(to, from, bytes);
    return NVRTC_SUCCESS;
}

EXPORT int nvrtcGetPTXSize(Program* program, size_t* size)
{
    if (program && !program->compiled)
        return NVRTC_INVALID_PROGRAM;
    return give_size(program, size, program ? program->ptx.size() + 1 : 0);
}

EXPORT int nvrtcGetPTX(Program* program, char* ptx)
{
    if (!program || !program->compiled)
        return NVRTC_INVALID_PROGRAM;
    return give_bytes(program, ptx, program->ptx.c_str(), program->ptx.size() + 1);
}

EXPORT int nvrtcGetCUBINSize(Program* program, size_t* size)
{
    if (program && !program->compiled)
        return NVRTC_INVALID_PROGRAM;
    return give_size(program, size, program ? program->cubin.size() : 0); // 0 for compute_XX, as NVRTC has it
}

EXPORT int nvrtcGetCUBIN(Program* program, char* cubin)
{
    if (!program || !program->compiled || program->cubin.empty())
        return NVRTC_INVALID_PROGRAM;
    return give_bytes(program, cubin, program->cubin.data(), program->cubin.size());
}

EXPORT int nvrtcGetProgramLogSize(Program* program, size_t* size)
{
    return give_size(program, size, program ? program->log.size() + 1 : 0);
}

EXPORT int nvrtcGetProgramLog(Program* program, char* log)
{
    return program ? give_bytes(program, log, program->log.c_str(), program->log.size() + 1) : NVRTC_INVALID_PROGRAM;
}
