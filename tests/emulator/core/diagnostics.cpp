#include "compile.h"

#include <cctype>

namespace emulator
{

namespace
{

// Splits "file:line[:column]"; false if it is nothing of the kind.
bool split_place(std::string place, std::string& file, std::string& line)
{
    for (int part = 0; part < 2; part++)
    {
        size_t colon = place.rfind(':');
        if (colon == std::string::npos || colon + 1 == place.size())
            break;
        std::string number = place.substr(colon + 1);
        bool digits = true;
        for (char c : number)
            digits &= isdigit((unsigned char)c) != 0;
        if (!digits)
            break;
        line = number;
        place.resize(colon);
    }
    file = place;
    return !line.empty() && !file.empty();
}

bool convert(const std::string& text, const char* mark, const char* word, std::string& log)
{
    size_t at = text.find(mark);
    if (at == std::string::npos)
        return false;
    std::string file, line;
    std::string message = text.substr(at + std::string(mark).size());
    const std::string missing = ": No such file or directory";
    if (message.size() > missing.size() && message.compare(message.size() - missing.size(), missing.size(), missing) == 0)
        message = "cannot open source file \"" + message.substr(0, message.size() - missing.size()) + "\"";
    if (split_place(text.substr(0, at), file, line))
        log += file + "(" + line + "): " + word + ": " + message + "\n";
    else
        log += std::string(word) + ": " + message + "\n";
    return true;
}

// ...: undefined reference to `name'
bool convert_unresolved(const std::string& text, std::string& log)
{
    const std::string mark = "undefined reference to `";
    size_t at = text.find(mark);
    if (at == std::string::npos)
        return false;
    std::string name = text.substr(at + mark.size());
    log += "ptxas fatal   : Unresolved extern function '" + name.substr(0, name.find('\'')) + "'\n";
    return true;
}

} // namespace

std::string as_nvrtc_log(const std::string& output, const std::string& program)
{
    std::string log;
    int errors = 0;
    for (size_t at = 0; at < output.size();)
    {
        size_t end = output.find('\n', at);
        if (end == std::string::npos)
            end = output.size();
        std::string text = output.substr(at, end - at);
        at = end + 1;
        if (convert(text, ": fatal error: ", "catastrophic error", log) || convert(text, ": error: ", "error", log) || convert_unresolved(text, log))
            errors++;
        else
            convert(text, ": warning: ", "warning", log);
    }
    if (errors == 0)
        return output;
    return log + "\n" + std::to_string(errors) + (errors == 1 ? " error" : " errors") + " detected in the compilation of \"" + program + "\".\n";
}

} // namespace emulator
