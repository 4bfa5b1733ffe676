#include "imaging/pgm_reader.hpp"

#include <cctype>
#include <stdexcept>
#include <string>

namespace imaging {

namespace {

constexpr std::size_t longestNumber = 9;

/// Reads the next number of the header and passes over blanks and comments.
std::size_t headerNumber(const std::vector<std::uint8_t>& bytes, std::size_t& position) {
    while (position < bytes.size() && std::isdigit(bytes[position]) == 0) {
        if (bytes[position] == '#') {
            while (position < bytes.size() && bytes[position] != '\n') {
                ++position;
            }
        } else {
            ++position;
        }
    }
    std::string digits;
    while (position < bytes.size() && std::isdigit(bytes[position]) != 0) {
        digits.push_back(static_cast<char>(bytes[position++]));
    }
    if (digits.empty() || digits.size() > longestNumber) {
        throw std::runtime_error("the graymap has no valid header");
    }
    return std::stoul(digits);
}

}  // namespace

bool PgmReader::canRead(const std::vector<std::uint8_t>& bytes) const {
    return bytes.size() > 2 && bytes[0] == 'P' && bytes[1] == '5';
}

Image PgmReader::decode(const std::vector<std::uint8_t>& bytes) {
    if (!canRead(bytes)) {
        throw std::runtime_error("the file is not a binary graymap");
    }
    std::size_t position = 2;
    const std::size_t width = headerNumber(bytes, position);
    const std::size_t height = headerNumber(bytes, position);
    const std::size_t wide = headerNumber(bytes, position) > 255 ? 2 : 1;
    ++position;
    if (bytes.size() < position || (bytes.size() - position) / wide < width * height) {
        throw std::runtime_error("the graymap is cut short");
    }
    Image image(width, height);
    for (float& sample : image.samples()) {
        // Samples of two bytes have the most significant byte first.
        sample = wide == 2 ? static_cast<float>((bytes[position] << 8) | bytes[position + 1]) : bytes[position];
        position += wide;
    }
    return image;
}

}  // namespace imaging
