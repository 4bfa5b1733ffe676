#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imaging/image.hpp"

namespace imaging {

/// Reads an image in one file format. Derived classes decode bytes; opening files is done here.
class ImageReader {
public:
    virtual ~ImageReader() = default;

    /// Whether the bytes begin like a file of this format.
    virtual bool canRead(const std::vector<std::uint8_t>& bytes) const = 0;

    /// Decodes a whole file.
    /// @throws std::runtime_error when the bytes are not a valid file of this format
    virtual Image decode(const std::vector<std::uint8_t>& bytes) = 0;

    /// Opens and decodes a file.
    /// @throws std::runtime_error when the file cannot be opened or decoded
    Image readFile(const std::string& path);
};

/// The bytes of a file.
/// @throws std::runtime_error when the file cannot be opened
std::vector<std::uint8_t> readBytes(const std::string& path);

}  // namespace imaging
