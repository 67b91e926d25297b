#include "kernel_source.h"

#include <cctype>
#include <cstring>
#include <map>

namespace emulator
{

namespace
{

bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$';
}

class Translator
{
public:
    explicit Translator(const std::string& text) : in_(text) {}

    KernelSource run()
    {
        out_.reserve(in_.size() + 4096);
        while (at_ < in_.size())
            step();
        append_table();
        KernelSource source;
        for (const auto& kernel : bounds_)
            source.kernels.push_back(kernel.first);
        source.text = std::move(out_);
        return source;
    }

private:
    const std::string& in_;
    std::string out_, name_, kernel_bounds_;
    size_t at_ = 0;
    char last_ = 0; // last character that is no space
    bool c_linkage_ = false, in_kernel_head_ = false;
    int shared_count_ = 0;
    std::string braces_; // 'c' extern "C", 'f' function, 'o' other
    std::map<std::string, std::string> bounds_;

    void step()
    {
        char c = in_[at_];
        if (c == '#' && (at_ == 0 || in_[at_ - 1] == '\n'))
            copy_to(in_.find('\n', at_));
        else if (c == '"' || c == '\'')
        {
            size_t end = end_of_literal(at_);
            copy_to(end);
            last_ = c;
        }
        else if (isdigit((unsigned char)c))
        {
            size_t end = at_;
            while (end < in_.size() && (in_name(in_[end]) || in_[end] == '.' || in_[end] == '\''))
                end++;
            copy_to(end);
            last_ = '0';
        }
        else if (in_name(c))
            identifier();
        else
            punctuation(c);
    }

    void copy_to(size_t end)
    {
        if (end > in_.size())
            end = in_.size();
        out_.append(in_, at_, end - at_);
        at_ = end;
    }

    size_t end_of_literal(size_t start) const
    {
        size_t end = start + 1;
        while (end < in_.size() && in_[end] != in_[start] && in_[end] != '\n')
            end += in_[end] == '\\' ? 2 : 1;
        return end + 1;
    }

    size_t skip_space(size_t at) const
    {
        while (at < in_.size() && isspace((unsigned char)in_[at]))
            at++;
        return at;
    }

    // The position after the bracket that closes the one at `open`.
    size_t end_of_brackets(size_t open) const
    {
        int depth = 0;
        for (size_t at = open; at < in_.size(); at++)
        {
            if (in_[at] == '(')
                depth++;
            else if (in_[at] == ')' && --depth == 0)
                return at + 1;
        }
        return in_.size();
    }

    // What is dropped keeps its line ends, or the lines after it would be counted wrongly.
    void drop_to(size_t end)
    {
        for (; at_ < end && at_ < in_.size(); at_++)
            if (in_[at_] == '\n')
                out_ += '\n';
    }

    void identifier()
    {
        size_t end = at_;
        while (end < in_.size() && in_name(in_[end]))
            end++;
        std::string word = in_.substr(at_, end - at_);
        if (word == "extern")
        {
            size_t next = skip_space(end);
            if (in_.compare(next, 3, "\"C\"") == 0)
            {
                c_linkage_ = true;
                copy_to(next + 3);
                last_ = '"';
                return;
            }
            size_t stop = in_.find_first_of(";{", end);
            size_t mark = in_.find("__emu_shared__", end);
            if (mark != std::string::npos && mark < stop)
            {
                dynamic_shared(stop);
                return;
            }
        }
        else if (word == "__emu_global__")
        {
            out_ += "__attribute__((visibility(\"default\")))";
            at_ = end;
            in_kernel_head_ = true;
            kernel_bounds_ = "0";
            return;
        }
        else if (word == "__emu_bounds__")
        {
            size_t open = skip_space(end), close = end_of_brackets(open);
            kernel_bounds_ = in_.substr(open, close - open);
            drop_to(close);
            return;
        }
        else if (word == "__emu_shared__")
        {
            if (name_ != "static")
                out_ += "static ";
            // A section of its own: templates and plain functions cannot share one.
            out_ += "__attribute__((used, section(\"tbn_shared_" + std::to_string(shared_count_++) + "\")))";
            at_ = end;
            name_ = word;
            return;
        }
        else if (in_kernel_head_ && (word == "__attribute__" || word == "alignas"))
        {
            copy_to(end_of_brackets(skip_space(end)));
            return;
        }
        copy_to(end);
        name_ = word;
        last_ = 'a';
    }

