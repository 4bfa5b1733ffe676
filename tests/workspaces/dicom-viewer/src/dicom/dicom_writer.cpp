#include "dicom/dicom_writer.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace dicom {

namespace {

void appendUnsigned16(std::vector<std::uint8_t>& bytes, std::uint32_t number) {
    bytes.push_back(static_cast<std::uint8_t>(number & 0xFF));
    bytes.push_back(static_cast<std::uint8_t>((number >> 8) & 0xFF));
}

void appendElement(std::vector<std::uint8_t>& bytes, const DataElement& element) {
    const auto length = static_cast<std::uint32_t>(element.value().size());
    const std::string code = codeOf(element.representation());
    appendUnsigned16(bytes, element.tag().group);
    appendUnsigned16(bytes, element.tag().element);
    bytes.insert(bytes.end(), code.begin(), code.end());
    if (hasLongLength(code)) {
        appendUnsigned16(bytes, 0);
        appendUnsigned16(bytes, length & 0xFFFF);
        appendUnsigned16(bytes, length >> 16);
    } else {
        appendUnsigned16(bytes, length);
    }
    bytes.insert(bytes.end(), element.value().begin(), element.value().end());
}

}  // namespace

std::vector<std::uint8_t> DicomWriter::encode(const DataSet& dataSet) const {
    std::vector<std::uint8_t> bytes(128, 0);
    for (const char letter : {'D', 'I', 'C', 'M'}) {
        bytes.push_back(static_cast<std::uint8_t>(letter));
    }
    for (const auto& entry : dataSet) {
        appendElement(bytes, entry.second);
    }
    return bytes;
}

void DicomWriter::setPixels(DataSet& dataSet, const imaging::Image& image) {
    std::vector<std::uint8_t> pixels;
    pixels.reserve(image.samples().size() * 2);
    for (const float sample : image.samples()) {
        const float rounded = std::round(std::clamp(sample, -32768.0F, 32767.0F));
        appendUnsigned16(pixels, static_cast<std::uint16_t>(static_cast<std::int16_t>(rounded)));
    }
    dataSet.insert(DataElement::fromUnsigned(tags::Rows, static_cast<std::uint16_t>(image.height())));
    dataSet.insert(DataElement::fromUnsigned(tags::Columns, static_cast<std::uint16_t>(image.width())));
    dataSet.insert(DataElement::fromUnsigned(tags::BitsAllocated, 16));
    dataSet.insert(DataElement::fromUnsigned(tags::PixelRepresentation, 1));
    dataSet.insert(DataElement(tags::PixelData, ValueRepresentation::OtherWord, std::move(pixels)));
}

void DicomWriter::writeFile(const std::string& path, const DataSet& dataSet) const {
    const std::vector<std::uint8_t> bytes = encode(dataSet);
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!file) {
        throw std::runtime_error("cannot write " + path);
    }
}

}  // namespace dicom
