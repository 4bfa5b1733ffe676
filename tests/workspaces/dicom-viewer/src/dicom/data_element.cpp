#include "dicom/data_element.hpp"

#include <stdexcept>
#include <utility>

namespace dicom {

DataElement::DataElement(Tag tag, ValueRepresentation representation, std::vector<std::uint8_t> value)
    : tag_(tag), representation_(representation), value_(std::move(value)) {}

DataElement DataElement::fromText(Tag tag, ValueRepresentation representation, const std::string& text) {
    std::vector<std::uint8_t> value(text.begin(), text.end());
    if (value.size() % 2 != 0) {
        const bool identifier = representation == ValueRepresentation::UniqueIdentifier;
        value.push_back(identifier ? 0 : ' ');
    }
    return DataElement(tag, representation, std::move(value));
}

DataElement DataElement::fromUnsigned(Tag tag, std::uint16_t number) {
    std::vector<std::uint8_t> value{static_cast<std::uint8_t>(number & 0xFF), static_cast<std::uint8_t>(number >> 8)};
    return DataElement(tag, ValueRepresentation::UnsignedShort, std::move(value));
}

std::string DataElement::text() const {
    std::string text(value_.begin(), value_.end());
    const auto last = text.find_last_not_of(std::string(" \0", 2));
    return last == std::string::npos ? "" : text.substr(0, last + 1);
}

double DataElement::number() const {
    if (representation_ == ValueRepresentation::UnsignedShort) {
        if (value_.size() < 2) {
            throw std::invalid_argument("element " + tag_.toString() + " has no value");
        }
        return value_[0] | (value_[1] << 8);
    }
    if (!isText(representation_)) {
        throw std::invalid_argument("element " + tag_.toString() + " is not a number");
    }
    // Several values are separated by a backslash, at which std::stod stops.
    return std::stod(text());
}

}  // namespace dicom
