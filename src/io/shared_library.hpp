// SPDX-License-Identifier: MIT
// A library of the system that is loaded when something first needs it: a daemon without an HTTP source does
// not carry the memory of libcurl and everything behind it. Stays loaded until the program ends.
#pragma once

namespace jkp::io {

class SharedLibrary {
  public:
    // Throws std::runtime_error that names the library, the package that holds it and what the loader said.
    SharedLibrary(const char* file, const char* package);

    // Throws like the constructor when the library has no such function.
    template <class Function>
    void find(Function*& function, const char* symbol) const {
        function = reinterpret_cast<Function*>(address(symbol));
    }

  private:
    [[nodiscard]] void* address(const char* symbol) const;

    const char* file_;
    const char* package_;
    void* handle_;
};

}  // namespace jkp::io
