// SPDX-License-Identifier: MIT
#include "io/shared_library.hpp"

#include <dlfcn.h>

#include <stdexcept>
#include <string>

namespace jkp::io {
namespace {

std::runtime_error fault(const char* package) {
    const char* said = dlerror();
    return std::runtime_error(std::string("a library of the system is missing: ") +
                              (said == nullptr ? "no reason given" : said) + ". Install the package " +
                              package + ", version of this release");
}

}  // namespace

SharedLibrary::SharedLibrary(const char* file, const char* package)
    : file_(file), package_(package), handle_(dlopen(file_, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr) throw fault(package_);
}

void* SharedLibrary::address(const char* symbol) const {
    void* found = dlsym(handle_, symbol);
    if (found == nullptr) throw fault(package_);
    return found;
}

}  // namespace jkp::io
