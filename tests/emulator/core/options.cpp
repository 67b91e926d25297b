#include "compile.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace emulator
{

const std::vector<int> known_architectures = {50, 52, 53, 60, 61, 62, 70, 72, 75, 80, 86, 87, 89, 90};

namespace
{

// Options that are taken and change nothing here: -name, --name, or with =value.
const char* const plain[] = {"-lineinfo", "--generate-line-info", "-G", "--device-debug", "-default-device", "--device-as-default-execution-space", "-use_fast_math",
    "--use_fast_math", "-extra-device-vectorization", "--extra-device-vectorization", "-restrict", "--restrict", "-w", "--disable-warnings", "-ewp", "--extensible-whole-program",
    "-err-no", "--display-error-number", "-no-err-no", "--no-display-error-number"};
const char* const with_flag[] = {"-fmad", "--fmad", "-ftz", "--ftz", "-prec-div", "--prec-div", "-prec-sqrt", "--prec-sqrt", "-rdc", "--relocatable-device-code"};
const char* const with_text[] = {"-Xptxas", "--ptxas-options", "-maxrregcount", "--maxrregcount", "-diag-suppress", "--diag-suppress"};

template <size_t N> bool any_of(const char* const (&list)[N], const std::string& name)
{
    return std::find(list, list + N, name) != list + N;
}

bool set_architecture(const std::string& value, CompileOptions& result)
{
    bool real = value.compare(0, 3, "sm_") == 0, ptx = value.compare(0, 8, "compute_") == 0;
    if (!real && !ptx)
        return false;
    std::string number = value.substr(real ? 3 : 8);
    if (number == "90a")
        number = "90";
    result.architecture = atoi(number.c_str());
    result.real = real;
    return number == std::to_string(result.architecture)
        && std::find(known_architectures.begin(), known_architectures.end(), result.architecture) != known_architectures.end();
}

} // namespace

bool parse_options(int count, const char* const* options, CompileOptions& result, std::string& problem)
{
    for (int i = 0; i < count; i++)
    {
        std::string option = options[i];
        while (!option.empty() && option.back() == ' ')
            option.pop_back();
        size_t equals = option.find('=');
        std::string name = option.substr(0, equals), value = equals == std::string::npos ? "" : option.substr(equals + 1);
        // A value may also be the next option.
        auto value_or_next = [&] { return equals != std::string::npos ? value : i + 1 < count ? std::string(options[++i]) : std::string(); };
        bool good = true;
        if (option.compare(0, 2, "-D") == 0 || option.compare(0, 2, "-U") == 0)
        {
            std::string text = option.size() > 2 ? option.substr(2) : i + 1 < count ? options[++i] : "";
            good = !text.empty();
            result.definitions.push_back(option.substr(0, 2) + text);
        }
        else if (name == "--define-macro")
            result.definitions.push_back("-D" + value_or_next());
        else if (name == "--undefine-macro")
            result.definitions.push_back("-U" + value_or_next());
        else if (name == "-arch" || name == "--gpu-architecture")
        {
            if (!set_architecture(value_or_next(), result))
            {
                problem = "nvrtc: error: invalid value for --gpu-architecture (-arch)\n";
                return false;
            }
        }
        else if (name == "-std" || name == "--std")
        {
            result.standard = value_or_next();
            good = result.standard == "c++11" || result.standard == "c++14" || result.standard == "c++17" || result.standard == "c++20";
            // The shim needs templates over values of any type.
            if (result.standard != "c++20")
                result.standard = "c++17";
        }
        else if (any_of(with_flag, name))
            good = value == "true" || value == "false";
        else if (any_of(with_text, name))
            good = !value_or_next().empty();
        else
            good = any_of(plain, option);
        if (good)
            continue;
        problem = "nvrtc: error: unrecognized option '" + option + "' found\n";
        return false;
    }
    return true;
}

} // namespace emulator
