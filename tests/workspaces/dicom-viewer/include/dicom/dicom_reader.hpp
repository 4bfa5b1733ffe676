#pragma once

#include "dicom/data_set.hpp"
#include "imaging/image_reader.hpp"

namespace dicom {

/// Reads DICOM part 10 files in explicit VR little-endian encoding with 8 or 16 bits per pixel.
class DicomReader : public imaging::ImageReader {
public:
    /// Whether the bytes have the 128-byte preamble and the letters DICM.
    bool canRead(const std::vector<std::uint8_t>& bytes) const override;

    /// Decodes the pixels and applies rescale slope and intercept.
    /// @throws DicomError when the file is cut short or has no pixels
    imaging::Image decode(const std::vector<std::uint8_t>& bytes) override;

    /// Parses every element of a file without looking at the pixels.
    /// @throws DicomError when the bytes are not a DICOM file this reader knows
    DataSet parse(const std::vector<std::uint8_t>& bytes) const;

    /// The attributes of the file that was decoded last.
    const DataSet& dataSet() const noexcept { return dataSet_; }

private:
    DataSet dataSet_;
};

}  // namespace dicom
