#include "module.h"
#include "process.h"
#include "settings.h"

#include <cstring>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <unistd.h>
#include <unordered_set>

namespace emulator
{

static std::unordered_set<const Function*> functions; // of all modules

namespace
{

struct ImageHeader
{
    char magic[16];
    unsigned long long size, hash;
    unsigned architecture, version;
};

const char cubin_magic[16] = "\177TBN-CUBIN\n1";
const char ptx_mark[] = "\n// tbn-image: ";
const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encode(const std::string& bytes)
{
    std::string text;
    text.reserve(bytes.size() * 4 / 3 + 4);
    for (size_t i = 0; i < bytes.size(); i += 3)
    {
        unsigned group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (i + j < bytes.size() ? (unsigned char)bytes[i + j] : 0);
        for (int j = 3; j >= 0; j--)
            text += digits[group >> 6 * j & 63];
    }
    return text;
}

std::string decode(const char* text)
{
    static signed char values[256];
    static bool filled = false;
    if (!filled)
    {
        memset(values, -1, sizeof values);
        for (int i = 0; i < 64; i++)
            values[(unsigned char)digits[i]] = (signed char)i;
        filled = true;
    }
    std::string bytes;
    unsigned group = 0;
    for (int count = 1; values[(unsigned char)*text] >= 0; text++, count++)
    {
        group = group << 6 | (unsigned)values[(unsigned char)*text];
        if (count % 4 != 0)
            continue;
        bytes += (char)(group >> 16);
        bytes += (char)(group >> 8);
        bytes += (char)group;
        group = 0;
    }
    return bytes;
}

// Checks a header and what follows it; 0 or a CUresult.
int open_image(const char* bytes, size_t available, std::string& library, unsigned& architecture, int broken)
{
    ImageHeader header;
    if (available < sizeof header)
        return broken;
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, cubin_magic, sizeof cubin_magic) != 0 || header.version != EMU_VERSION || header.size > 256u << 20 || header.size > available - sizeof header)
        return broken;
    if (hash_bytes(bytes + sizeof header, header.size) != header.hash)
        return broken;
    library.assign(bytes + sizeof header, header.size);
    architecture = header.architecture;
    return 0;
}

int read_image(const void* image, std::string& library)
{
    auto text = (const char*)image;
    unsigned architecture = 0;
    if (memcmp(text, cubin_magic, 10) == 0)
    {
        if (int error = open_image(text, (size_t)-1, library, architecture, 200))
            return error;
        return architecture / 10 == 9 && architecture <= 90 ? 0 : 209;
    }
    if (text[0] == '\177')
        return 200;
    const char* mark = strncmp(text, "//", 2) == 0 ? strstr(text, ptx_mark) : nullptr;
    if (!mark)
        return 218;
    std::string decoded = decode(mark + sizeof ptx_mark - 1);
    if (int error = open_image(decoded.data(), decoded.size(), library, architecture, 218))
        return error;
    return architecture <= 90 ? 0 : 209;
}

// Sections named tbn_shared_* and the symbols that dlsym finds.
void read_sections(Module& module)
{
    const std::string& file = module.shared_object;
    auto header = (const ElfW(Ehdr)*)file.data();
    auto sections = (const ElfW(Shdr)*)(file.data() + header->e_shoff);
    const char* names = file.data() + sections[header->e_shstrndx].sh_offset;
    auto programs = (const ElfW(Phdr)*)(file.data() + header->e_phoff);
    char* base = module.image.address;
    for (int i = 0; i < header->e_phnum; i++)
        if (programs[i].p_type == PT_LOAD)
        {
            module.image.size = programs[i].p_vaddr + programs[i].p_memsz;
            if (programs[i].p_flags & PF_W)
                module.writable = {base + programs[i].p_vaddr, programs[i].p_memsz};
        }
    for (int i = 0; i < header->e_shnum; i++)
    {
        const ElfW(Shdr)& section = sections[i];
        if (strncmp(names + section.sh_name, "tbn_shared_", 11) == 0)
        {
            module.shared.push_back({base + section.sh_addr, section.sh_size});
            module.shared_bytes += (section.sh_size + 3) / 4 * 4;
        }
        if (section.sh_type != SHT_DYNSYM)
            continue;
        auto symbols = (const ElfW(Sym)*)(file.data() + section.sh_offset);
        const char* text = file.data() + sections[section.sh_link].sh_offset;
        for (size_t s = 0; s < section.sh_size / sizeof *symbols; s++)
            if (ELF64_ST_TYPE(symbols[s].st_info) == STT_OBJECT && symbols[s].st_shndx != SHN_UNDEF && strcmp(text + symbols[s].st_name, "emu_module") != 0)
                module.globals[text + symbols[s].st_name] = {base + symbols[s].st_value, symbols[s].st_size};
    }
}

} // namespace

std::string make_cubin(const std::string& library, int architecture)
{
    ImageHeader header{};
    memcpy(header.magic, cubin_magic, sizeof header.magic);
    header.size = library.size();
    header.hash = hash_bytes(library.data(), library.size());
    header.architecture = (unsigned)architecture;
    header.version = EMU_VERSION;
    return std::string((const char*)&header, sizeof header) + library;
}

std::string make_ptx(const std::string& library, int architecture, const std::vector<std::string>& kernels)
{
    std::string text = "//\n// Made by the emulator of TorchBrain.Native; not for devices.\n//\n\n.version 8.4\n.target sm_" + std::to_string(architecture) + "\n.address_size 64\n";
    for (const std::string& kernel : kernels)
        text += "\n.visible .entry " + kernel + "(\n)\n{\n\tret;\n}\n";
    return text + ptx_mark + encode(make_cubin(library, architecture)) + "\n";
}

bool cubin_of_ptx(const std::string& ptx, std::string& cubin)
{
    size_t mark = ptx.find(ptx_mark);
    if (mark == std::string::npos)
        return false;
    cubin = decode(ptx.c_str() + mark + sizeof ptx_mark - 1);
    std::string library;
    unsigned architecture = 0;
    if (open_image(cubin.data(), cubin.size(), library, architecture, 1) != 0)
        return false;
    cubin.resize(sizeof(ImageHeader) + library.size());
    return true;
}

Module* load_module(const void* image, int& error)
{
    auto module = new Module;
    error = read_image(image, module->shared_object);
    std::string path = scratch_path(".so");
    if (error == 0 && (!make_folders(settings.cache) || !write_file(path, module->shared_object)))
        error = 304; // operating system
    if (error == 0)
    {
        module->handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
        unlink(path.c_str());
        if (module->handle)
            module->info = (EmuModule*)dlsym(module->handle, "emu_module");
        link_map* map = nullptr;
        if (!module->info || module->info->version != EMU_VERSION || dlinfo(module->handle, RTLD_DI_LINKMAP, &map) != 0)
            error = 200;
        else
            module->image.address = (char*)map->l_addr;
    }
    if (error)
    {
        delete module;
        return nullptr;
    }
    read_sections(*module);
    for (int i = 0; i < module->info->count; i++)
    {
        const EmuKernel& kernel = module->info->kernels[i];
        module->functions[kernel.name] = Function{module, &kernel};
        functions.insert(&module->functions[kernel.name]);
    }
    return module;
}

bool is_function(const Function* function)
{
    return functions.count(function) != 0;
}

Module::~Module()
{
    for (const auto& own : functions)
        emulator::functions.erase(&own.second);
    if (handle)
        dlclose(handle);
}

} // namespace emulator
