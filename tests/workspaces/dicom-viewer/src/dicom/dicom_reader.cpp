#include "dicom/dicom_reader.hpp"

#include <cstring>

#include "dicom/dicom_error.hpp"

namespace dicom {

namespace {

constexpr std::size_t preambleSize = 128;
constexpr std::uint32_t undefinedLength = 0xFFFFFFFF;
const char* const explicitLittleEndian = "1.2.840.10008.1.2.1";

/// Walks over the bytes of a file and never past their end.
class Cursor {
public:
    Cursor(const std::vector<std::uint8_t>& bytes, std::size_t position) : bytes_(bytes), position_(position) {}

    bool atEnd() const noexcept { return position_ >= bytes_.size(); }
    std::size_t position() const noexcept { return position_; }

    std::uint16_t readUnsigned16() {
        const std::uint8_t* data = take(2);
        return static_cast<std::uint16_t>(data[0] | (data[1] << 8));
    }

    std::uint32_t readUnsigned32() {
        const std::uint32_t low = readUnsigned16();
        return low | (static_cast<std::uint32_t>(readUnsigned16()) << 16);
    }

    std::vector<std::uint8_t> readBytes(std::size_t count) {
        const std::uint8_t* data = take(count);
        return std::vector<std::uint8_t>(data, data + count);
    }

    std::string readCode() {
        const std::uint8_t* data = take(2);
        return std::string(data, data + 2);
    }

private:
    const std::uint8_t* take(std::size_t count) {
        if (bytes_.size() - position_ < count) {
            throw DicomError("the file is cut short", position_);
        }
        const std::uint8_t* data = bytes_.data() + position_;
        position_ += count;
        return data;
    }

    const std::vector<std::uint8_t>& bytes_;
    std::size_t position_;
};

DataElement readElement(Cursor& cursor) {
    Tag tag;
    tag.group = cursor.readUnsigned16();
    tag.element = cursor.readUnsigned16();
    const std::string code = cursor.readCode();
    std::uint32_t length = 0;
    if (hasLongLength(code)) {
        cursor.readUnsigned16();
        length = cursor.readUnsigned32();
    } else {
        length = cursor.readUnsigned16();
    }
    if (length == undefinedLength) {
        throw DicomError("element " + tag.toString() + " has an undefined length", cursor.position());
    }
    return DataElement(tag, parseValueRepresentation(code), cursor.readBytes(length));
}

float sampleAt(const std::vector<std::uint8_t>& pixels, std::size_t index, bool wide, bool isSigned) {
    if (!wide) {
        return isSigned ? static_cast<std::int8_t>(pixels[index]) : pixels[index];
    }
    const auto number = static_cast<std::uint16_t>(pixels[2 * index] | (pixels[2 * index + 1] << 8));
    return isSigned ? static_cast<std::int16_t>(number) : number;
}

}  // namespace

bool DicomReader::canRead(const std::vector<std::uint8_t>& bytes) const {
    return bytes.size() >= preambleSize + 4 && std::memcmp(bytes.data() + preambleSize, "DICM", 4) == 0;
}

DataSet DicomReader::parse(const std::vector<std::uint8_t>& bytes) const {
    if (!canRead(bytes)) {
        throw DicomError("the file does not have the DICM prefix", 0);
    }
    DataSet dataSet;
    Cursor cursor(bytes, preambleSize + 4);
    while (!cursor.atEnd()) {
        dataSet.insert(readElement(cursor));
    }
    const std::string syntax = dataSet.text(tags::TransferSyntaxUID, explicitLittleEndian);
    if (syntax != explicitLittleEndian) {
        throw DicomError("the transfer syntax " + syntax + " is not supported", cursor.position());
    }
    return dataSet;
}

imaging::Image DicomReader::decode(const std::vector<std::uint8_t>& bytes) {
    dataSet_ = parse(bytes);
    const DataElement* pixels = dataSet_.find(tags::PixelData);
    if (pixels == nullptr) {
        throw DicomError("the file has no pixel data", bytes.size());
    }
    const auto width = static_cast<std::size_t>(dataSet_.number(tags::Columns, 0));
    const auto height = static_cast<std::size_t>(dataSet_.number(tags::Rows, 0));
    const bool wide = dataSet_.number(tags::BitsAllocated, 16) > 8;
    const bool isSigned = dataSet_.number(tags::PixelRepresentation, 0) != 0;
    if (pixels->value().size() < width * height * (wide ? 2 : 1)) {
        throw DicomError("there are fewer pixels than rows and columns say", bytes.size());
    }
    const auto slope = static_cast<float>(dataSet_.number(tags::RescaleSlope, 1.0));
    const auto intercept = static_cast<float>(dataSet_.number(tags::RescaleIntercept, 0.0));
    imaging::Image image(width, height);
    for (std::size_t index = 0; index < width * height; ++index) {
        image.samples()[index] = sampleAt(pixels->value(), index, wide, isSigned) * slope + intercept;
    }
    return image;
}

}  // namespace dicom
