#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dicom/tag.hpp"
#include "dicom/value_representation.hpp"

namespace dicom {

/// One attribute of a data set: its tag, its type and its raw value in little-endian order.
class DataElement {
public:
    DataElement(Tag tag, ValueRepresentation representation, std::vector<std::uint8_t> value);

    /// Makes a text element; the value is padded to an even length.
    static DataElement fromText(Tag tag, ValueRepresentation representation, const std::string& text);

    /// Makes an unsigned 16-bit element.
    static DataElement fromUnsigned(Tag tag, std::uint16_t number);

    const Tag& tag() const noexcept { return tag_; }
    ValueRepresentation representation() const noexcept { return representation_; }
    const std::vector<std::uint8_t>& value() const noexcept { return value_; }

    /// The value as text without its padding.
    std::string text() const;

    /// The value as a number, from text or from 16 bits; only the first value of several is read.
    /// @throws std::invalid_argument when the value is not a number
    double number() const;

private:
    Tag tag_;
    ValueRepresentation representation_;
    std::vector<std::uint8_t> value_;
};

}  // namespace dicom
