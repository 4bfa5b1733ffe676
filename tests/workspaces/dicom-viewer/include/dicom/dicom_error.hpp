#pragma once

#include <stdexcept>
#include <string>

namespace dicom {

/// Raised when a file is not DICOM, is cut short, or uses a feature this reader does not know.
class DicomError : public std::runtime_error {
public:
    /// @param offset byte position in the file at which reading failed
    DicomError(const std::string& message, std::size_t offset)
        : std::runtime_error(message + " (at byte " + std::to_string(offset) + ")"), offset_(offset) {}

    /// Byte position in the file at which reading failed.
    std::size_t offset() const noexcept { return offset_; }

private:
    std::size_t offset_;
};

}  // namespace dicom
