#include "imaging/image_reader.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace imaging {

std::vector<std::uint8_t> readBytes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("cannot open " + path);
    }
    return std::vector<std::uint8_t>(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

Image ImageReader::readFile(const std::string& path) {
    return decode(readBytes(path));
}

}  // namespace imaging
