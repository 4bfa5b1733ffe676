#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dicom/data_set.hpp"
#include "imaging/image.hpp"

namespace dicom {

/// Writes data sets as DICOM part 10 files in explicit VR little-endian encoding.
class DicomWriter {
public:
    /// The bytes of a file that holds these attributes.
    std::vector<std::uint8_t> encode(const DataSet& dataSet) const;

    /// Adds size, pixel format and pixels of an image to a data set, rounded to signed 16 bits.
    static void setPixels(DataSet& dataSet, const imaging::Image& image);

    /// Writes a file.
    /// @throws std::runtime_error when the file cannot be written
    void writeFile(const std::string& path, const DataSet& dataSet) const;
};

}  // namespace dicom
