#pragma once

#include "imaging/image_reader.hpp"

namespace imaging {

/// Reads binary portable graymaps (P5) with 8 or 16 bits per sample.
class PgmReader : public ImageReader {
public:
    bool canRead(const std::vector<std::uint8_t>& bytes) const override;
    Image decode(const std::vector<std::uint8_t>& bytes) override;
};

}  // namespace imaging