    // extern __shared__ [alignment] type name[];
    void dynamic_shared(size_t stop)
    {
        std::string words, name;
        size_t from = at_ + 6;
        while (from < stop)
        {
            char c = in_[from];
            size_t end = from + 1;
            if (in_name(c))
            {
                while (in_name(in_[end]))
                    end++;
                std::string word = in_.substr(from, end - from);
                if (word == "__attribute__" || word == "alignas")
                    end = end_of_brackets(skip_space(end));
                else if (word != "__emu_shared__")
                {
                    words += name.empty() ? "" : name + " ";
                    name = word;
                }
            }
            else if (c == '[')
                break;
            else if (!isspace((unsigned char)c))
            {
                words += name + c;
                name.clear();
            }
            from = end;
        }
        bool inside = braces_.find('f') != std::string::npos;
        if (inside)
            out_ += words + "* const " + name + " = (" + words + "*)emu_dynamic()";
        else
            out_ += "static " + words + "* const& " + name + " = (" + words + "* const&)emu_dynamic_shared";
        drop_to(stop);
    }

    void punctuation(char c)
    {
        if (c == '{')
        {
            braces_ += last_ == '"' && c_linkage_ ? 'c' : last_ == ')' ? 'f' : 'o';
            if (braces_.back() != 'c' || last_ == '"')
                c_linkage_ = false;
        }
        else if (c == '}' && !braces_.empty())
            braces_.pop_back();
        else if (c == ';')
            c_linkage_ = in_kernel_head_ = false;
        else if (c == '(' && in_kernel_head_ && last_ == 'a')
        {
            if (c_linkage_ || braces_.find('c') != std::string::npos)
            {
                std::string& bounds = bounds_[name_];
                if (bounds.empty() || kernel_bounds_ != "0")
                    bounds = kernel_bounds_ == "0" ? "(0)" : kernel_bounds_;
            }
            in_kernel_head_ = false;
        }
        if (!isspace((unsigned char)c))
        {
            last_ = c;
            name_.clear();
        }
        out_ += c;
        at_++;
    }

    void append_table()
    {
        out_ += "\n# 1 \"emulator\"\n";
        out_ += "static const EmuKernel emu_kernels[] = {";
        for (const auto& kernel : bounds_)
            out_ += "{ \"" + kernel.first + "\", &EmuEntry<&" + kernel.first + ">::call, EmuEntry<&" + kernel.first + ">::count, emu_first" + kernel.second + ", EmuEntry<&"
                + kernel.first + ">::layout.sizes, EmuEntry<&" + kernel.first + ">::layout.offsets },\n";
        out_ += "{} };\nextern \"C\" __attribute__((visibility(\"default\"))) EmuModule emu_module = { " + std::to_string(bounds_.size());
        out_ += ", emu_kernels, &emu_api, &emu_current, &emu_dimensions, &emu_dynamic_shared, &emu_preempt };\n";
    }
};

} // namespace

KernelSource translate(const std::string& preprocessed)
{
    return Translator(preprocessed).run();
}

std::string as_file(const std::string& text, const std::string& name)
{
    std::string out = "#line 1 \"";
    for (char c : name)
        out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
    out += "\"\n";
    for (size_t at = 0; at < text.size();)
    {
        size_t end = text.find('\n', at);
        end = end == std::string::npos ? text.size() : end + 1;
        std::string line = text.substr(at, end - at);
        size_t hash = line.find_first_not_of(" \t");
        if (hash != std::string::npos && line[hash] == '#')
        {
            size_t word = line.find_first_not_of(" \t", hash + 1);
            if (word != std::string::npos && line.compare(word, 7, "include") == 0)
            {
                size_t open = line.find('"', word), close = open == std::string::npos ? open : line.find('"', open + 1);
                if (close != std::string::npos)
                {
                    line[open] = '<';
                    line[close] = '>';
                }
            }
        }
        out += line;
        at = end;
    }
    return out;
}

} // namespace emulator
