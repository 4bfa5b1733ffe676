#include "dicom/tag.hpp"

#include <cstdio>
#include <tuple>

namespace dicom {

std::string Tag::toString() const {
    char text[12];
    std::snprintf(text, sizeof text, "(%04X,%04X)", static_cast<unsigned>(group), static_cast<unsigned>(element));
    return text;
}

bool operator<(const Tag& left, const Tag& right) noexcept {
    return std::tie(left.group, left.element) < std::tie(right.group, right.element);
}

bool operator==(const Tag& left, const Tag& right) noexcept {
    return left.group == right.group && left.element == right.element;
}

}  // namespace dicom
