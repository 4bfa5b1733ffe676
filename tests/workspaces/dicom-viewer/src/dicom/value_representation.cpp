#include "dicom/value_representation.hpp"

#include <array>
#include <utility>

namespace dicom {

namespace {

using Row = std::pair<const char*, ValueRepresentation>;

constexpr std::array<Row, 9> known{{
    {"CS", ValueRepresentation::CodeString},
    {"DS", ValueRepresentation::DecimalString},
    {"IS", ValueRepresentation::IntegerString},
    {"LO", ValueRepresentation::LongString},
    {"OB", ValueRepresentation::OtherByte},
    {"OW", ValueRepresentation::OtherWord},
    {"PN", ValueRepresentation::PersonName},
    {"UI", ValueRepresentation::UniqueIdentifier},
    {"US", ValueRepresentation::UnsignedShort},
}};

}  // namespace

ValueRepresentation parseValueRepresentation(const std::string& code) {
    for (const auto& [letters, representation] : known) {
        if (code == letters) {
            return representation;
        }
    }
    return ValueRepresentation::Unknown;
}

std::string codeOf(ValueRepresentation representation) {
    for (const auto& [letters, other] : known) {
        if (representation == other) {
            return letters;
        }
    }
    return "UN";
}

bool isText(ValueRepresentation representation) {
    switch (representation) {
        case ValueRepresentation::CodeString:
        case ValueRepresentation::DecimalString:
        case ValueRepresentation::IntegerString:
        case ValueRepresentation::LongString:
        case ValueRepresentation::PersonName:
        case ValueRepresentation::UniqueIdentifier:
            return true;
        default:
            return false;
    }
}

bool hasLongLength(const std::string& code) {
    // Part 5, 7.1.2: these have two reserved bytes and then a length of four.
    static const std::array<const char*, 13> codes{
        "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"};
    for (const char* letters : codes) {
        if (code == letters) {
            return true;
        }
    }
    return false;
}

}  // namespace dicom
