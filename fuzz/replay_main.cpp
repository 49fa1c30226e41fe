// SPDX-License-Identifier: MIT
// usage: fuzz_NAME FOLDER
// Runs every file of the folder, then seeded mutations of them: the same inputs in every run.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

constexpr int mutation_count = 5000;

std::vector<Input> read_folder(const char* folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) paths.push_back(entry.path());
    std::ranges::sort(paths);
    std::vector<Input> inputs;
    for (const auto& path : paths) {
        std::ifstream file(path, std::ios::binary);
        inputs.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    }
    return inputs;
}

class Mutator {
  public:
    explicit Mutator(const std::vector<Input>& corpus) : corpus_(corpus) {}

    Input next() {
        Input input = corpus_[below(corpus_.size())];
        for (std::size_t i = below(8) + 1; i > 0; --i) change(input);
        return input;
    }

  private:
    std::size_t below(std::size_t bound) { return engine_() % bound; }

    void change(Input& input) {
        if (input.empty()) input.push_back(0);
        const auto at = static_cast<std::ptrdiff_t>(below(input.size()));
        auto& byte = input[static_cast<std::size_t>(at)];
        switch (below(5)) {
            case 0: byte = static_cast<std::uint8_t>(byte ^ (1U << below(8))); break;
            case 1: byte = static_cast<std::uint8_t>(below(256)); break;
            case 2: input.resize(static_cast<std::size_t>(at)); break;
            case 3: input.insert(input.begin() + at, static_cast<std::uint8_t>(below(256))); break;
            default: {
                const Input& other = corpus_[below(corpus_.size())];
                input.insert(input.begin() + at, other.begin(), other.end());
            }
        }
    }

    const std::vector<Input>& corpus_;
    std::mt19937 engine_{4711};
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
        return 2;
    }
    const std::vector<Input> corpus = read_folder(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "%s: no inputs in %s\n", argv[0], argv[1]);
        return 1;
    }
    for (const Input& input : corpus) LLVMFuzzerTestOneInput(input.data(), input.size());
    Mutator mutator(corpus);
    for (int i = 0; i < mutation_count; ++i) {
        const Input input = mutator.next();
        LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    std::printf("%zu inputs and %d mutations\n", corpus.size(), mutation_count);
}
