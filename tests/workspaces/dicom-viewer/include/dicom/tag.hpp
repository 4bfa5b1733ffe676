#pragma once

#include <cstdint>
#include <string>

namespace dicom {

/// The (group, element) pair that names an attribute of a DICOM data set.
struct Tag {
    std::uint16_t group = 0;
    std::uint16_t element = 0;

    /// The tag in the notation of the standard, for example "(0028,0010)".
    std::string toString() const;

    /// Whether the tag belongs to the file meta information (group 0002).
    bool isMeta() const noexcept { return group == 0x0002; }
};

/// Orders tags as they must appear in a file: by group, then by element.
bool operator<(const Tag& left, const Tag& right) noexcept;
bool operator==(const Tag& left, const Tag& right) noexcept;

/// The attributes this viewer uses, by their names in the DICOM dictionary.
namespace tags {
constexpr Tag TransferSyntaxUID{0x0002, 0x0010};
constexpr Tag Modality{0x0008, 0x0060};
constexpr Tag PatientName{0x0010, 0x0010};
constexpr Tag PatientID{0x0010, 0x0020};
constexpr Tag StudyInstanceUID{0x0020, 0x000D};
constexpr Tag InstanceNumber{0x0020, 0x0013};
constexpr Tag Rows{0x0028, 0x0010};
constexpr Tag Columns{0x0028, 0x0011};
constexpr Tag BitsAllocated{0x0028, 0x0100};
constexpr Tag PixelRepresentation{0x0028, 0x0103};
constexpr Tag WindowCenter{0x0028, 0x1050};
constexpr Tag WindowWidth{0x0028, 0x1051};
constexpr Tag RescaleIntercept{0x0028, 0x1052};
constexpr Tag RescaleSlope{0x0028, 0x1053};
constexpr Tag PixelData{0x7FE0, 0x0010};
}  // namespace tags

}  // namespace dicom
