#pragma once

#include <string>

namespace dicom {

/// The data type of an element's value, as the two letters of the standard.
enum class ValueRepresentation {
    CodeString,          ///< CS
    DecimalString,       ///< DS
    IntegerString,       ///< IS
    LongString,          ///< LO
    OtherByte,           ///< OB
    OtherWord,           ///< OW
    PersonName,          ///< PN
    UniqueIdentifier,    ///< UI
    UnsignedShort,       ///< US
    Unknown,             ///< UN and everything this viewer has no use for
};

/// The value representation of a two-letter code; Unknown for codes that are not listed above.
ValueRepresentation parseValueRepresentation(const std::string& code);

/// The two-letter code that is written to a file.
std::string codeOf(ValueRepresentation representation);

/// Whether the value holds text, padded to an even length with a space or a zero byte.
bool isText(ValueRepresentation representation);

/// Whether the length of a value with this code takes four bytes in explicit VR encoding.
bool hasLongLength(const std::string& code);

}  // namespace dicom
